"""The language worker's inside: answers jobs with text, keeps the prompt's static part ready."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import environment
from assistant.engine.llama import Cancelled, LlamaContext
from assistant.engine.state import StaticState
from assistant.engine.templates import Message, Segment
from assistant.errors import PromptTooLong
from assistant.worker import Service

_WARM_UP = 8  # tokens decoded at start to learn this machine's normal speed
_SLOW = 0.4  # share of the normal speed under which one thread is better (design, section 4)
_WINDOW = 6  # tokens over which the speed is judged


@dataclass(frozen=True, slots=True)
class Generate:
    """Write an answer to `messages`, the last of which is the user's.

    At most `limit` tokens; ends at a line end. `opening` is put into the model's mouth: the answer begins with it.
    """

    messages: tuple[Message, ...]
    limit: int
    temperature: float
    seed: int | None = None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Prefill:
    """Read `messages` ahead of time, so that an answer to what follows starts sooner. Generates nothing."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Count the tokens of `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of generated text."""

    text: str


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of one job: tokens and seconds. `reused` prompt tokens were already in the cache."""

    prompt: int
    reused: int
    prefill_seconds: float
    generated: int
    decode_seconds: float
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class StartEngine:
    """Recipe for the service. `static` opens every prompt; its KV state is kept in `state_dir` under a key of `identity`."""

    path: Path
    identity: str
    context_tokens: int
    threads: int
    static: tuple[Message, ...]
    state_dir: Path

    def __call__(self) -> Service:
        """Load the model; runs in the child."""
        environment.prepare()
        return EngineService(self)


class EngineService:
    """Answers `Generate`, `Prefill` and `Count`."""

    def __init__(self, start: StartEngine) -> None:
        self._threads = start.threads
        self._room = start.context_tokens
        self._context = LlamaContext(start.path, start.context_tokens, start.threads, secrets.randbits(31))
        tokens = self._context.tokens(self._context.format.turns(start.static))
        StaticState(start.state_dir, f"{start.identity}|{start.context_tokens}").restore(self._context, tokens)
        self._normal = self._measure(tokens)

    def answer(self, job: object, cancelled: Callable[[], bool]) -> Iterator[object]:
        """Yield deltas and, last, the figures."""
        if isinstance(job, Count):
            yield len(self._context.tokens([*self._context.format.turns([Message("user", job.text)])]))
        elif isinstance(job, Prefill):
            yield self._read(job, cancelled)
        elif isinstance(job, Generate):
            yield from self._write(job, cancelled)

    def _read(self, job: Prefill, cancelled: Callable[[], bool]) -> Stats:
        tokens = self._context.tokens(self._context.format.turns(job.messages))
        began = time.perf_counter()
        try:
            reused = self._context.prefill(tokens, cancelled)
        except Cancelled:
            return Stats(len(tokens), 0, time.perf_counter() - began, 0, 0.0, cancelled=True)
        return Stats(len(tokens), reused, time.perf_counter() - began, 0, 0.0)

    def _write(self, job: Generate, cancelled: Callable[[], bool]) -> Iterator[object]:
        self._context.use_threads(self._threads)
        tokens = self._context.tokens([*self._context.format.prompt(job.messages), Segment(job.opening)])
        if len(tokens) + job.limit > self._room:
            raise PromptTooLong(len(tokens), self._room - job.limit)
        began = read = time.perf_counter()
        reused = generated = 0
        stopped = False
        try:
            reused = self._context.prefill(tokens, cancelled)
            read = time.perf_counter()
            yield Delta(job.opening)
            for piece in self._paced(self._context.generate(tokens, job.limit, job.temperature, job.seed, cancelled)):
                generated += 1
                line, end, _ = piece.partition("\n")
                yield Delta(line)
                if end and generated > 1:
                    break
        except Cancelled:
            stopped = True
        yield Stats(len(tokens), reused, read - began, generated, time.perf_counter() - read, stopped)

    def _paced(self, pieces: Iterator[str]) -> Iterator[str]:
        """Fall back to one thread when another program takes a core (design, section 4)."""
        times: deque[float] = deque(maxlen=_WINDOW)
        last = time.perf_counter()
        for piece in pieces:
            now = time.perf_counter()
            times.append(now - last)
            last = now
            if len(times) == _WINDOW and sum(times) > _WINDOW / (_SLOW * self._normal):
                self._context.use_threads(1)
                times.clear()
            yield piece

    def _measure(self, tokens: list[int]) -> float:
        began = time.perf_counter()
        count = sum(1 for _ in self._context.generate(tokens, _WARM_UP, 1.0, None, lambda: False))
        seconds = time.perf_counter() - began
        self._context.prefill(tokens, lambda: False)
        return max(count, 1) / seconds
