"""From the layers of all-MiniLM-L6-v2 to one vector: the means of layers 3 to 6 side by side, projected to 384 dimensions.

The model's own sentence vector is the mean of its last layer, trained so that paraphrases meet; who does what to whom, and when, is told
better by the layers below (docs/decisions/0016-middle-layers.md). They come from the same run of the model, at no further cost.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbedderMissing

LAYERS = (3, 4, 5, 6)  # of the six; 0 would be the words before the first
DIMENSIONS = 384
_FILE = Path(__file__).with_name("projection.npz")
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Projection:
    """`middle` has the shape (wide,), `basis` (wide, 384); wide is 384 for each of LAYERS. `identity` is a hash of both."""

    middle: Matrix
    basis: Matrix
    identity: str

    def __call__(self, layers: Matrix) -> Matrix:
        """Project layers, shape (texts, wide), to unit vectors, shape (texts, 384)."""
        vectors = (layers - self.middle) @ self.basis
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)  # type: ignore[no-any-return]


@cache
def shipped() -> Projection:
    """Return the projection of this installation.

    Raises:
        EmbedderMissing: its file is missing or broken.
    """
    try:
        with np.load(_FILE, allow_pickle=False) as stored:
            middle, basis = stored["middle"], stored["basis"]
    except (OSError, ValueError, KeyError, EOFError):
        raise EmbedderMissing("its projection cannot be read") from None
    identity = hashlib.sha256(middle.tobytes() + basis.tobytes()).hexdigest()
    return Projection(middle.astype(np.float32), basis.astype(np.float32), identity)


def fit(layers: Matrix) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Return middle and basis for the layers of many texts, shape (texts, wide): their first 384 principal components."""
    middle = layers.mean(axis=0)
    _, _, directions = np.linalg.svd(layers - middle, full_matrices=False)
    return middle.astype(np.float16), directions[:DIMENSIONS].T.astype(np.float16)


def save(middle: NDArray[np.float16], basis: NDArray[np.float16]) -> None:
    """Write the file of this installation."""
    np.savez_compressed(_FILE, middle=middle, basis=basis)
    shipped.cache_clear()
