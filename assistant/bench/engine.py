"""The engine: prefill, decode, time to first token, stopping; and llama-cpp-python by itself on the same prompt in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import prompts, wiring, writing
from assistant.bench.figure import Figure
from assistant.bench.texts import ANSWER, ENTRY, LATER
from assistant.conversation import Conversation, Turn
from assistant.engine.bare import StartBare
from assistant.engine.chat_model import laid_out
from assistant.engine.service import Delta, Generate, Prefill, StartEngine, Stats
from assistant.engine.templates import Message
from assistant.settings import Settings
from assistant.worker import Worker

_TOKENS = 48
_STOPS = 5


@dataclass(frozen=True, slots=True)
class _Run:
    stats: Stats
    first: float  # seconds to the first generated text
    start: float = 0.0


def figures(settings: Settings) -> Iterator[Figure]:
    """Yield the engine's figures."""
    model = wiring.chat_model(settings)
    start = model.worker.start
    model.worker.close()
    if not isinstance(start, StartEngine):
        return
    with TemporaryDirectory() as folder:
        kept = replace(start, state_dir=Path(folder))
        yield from _against_the_binding(replace(kept, static=(Message("system", "-"),)))
        unsaved = _ask(kept, [_prompt(Conversation(), ENTRY)])[0]
        first, later = _ask(kept, [_prompt(Conversation(), ENTRY), _prompt(_past(), LATER)])
        yield Figure("start of the model, prefix read", unsaved.start, "s")
        yield Figure("start of the model, prefix from disk", first.start, "s")
        yield Figure("time to first token, saved prefix", first.first, "s")
        yield Figure("time to first token, later turn", later.first, "s")
        yield from _stops(kept)


def _against_the_binding(cold: StartEngine) -> Iterator[Figure]:
    """Measure a prompt that nothing is known of, twice each and in turns, and take the better of both."""
    messages = _prompt(Conversation(), ENTRY)
    ours, theirs = list[_Run](), list[Stats]()
    for _ in range(2):
        ours += _ask(cold, [messages])
        theirs.append(_bare(cold, messages))
    prefill, decode = max(_prefill(run.stats) for run in ours), max(_decode(run.stats) for run in ours)
    bare_prefill, bare_decode = max(map(_prefill, theirs)), max(map(_decode, theirs))
    yield Figure("prompt", ours[0].stats.prompt, "tokens")
    yield Figure("prefill", prefill, "tokens/s")
    yield Figure("prefill, llama-cpp-python by itself", bare_prefill, "tokens/s")
    yield Figure("prefill, ours against it", prefill / bare_prefill, "times")
    yield Figure("decode", decode, "tokens/s")
    yield Figure("decode, llama-cpp-python by itself", bare_decode, "tokens/s")
    yield Figure("decode, ours against it", decode / bare_decode, "times")
    yield Figure("time to first token, cold", min(run.first for run in ours), "s")


def _stops(start: StartEngine) -> Iterator[Figure]:
    """Measure how long a stop takes, while the prompt is read and while text is written: the median of five each."""
    worker = Worker("language model", replace(start, static=(Message("system", "-"),)))
    try:
        list(worker.submit(Prefill((Message("system", "-"),))))
        reading, writing_ = list[float](), list[float]()
        for number in range(_STOPS):
            reading.append(_stop(worker, _prompt(Conversation(), f"{number} {ENTRY}"), 0))
            writing_.append(_stop(worker, _prompt(Conversation(), ENTRY), 3))
    finally:
        worker.close()
    yield Figure("stop while reading", 1000 * statistics.median(reading), "ms")
    yield Figure("stop while writing", 1000 * statistics.median(writing_), "ms")


def _stop(worker: Worker, messages: tuple[Message, ...], after: int) -> float:
    ticket = worker.submit(Generate(messages[::-1] if not after else messages, _TOKENS, 0.0, 1))  # backwards: nothing to reuse
    outputs = iter(ticket)
    if after:
        for _ in islice(outputs, after):
            pass
    else:
        time.sleep(0.3)
    began = time.perf_counter()
    ticket.cancel()
    for _ in outputs:
        pass
    return time.perf_counter() - began


def _prompt(conversation: Conversation, text: str) -> tuple[Message, ...]:
    return laid_out(writing.messages(prompts.shipped().mirror, text, conversation))


def _past() -> Conversation:
    return Conversation((Turn("writer", ENTRY), Turn("afterword", ANSWER)))


def _prefill(stats: Stats) -> float:
    return (stats.prompt - stats.reused) / stats.prefill_seconds


def _decode(stats: Stats) -> float:
    return stats.generated / stats.decode_seconds


def _bare(start: StartEngine, messages: tuple[Message, ...]) -> Stats:
    worker = Worker("language model", StartBare(start.path, start.context_tokens, start.threads))
    try:
        (stats,) = worker.submit(Generate(messages, _TOKENS, 0.0, 1))
    finally:
        worker.close()
    assert isinstance(stats, Stats)  # noqa: S101 - the service's only output
    return stats


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
    outputs = iter(worker.submit(Generate(messages, _TOKENS, 0.0, 1)))
    for _ in islice((output for output in outputs if isinstance(output, Delta)), 2):  # the first holds the opening words alone
        first = time.perf_counter() - began
    *_, last = outputs
    assert isinstance(last, Stats)  # noqa: S101 - the worker's last output
    return _Run(last, first)
