"""The search worker's inside: texts go in, their vectors come out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import environment
from assistant.embedding import projection, weights
from assistant.worker import Service

_BATCH = 32  # texts between two looks at `cancelled`; about half a second on one thread


@dataclass(frozen=True, slots=True)
class Encode:
    """Turn texts into vectors with so many threads. What lies after 256 tokens of a text is not read. `bare` asks for the layers."""

    texts: tuple[str, ...] = field(repr=False)
    threads: int = 1
    bare: bool = False


@dataclass(frozen=True, slots=True)
class StartEmbedder:
    """Recipe for the service; `cache_dir` remembers that the weights were verified."""

    cache_dir: Path

    def __call__(self) -> Service:
        """Load the model; runs in the child."""
        environment.prepare()
        return EmbeddingService(self.cache_dir)


class EmbeddingService:
    """Answers `Encode` with one array of float32: shape (texts, 384) with rows of length 1, or the layers side by side if `bare`.

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
        self._torch = torch
        self._model = SentenceTransformer(str(model), device="cpu", local_files_only=True)
        self._model.eval()
        self._encoder: Any = self._model[0].auto_model

    def answer(self, job: object, cancelled: Callable[[], bool]) -> Iterator[object]:
        """Yield the array, or nothing when cancelled."""
        if not isinstance(job, Encode):
            return
        self._torch.set_num_threads(max(job.threads, 1))
        width = weights.DIMENSIONS * len(projection.LAYERS)
        layers = np.empty((len(job.texts), width), np.float32)
        order = sorted(range(len(job.texts)), key=lambda number: len(job.texts[number]))  # a batch takes as long as its longest text
        for start in range(0, len(order), _BATCH):
            if cancelled():
                return
            batch = order[start : start + _BATCH]
            layers[batch] = self._layers([job.texts[number] for number in batch])
        yield layers if job.bare else projection.shipped()(layers)

    def _layers(self, texts: list[str]) -> NDArray[np.float32]:
        """Return the mean of each layer over the tokens of each text, of length 1 each, side by side."""
        normalize = self._torch.nn.functional.normalize
        tokens = self._model.tokenize(texts)
        with self._torch.inference_mode():
            states = self._encoder(**tokens, output_hidden_states=True).hidden_states
            mask = tokens["attention_mask"].unsqueeze(-1).to(states[0].dtype)
            count = mask.sum(1)
            means = [normalize((states[layer] * mask).sum(1) / count, dim=1) for layer in projection.LAYERS]
            joined: NDArray[np.float32] = self._torch.cat(means, dim=1).numpy()
        return joined
