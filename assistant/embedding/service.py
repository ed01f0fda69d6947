"""The search worker's inside: texts go in, their vectors come out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import environment
from assistant.embedding import weights
from assistant.worker import Service

_BATCH = 32  # texts between two looks at `cancelled`; about half a second on one thread


@dataclass(frozen=True, slots=True)
class Encode:
    """Turn texts into vectors with so many threads. What lies after 256 tokens of a text is not read."""

    texts: tuple[str, ...] = field(repr=False)
    threads: int = 1


@dataclass(frozen=True, slots=True)
class StartEmbedder:
    """Recipe for the service; `cache_dir` remembers that the weights were verified."""

    cache_dir: Path

    def __call__(self) -> Service:
        """Load the model; runs in the child."""
        environment.prepare()
        return EmbeddingService(self.cache_dir)


class EmbeddingService:
    """Answers `Encode` with one array of float32, shape (texts, 384), each row of length 1.

    Raises:
        EmbedderMissing: the files are missing or are not the ones we know.
    """

    def __init__(self, cache_dir: Path) -> None:
        model = weights.folder()
        weights.verify(model, cache_dir)
        import torch
        from sentence_transformers import SentenceTransformer
        from tqdm.std import tqdm  # type: ignore[import-untyped]

        tqdm.set_lock(threading.RLock())  # its own is a semaphore that outlives this process and is warned of on the person's terminal
        self._set_threads = torch.set_num_threads
        self._model = SentenceTransformer(str(model), device="cpu", local_files_only=True)

    def answer(self, job: object, cancelled: Callable[[], bool]) -> Iterator[object]:
        """Yield the array, or nothing when cancelled."""
        if not isinstance(job, Encode):
            return
        self._set_threads(max(job.threads, 1))
        done: list[NDArray[np.float32]] = [np.empty((0, weights.DIMENSIONS), np.float32)]
        for start in range(0, len(job.texts), _BATCH):
            if cancelled():
                return
            batch = list(job.texts[start : start + _BATCH])
            done.append(self._model.encode(batch, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False))
        yield np.vstack(done).astype(np.float32, copy=False)
