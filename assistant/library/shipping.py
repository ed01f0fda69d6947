"""The vectors that ship with the library, 8 bits a number, so that a new computer need not encode thousands of lines first."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.library import cues
from assistant.library.collection import Library
from assistant.library.facets import facets
from assistant.library.vectors import Matrix, digests, encode_many, unit

_FILE = "vectors.npz"  # beside the notes
_STEPS = 127  # of an 8-bit number on each side of 0; the cosine of a vector with its rounded self is above 0.999


def read(folder: Path) -> Mapping[str, Matrix]:
    """Return the vectors that ship in the folder of a library, by digest; none where the file is missing or broken."""
    try:
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            vectors = unit(stored["rounded"].astype(np.float32))
            return dict(zip((bytes(digest).hex() for digest in stored["digests"]), vectors, strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}  # they are made again, which takes a minute or two


def ship(library: Library, embeddings: Embeddings, model: str) -> int:
    """Write the vectors of all that a library can be found by into its folder, and return how many there are.

    Raises what the embedder raises, and OSError.
    """
    texts = _texts(library, model)
    known = read(library.folder)
    new = [digest for digest in texts if digest not in known]
    made = dict(zip(new, encode_many([texts[digest] for digest in new], embeddings, lambda: False), strict=True)) if new else {}
    every = {**known, **made}
    vectors = np.stack([every[digest] for digest in sorted(texts)])
    rounded = np.rint(vectors / np.abs(vectors).max(axis=1, keepdims=True) * _STEPS).astype(np.int8)
    with (library.folder / _FILE).open("wb") as stream:
        np.savez_compressed(stream, digests=np.array([bytes.fromhex(digest) for digest in sorted(texts)], "V32"), rounded=rounded)
    return len(texts)


def missing(library: Library, model: str) -> int:
    """Say how many of a library's texts have no vector in its folder; each new computer would have to encode them."""
    return len(_texts(library, model).keys() - read(library.folder).keys())


def _texts(library: Library, model: str) -> Mapping[str, str]:
    every = facets([note for note in library.everything if not note.own], cues.shipped())
    return {digest: facet.text for digest, facet in zip(digests(every, model), every, strict=True)}
