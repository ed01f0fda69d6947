"""The library's vectors, kept on disk by the hash of each text, so that only what changed is encoded again."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.library.facets import Facet
from assistant.settings import private_folder

Matrix = NDArray[np.float32]
DEEP = 500  # texts told apart for each query; asked for more than its ef_search of 1000 finds, Chroma fails


@dataclass(frozen=True, slots=True)
class FacetVectors:
    """Row i of `matrix` (float32, length 1) is the vector of a text of `owners[i]`; `key` names model and content."""

    owners: tuple[str, ...]
    matrix: Matrix
    key: str

    def rows(self, owners: Sequence[str]) -> Matrix:
        """Return the vectors of some owners, shape (texts, dimensions); possibly none."""
        wanted = set(owners)
        return self.matrix[[row for row, owner in enumerate(self.owners) if owner in wanted]]

    def nearest(self, queries: Matrix, among: Sequence[str]) -> Matrix:
        """Return the best cosine of each query with any text of each owner, shape (queries, among).

        Only the `DEEP` nearest texts of a query are told apart: an owner farther than those counts as far as the last of them, one
        without texts as 0.
        """
        best = np.full((len(queries), len(among)), -1.0, np.float32)
        if not len(self.matrix):
            return self.floored(best, np.zeros(len(queries), np.float32), among)
        cosines = queries @ self.matrix.T
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :DEEP]
        columns = {owner: number for number, owner in enumerate(among)}
        for query, rows in enumerate(nearest):
            for row in rows:
                if (column := columns.get(self.owners[row])) is not None:
                    best[query, column] = max(best[query, column], cosines[query, row])
        return self.floored(best, np.take_along_axis(cosines, nearest[:, -1:], axis=1)[:, 0], among)

    def floored(self, best: Matrix, floors: Matrix, among: Sequence[str]) -> Matrix:
        """Fill in, where `best` is -1, the floor of the query for owners that have texts, and 0 for those that have none."""
        present = frozenset(self.owners)
        floor = floors[:, None] * np.array([owner in present for owner in among], np.float32)
        return np.where(best < 0, floor, best).astype(np.float32)


def encode(texts: Sequence[str], embeddings: Embeddings) -> Matrix:
    """Return unit vectors, shape (texts, dimensions); raises what the embedder raises."""
    rows = np.asarray(embeddings.embed_documents(list(texts)), np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)  # type: ignore[no-any-return]


def prepare(facets: Sequence[Facet], embeddings: Embeddings, model: str, folder: Path) -> FacetVectors:
    """Return the vectors of all facets, from the folder's cache as far as it goes; raises what the embedder raises.

    `model` names the embedder: vectors of another one are never used.
    """
    digests = [hashlib.sha256(f"{model}\0{facet.text}".encode()).hexdigest() for facet in facets]
    cache = folder / "vectors.npz"
    known = _read(cache)
    texts = {digest: facet.text for digest, facet in zip(digests, facets, strict=True) if digest not in known}
    if texts:
        missing = sorted(texts, key=lambda digest: len(texts[digest]))  # a batch takes as long as its longest text
        vectors = encode([texts[digest] for digest in missing], embeddings)
        known = {**known, **dict(zip(missing, vectors, strict=True))}
        _write(cache, {digest: known[digest] for digest in digests})
    key = hashlib.sha256("".join(digests).encode()).hexdigest()
    return FacetVectors(tuple(facet.owner for facet in facets), np.stack([known[digest] for digest in digests]), key)


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
