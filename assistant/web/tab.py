"""One tab of the page: its draft, its conversation and the reply on its way. In memory only; nothing of it is stored."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from assistant.conversation import Conversation, Turn
from assistant.errors import InputError
from assistant.reply import Event, Part, Reply, Retrieved, Screened, Sentence
from assistant.screening.levels import Level
from assistant.web.run import Begun, Finished, Run, Waiting

if TYPE_CHECKING:
    from assistant.web.desk import Desk

Status = Literal["", "waiting", "opening", "reading", "looking", "writing", "checking", "stopping", "stopped", "cut"]
Ended = Literal["", "done", "stopped", "cut", "failed", "left"]
TAB = re.compile(r"[A-Za-z0-9_-]{8,40}")  # the form of a tab's id
_TICK = 0.25  # seconds; how soon a page that went away is noticed
_TYPED = 6000  # characters at the end of the box that are screened while someone types; Send screens all


@dataclass
class Exchange:
    """An entry and what has been shown in answer. `ended` is empty while the reply is on its way."""

    text: str = field(repr=False)
    pieces: list[Part] = field(default_factory=list, repr=False)
    reply: Reply | None = None
    ended: Ended = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts shown so far."""
        return self.reply.parts if self.reply else tuple(self.pieces)


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows. `box` is None where the box is to be left alone; `told` holds plain sentences."""

    exchanges: tuple[Exchange, ...]
    status: Status
    running: bool
    told: tuple[str, ...] = ()
    card: str = ""
    box: str | None = field(default=None, repr=False)


class Tab:
    """One tab. Its methods may be called from several threads; one reply at a time is on its way."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.RLock()
        self._exchanges: list[Exchange] = []
        self._run: Run | None = None
        self._status: Status = ""
        self._told: tuple[str, ...] = ()
        self._card = ""
        self.draft = ""

    @property
    def conversation(self) -> Conversation:
        """The turns that were answered."""
        turns = [
            turn
            for exchange in self._exchanges
            if exchange.parts
            for turn in (Turn("writer", exchange.text), Turn("afterword", "\n\n".join(part.text for part in exchange.parts)))
        ]
        return Conversation(tuple(turns))

    def load(self) -> View:
        """Show the tab afresh, as after a reload; a reply on its way is dropped and its entry is in the box again."""
        self.leave()
        with self._lock:
            self._exchanges = [exchange for exchange in self._exchanges if exchange.ended not in ("", "left")]
            self._status, self._told = "", ()
            return self.view(box=self.draft)

    def leave(self, wait: float = 3.0) -> None:
        """Stop the reply on its way; nobody is there to read it. Waits at most `wait` seconds for it to end."""
        if self._run is not None:
            self._run.stop(wait)

    def typed(self, text: str) -> str:
        """Keep a draft and return the help card that belongs beside it, or the one that is there already."""
        with self._lock:
            if not self._is_running:
                self.draft = text
        card = self._desk.beside.help_for(text[-_TYPED:])
        self._card = card or self._card
        return self._card

    def send(self, text: str) -> Iterator[View | None]:
        """Answer `text`: yields what to show, and None where nothing changed."""
        started = self._start(text)
        yield self.view()
        if started is None:
            return
        exchange, run = started
        try:
            while not exchange.ended:
                event = run.next(_TICK)
                yield self._take(exchange, run, event) if event is not None else None
        finally:
            if not exchange.ended:  # the page went away
                run.stop(0.1)
                exchange.ended = "left"
        if exchange.ended == "left":
            yield self.view()  # another window took the tab over; this one can be written in again
        elif exchange.ended == "done":
            self._desk.read_ahead(self.conversation)

    def stop(self) -> None:
        """Stop the reply; what is shown stays. Whoever reads `send` gets the last view."""
        if self._run is not None and self._is_running:
            self._status = "stopping"
            self._run.stop()

    def edit(self) -> View:
        """Take the last exchange back and put its entry into the box, before what is there."""
        with self._lock:
            if self._is_running or not self._exchanges:
                return self.view()
            text = self._exchanges.pop().text
            self.draft = f"{text}\n\n{self.draft}".strip() if self.draft.strip() not in ("", text) else text
            self._status, self._told = "", ()
            return self.view(box=self.draft)

    def again(self) -> Iterator[View | None]:
        """Answer the last entry once more, in place of the answer that is there; a draft in the box stays."""
        with self._lock:
            before = None if self._is_running or not self._exchanges else self._exchanges.pop()
            kept, count = self.draft, len(self._exchanges)
        if before is None:
            yield self.view()
            return
        yield from self.send(before.text)
        with self._lock:
            if len(self._exchanges) == count:  # stopped before anything was shown: the answer that was there comes back
                self._exchanges.append(before)
                self.draft = ""
            if kept.strip() not in ("", before.text):
                self.draft = kept
            view = self.view(box=self.draft)
        yield view

    @property
    def _is_running(self) -> bool:
        return any(not exchange.ended for exchange in self._exchanges)

    def _start(self, text: str) -> tuple[Exchange, Run] | None:
        """Begin a reply, unless one is on its way or `text` is no entry."""
        with self._lock:
            if self._is_running:
                return None
            try:
                entry = self._desk.entry(text)
            except InputError as error:
                self._told = (str(error),)
                return None
            self.draft, self._told, self._status = text, (), "" if self._desk.is_ready else "opening"
            if self._exchanges and self._exchanges[-1].ended in ("cut", "failed", "left") and self._exchanges[-1].text == entry.text:
                self._exchanges.pop()  # the same entry again, after a reply that went wrong
            exchange = Exchange(entry.text)
            self._run = self._desk.respond(entry, self.conversation)
            self._exchanges.append(exchange)
            return exchange, self._run

    def _take(self, exchange: Exchange, run: Run, event: Event | Waiting | Begun | Finished) -> View | None:
        with self._lock:
            if exchange not in self._exchanges:  # the page was loaded anew in the meantime
                exchange.ended = "left"
                return None
            if isinstance(event, Finished):
                return self._end(exchange, run, event)
            if isinstance(event, Reply):
                exchange.reply = event
                return None
            if isinstance(event, Sentence):
                exchange.pieces.append(event.part)
            if isinstance(event, Screened) and event.screening.level > Level.NONE:
                self._card = self._desk.beside.help_for(exchange.text) or self._card
            self._status = _status(event)
            return self.view()

    def _end(self, exchange: Exchange, run: Run, event: Finished) -> View:
        reply = exchange.reply
        if reply is not None and not event.error:
            exchange.ended, self._told = ("cut" if reply.cut else "done"), reply.notices
        elif run.stopped:
            exchange.ended = "stopped"
        else:
            exchange.ended, self._told = "failed", (event.error,)
        if not exchange.parts:
            self._exchanges.remove(exchange)  # nothing was shown, so the entry is still in the box
        elif exchange.ended in ("done", "stopped"):
            self.draft = ""
        self._status = {"stopped": "stopped", "cut": "cut"}.get(exchange.ended, "")  # type: ignore[assignment]
        return self.view(box=self.draft)

    def view(self, box: str | None = None) -> View:
        """Return what the tab shows now."""
        told = self._told or ((self._desk.trouble,) if self._desk.trouble else ())
        said = self._exchanges[-1].parts if self._exchanges else ()
        card = "" if any(self._card in part.text for part in said) else self._card  # it stands right above already
        return View(tuple(self._exchanges), self._status, self._is_running, told, card, box)


def _status(event: Event | Waiting | Begun) -> Status:
    if isinstance(event, Waiting):
        return "waiting"
    if isinstance(event, Screened):
        return "looking"
    if isinstance(event, Retrieved):
        return "writing"
    return "checking" if isinstance(event, Sentence) else "reading"
