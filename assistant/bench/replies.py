"""Whole replies: screening, search, the first reviewed sentence, all of it; and what the workers need of memory."""

from __future__ import annotations

from collections.abc import Iterator

from assistant import wiring
from assistant.bench.figure import Figure, resident
from assistant.bench.texts import ENTRY, LATER
from assistant.entry import Entry
from assistant.reply import Reply
from assistant.settings import Settings


def figures(settings: Settings) -> Iterator[Figure]:
    """Yield the figures of a reply on a warm program."""
    with wiring.parts(settings) as parts:
        _reply(parts.companion.respond(Entry.of(LATER)))  # starts both workers and, the first time, makes the index
        reply = _reply(parts.companion.respond(Entry.of(ENTRY)))
        yield Figure("screening", 1000 * reply.timing.screened, "ms")
        yield Figure("screening and search", 1000 * (reply.timing.retrieved or 0.0), "ms")
        yield Figure("first sentence by the model", reply.timing.first_sentence or float("nan"), "s")
        yield Figure("whole reply", reply.timing.total, "s")
        for name, worker in (("language model", parts.model.worker if parts.model else None), ("search model", parts.embedder)):
            if worker is not None and worker.pid is not None:
                yield Figure(f"memory, {name}", resident(worker.pid), "MB")


def _reply(events: Iterator[object]) -> Reply:
    *_, reply = events
    assert isinstance(reply, Reply)  # noqa: S101 - the path's last event
    return reply
