"""llama-cpp-python by itself, as its own manual uses it: what `afterword bench` compares the engine with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import environment
from assistant.engine.llama import bare_run
from assistant.engine.service import Generate, Stats
from assistant.worker import Service


@dataclass(frozen=True, slots=True)
class StartBare:
    """Recipe for the service: the model in `path` with as many threads as the engine has."""

    path: Path
    context_tokens: int
    threads: int

    def __call__(self) -> Service:
        """Prepare the process; runs in the child, and loads the model with its first job."""
        environment.prepare()
        return BareService(self)


class BareService:
    """Answers `Generate` with the figures alone, each time from a cold start."""

    def __init__(self, start: StartBare) -> None:
        self._start = start

    def answer(self, job: object, cancelled: Callable[[], bool]) -> Iterator[object]:  # noqa: ARG002 - the worker's contract
        """Yield the figures of one run."""
        if isinstance(job, Generate):
            prompt, read, written = bare_run(self._start.path, self._start.context_tokens, self._start.threads, job.messages, job.limit)
            yield Stats(prompt, 0, read, job.limit, written)
