"""The embedder as LangChain knows it, over the search worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.embedding import projection, weights
from assistant.embedding.service import Encode
from assistant.errors import EmbedderMissing, WorkerFailed
from assistant.worker import Worker

_BATCH = 64  # texts in a job: a query that comes while the library is encoded waits for one job, about a second


def identity() -> str:
    """Name the model and the projection of this installation; without its projection nothing can be encoded, which the worker says."""
    try:
        return f"{weights.SHA256}-{projection.shipped().identity}"
    except EmbedderMissing:
        return weights.SHA256


class WorkerEmbeddings(Embeddings):
    """Vectors of length 1 in 384 dimensions. `threads` is asked for each job: all cores while nothing decodes, else 1."""

    def __init__(self, worker: Worker, threads: Callable[[], int]) -> None:
        self._worker = worker
        self._threads = threads

    @property
    def identity(self) -> str:
        """What its vectors belong to: the model and the projection. Vectors of another identity are never compared with them."""
        return identity()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (texts, 384).

        Raises:
            WorkerError: the worker died at this, failed, or is not available.
        """
        return self._asked(texts, bare=False)

    def layers(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the layers that the vectors are made of, shape (texts, 1536); raises as `encode` does."""
        return self._asked(texts, bare=True)

    def _asked(self, texts: Sequence[str], *, bare: bool) -> NDArray[np.float32]:
        parts = [np.empty((0, weights.DIMENSIONS * (len(projection.LAYERS) if bare else 1)), np.float32)]
        for start in range(0, len(texts), _BATCH):
            ticket = self._worker.submit(Encode(tuple(texts[start : start + _BATCH]), self._threads(), bare))
            parts.extend(output for output in ticket if isinstance(output, np.ndarray))
        vectors = np.vstack(parts)
        if len(vectors) != len(texts):
            raise WorkerFailed("The search model stopped before it was done. Try again.")
        return vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each text; raises as `encode` does."""
        return [[float(value) for value in row] for row in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text; raises as `encode` does."""
        return self.embed_documents([text])[0]
