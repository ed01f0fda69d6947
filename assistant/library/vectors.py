"""The library's vectors: shipped with it, and kept by the hash of each text, so that only what changed is encoded."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import LibraryClosed
from assistant.library.facets import Facet
from assistant.settings import private_folder

Matrix = NDArray[np.float32]
Rows = NDArray[np.intp]
DEEP = 500  # texts told apart for each query; asked for more than its ef_search of 1000 finds, Chroma fails
_FILE = "vectors.npz"
_AT_ONCE = 128  # texts encoded between two looks at whether the program is closing: about a second


class FacetVectors:
    """Row i of `matrix` (float32, length 1) is the vector of a text of owner `names[numbers[i]]`; `key` names model and content."""

    def __init__(self, owners: Sequence[str], matrix: Matrix, key: str) -> None:
        self.matrix = matrix
        self.key = key
        self.names = tuple(dict.fromkeys(owners))
        column = {name: number for number, name in enumerate(self.names)}
        self.numbers: Rows = np.array([column[owner] for owner in owners], np.intp)
        order = np.argsort(self.numbers, kind="stable")
        starts = np.searchsorted(self.numbers[order], np.arange(len(self.names) + 1))
        self._rows = {name: order[starts[number] : starts[number + 1]] for name, number in column.items()}

    def rows(self, owners: Sequence[str]) -> Matrix:
        """Return the vectors of some owners, shape (texts, dimensions); possibly none."""
        found = [self._rows[owner] for owner in owners if owner in self._rows]
        return self.matrix[np.concatenate(found) if found else np.zeros(0, np.intp)]

    def nearest(self, queries: Matrix) -> Matrix:
        """Return the best cosine of each query with any text of each owner, shape (queries, names).

        Only the `DEEP` nearest texts of a query are told apart: an owner farther than those counts as far as the last of them.
        """
        if not len(self.matrix):
            return np.zeros((len(queries), 0), np.float32)
        cosines = queries @ self.matrix.T
        deep = min(DEEP, len(self.matrix))
        rows = np.argpartition(-cosines, deep - 1, axis=1)[:, :deep]
        return self.best(rows, np.take_along_axis(cosines, rows, axis=1))

    def best(self, rows: Rows, cosines: Matrix) -> Matrix:
        """Return the best of the found cosines for each owner; `rows` and `cosines` have the shape (queries, found)."""
        best = np.repeat(cosines.min(axis=1, keepdims=True), len(self.names), axis=1)
        for query, found in enumerate(rows):
            np.maximum.at(best[query], self.numbers[found], cosines[query])
        return best


def encode(texts: Sequence[str], embeddings: Embeddings) -> Matrix:
    """Return unit vectors, shape (texts, dimensions); raises what the embedder raises."""
    return unit(np.asarray(embeddings.embed_documents(list(texts)), np.float32))


def encode_many(texts: Sequence[str], embeddings: Embeddings, closing: Callable[[], bool]) -> Matrix:
    """Encode as `encode` does, in pieces, and give up between two of them once the program is `closing`.

    Raises:
        LibraryClosed: it is.
    """
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))  # a batch takes as long as its longest text
    made: list[Matrix] = []
    for start in range(0, len(order), _AT_ONCE):
        if closing():
            raise LibraryClosed
        made.append(encode([texts[number] for number in order[start : start + _AT_ONCE]], embeddings))
    vectors = np.vstack(made)
    return vectors[np.argsort(order)]


def prepare(
    facets: Sequence[Facet],
    embeddings: Embeddings,
    model: str,
    *,
    cache: Path,
    shipped: Mapping[str, Matrix],
    closing: Callable[[], bool],
) -> FacetVectors:
    """Return the vectors of all facets: those that ship, else from the folder `cache`, else made now.

    `model` names the embedder: vectors of another one are never used. Raises what the embedder raises, and what `encode_many` does.
    """
    named = digests(facets, model)
    known = {**_read(cache / _FILE), **shipped}
    texts = {digest: facet.text for digest, facet in zip(named, facets, strict=True) if digest not in known}
    if texts:
        vectors = encode_many(list(texts.values()), embeddings, closing)
        known = {**known, **dict(zip(texts, vectors, strict=True))}
        _write(cache / _FILE, {digest: known[digest] for digest in named if digest not in shipped})
    key = hashlib.sha256("".join(named).encode()).hexdigest()
    return FacetVectors([facet.owner for facet in facets], np.stack([known[digest] for digest in named]), key)


def digests(facets: Sequence[Facet], model: str) -> list[str]:
    """Return what names each facet's vector: a hash of the embedder and the text."""
    return [hashlib.sha256(f"{model}\0{facet.text}".encode()).hexdigest() for facet in facets]


def unit(rows: Matrix) -> Matrix:
    """Return rows of length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)  # type: ignore[no-any-return]


def _read(cache: Path) -> Mapping[str, Matrix]:
    try:
        with np.load(cache, allow_pickle=False) as stored:
            return dict(zip(map(str, stored["digests"]), stored["matrix"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}  # absent or broken: it is a cache


def _write(cache: Path, vectors: Mapping[str, Matrix]) -> None:
    part = cache.with_suffix(f".{os.getpid()}.part")
    try:
        private_folder(cache.parent)
        with part.open("wb") as stream:
            np.savez(stream, digests=np.array(list(vectors)), matrix=np.stack(list(vectors.values())))
        part.replace(cache)
    except OSError:
        part.unlink(missing_ok=True)  # a full disk costs encoding again at the next start, nothing else
