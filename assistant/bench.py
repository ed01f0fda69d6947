"""Measures this machine: the engine's speed, how long a reply takes, what it needs of memory. Public texts only."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import prompts, wiring, writing
from assistant.conversation import Conversation, Turn
from assistant.engine.chat_model import laid_out
from assistant.engine.service import Delta, Generate, Prefill, StartEngine, Stats
from assistant.engine.templates import Message
from assistant.entry import Entry
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.worker import Worker

ENTRY = (
    "It has been five weeks. I still set out two mugs in the morning and then put one back. Nobody at work knows. "
    "I wrote three messages today and sent none of them. The kitchen is the worst, it is so quiet after nine. I keep the radio on for that."
)
ANSWER = "You wrote that you still set out two mugs in the morning and then put one back."
LATER = "Today I slept until six. I moved the chair to the window. I miss her most when the radio plays the song with the dog in it."


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured line."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class _Run:
    stats: Stats
    first: float  # seconds to the first generated text
    start: float = 0.0


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures as they are measured; about a minute with the default model on two cores."""
    yield from _engine(settings)
    yield from _replies(settings)


def _engine(settings: Settings) -> Iterator[Figure]:
    model = wiring.chat_model(settings)
    start = model.worker.start
    model.worker.close()
    if not isinstance(start, StartEngine):
        return
    with TemporaryDirectory() as folder:
        kept = replace(start, state_dir=Path(folder))
        cold = _ask(replace(kept, static=(Message("system", "-"),)), [_prompt(Conversation(), ENTRY)])[0]
        yield Figure("prefill", (cold.stats.prompt - cold.stats.reused) / cold.stats.prefill_seconds, "tokens/s")
        yield Figure("decode", cold.stats.generated / cold.stats.decode_seconds, "tokens/s")
        yield Figure("prompt", cold.stats.prompt, "tokens")
        yield Figure("time to first token, cold", cold.first, "s")
        unsaved = _ask(kept, [_prompt(Conversation(), ENTRY)])[0]
        first, later = _ask(kept, [_prompt(Conversation(), ENTRY), _prompt(_past(), LATER)])
    yield Figure("start of the model, prefix read", unsaved.start, "s")
    yield Figure("start of the model, prefix from disk", first.start, "s")
    yield Figure("time to first token, saved prefix", first.first, "s")
    yield Figure("time to first token, later turn", later.first, "s")
    yield Figure("later turn against cold", later.first / cold.first, "of it")


def _replies(settings: Settings) -> Iterator[Figure]:
    with wiring.parts(settings) as parts:
        _reply(parts.companion.respond(Entry.of(LATER)))  # starts both workers and, the first time, makes the index
        reply = _reply(parts.companion.respond(Entry.of(ENTRY)))
        yield Figure("screening", 1000 * reply.timing.screened, "ms")
        yield Figure("screening and search", 1000 * (reply.timing.retrieved or 0.0), "ms")
        yield Figure("first sentence by the model", reply.timing.first_sentence or float("nan"), "s")
        yield Figure("whole reply", reply.timing.total, "s")
        for name, worker in (("language model", parts.model.worker if parts.model else None), ("search model", parts.embedder)):
            if worker is not None and worker.pid is not None:
                yield Figure(f"memory, {name}", _resident(worker.pid), "MB")


def _prompt(conversation: Conversation, text: str) -> tuple[Message, ...]:
    return laid_out(writing.messages(prompts.shipped().mirror, text, conversation))


def _past() -> Conversation:
    return Conversation((Turn("writer", ENTRY), Turn("afterword", ANSWER)))


def _ask(start: StartEngine, asked: list[tuple[Message, ...]]) -> list[_Run]:
    worker = Worker("language model", start)
    began = time.perf_counter()
    list(worker.submit(Prefill(start.static)))
    ready = time.perf_counter() - began
    try:
        return [replace(_run(worker, messages), start=ready) for messages in asked]
    finally:
        worker.close()


def _run(worker: Worker, messages: tuple[Message, ...]) -> _Run:
    began = time.perf_counter()
    outputs = iter(worker.submit(Generate(messages, 48, 0.0, 1)))
    for _ in islice((output for output in outputs if isinstance(output, Delta)), 2):  # the first holds the opening words alone
        first = time.perf_counter() - began
    *_, last = outputs
    assert isinstance(last, Stats)  # noqa: S101 - the worker's last output
    return _Run(last, first)


def _reply(events: Iterator[object]) -> Reply:
    *_, reply = events
    assert isinstance(reply, Reply)  # noqa: S101 - the path's last event
    return reply


def _resident(pid: int) -> float:
    """Return a process's resident memory in MB; the model's file counts, since it is mapped."""
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return int(shown.stdout.strip() or 0) / 1024
