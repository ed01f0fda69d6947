"""What all tabs share: the parts that make replies, once they are there, and the turn to use them."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from assistant import config, prompts, wiring
from assistant.conversation import Conversation
from assistant.ending import NOTHING_TOLD, EndedBy, Ending
from assistant.entry import Entry
from assistant.errors import AfterwordError, PageStillOpening, SettingsBroken, WorkerError
from assistant.reply import Event
from assistant.settings import private_folder
from assistant.web import arrival
from assistant.web.arrival import Arrival
from assistant.web.run import Run

if TYPE_CHECKING:
    from assistant.library import Retriever
    from assistant.planning import Planner
    from assistant.screening import Screener
    from assistant.settings import Settings
    from assistant.web.tab import Tab
    from assistant.wiring import Parts

_TABS = 32  # more than anyone opens; the oldest is forgotten, and what it held was nowhere else
_SEEN = "notice-seen"  # an empty file
_OPENING = 120.0  # seconds that a reply waits for the parts; the slowest start seen took 20


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside any writing: the screener and the planner's cards; both need no model."""

    screener: Screener
    planner: Planner
    country: str | None

    def help_for(self, text: str) -> str:
        """Return the help card for what is being written, or nothing; raises nothing for a text that is no entry."""
        try:
            entry = Entry.of(text, country=self.country)
        except AfterwordError:
            return ""
        return "\n\n".join(self.planner.help_for(entry, self.screener.screen(entry, Conversation())))


@dataclass
class Desk:
    """Puts the parts together in the background, again when more has been installed, and hands out tabs and runs."""

    settings: Settings
    use_model: bool = True
    make: Callable[..., AbstractContextManager[Parts]] = wiring.parts
    country: str | None = None
    ending: Ending = NOTHING_TOLD
    trouble: str = ""  # why no reply can be made, as a plain sentence
    _parts: Parts | None = None
    _beside: Beside | None = None
    _stack: ExitStack = field(default_factory=ExitStack)
    _ready: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tabs: OrderedDict[str, Tab] = field(default_factory=OrderedDict)
    _tabs_lock: threading.Lock = field(default_factory=threading.Lock)  # of its own: making parts takes seconds
    _closing: threading.Event = field(default_factory=threading.Event)
    _step: str = ""

    def __post_init__(self) -> None:
        """Begin with what the settings say."""
        self.country, self.ending = self.settings.country, self.settings.ending

    def choose_country(self, code: str) -> None:
        """Use the help lines of this country from now on, and remember it; where that cannot be kept, until the page is closed."""
        self.country, self._beside = code, None
        with contextlib.suppress(OSError, SettingsBroken):
            config.write("country", code)

    def tell_ending(self, days_ago: int | None, by: EndedBy | None) -> None:
        """Take when it ended and who ended it into account from now on, and remember what was told; None leaves one out."""
        since = date.today() - timedelta(days=days_ago) if days_ago is not None else None
        self.ending = Ending(since or self.ending.since, by or self.ending.by)
        with contextlib.suppress(OSError, SettingsBroken):
            if since is not None:
                config.write("ended", since.isoformat())
            if by is not None:
                config.write("ended_by", by)

    @property
    def library(self) -> Retriever | None:
        """The library, or None while it is not there."""
        return self._parts.library if self._parts else None

    @property
    def parts(self) -> Parts | None:
        """The parts, or None while they are not there."""
        return self._parts

    @property
    def is_ready(self) -> bool:
        """Say whether replies can be made."""
        return self._ready.is_set() and not self.trouble

    @property
    def has_model(self) -> bool:
        """Say whether a language model takes part."""
        return self._parts is not None and self._parts.model is not None

    @property
    def arrival(self) -> Arrival:
        """How far an installation in the background has come."""
        return arrival.read(self.settings.cache_dir)

    @property
    def arrival_line(self) -> str:
        """What is still to come, as a plain sentence; empty when all is there."""
        coming = self.arrival
        if coming.step == "done":
            return ""
        name = "last" if coming.is_under_way and not coming.minutes else coming.step
        return prompts.shipped().page(f"arrival.{name}", {"minutes": str(coming.minutes)})

    @property
    def has_seen_notice(self) -> bool:
        """Say whether the first-run notice was answered on this computer."""
        return (self.settings.data_dir / _SEEN).exists()

    def see_notice(self) -> None:
        """Remember that it was; where that cannot be kept, it is shown again next time."""
        with contextlib.suppress(OSError):
            (private_folder(self.settings.data_dir) / _SEEN).touch(mode=0o600)

    @property
    def beside(self) -> Beside:
        """What stands beside any writing; made at the first asking."""
        made = self._beside or Beside(wiring.screener(), wiring.planner(), self.country)
        self._beside = made  # made twice when two ask at once, which does no harm
        return made

    def tab(self, tab_id: str) -> Tab:
        """Return the tab with this id, new if there is none."""
        from assistant.web.tab import Tab

        with self._tabs_lock:
            tab = self._tabs.pop(tab_id, None) or Tab(self)
            self._tabs[tab_id] = tab
            forgotten = [self._tabs.popitem(last=False)[1] for _ in range(len(self._tabs) - _TABS)]
        for old in forgotten:
            old.leave(wait=0.0)
        return tab

    def open(self) -> None:
        """Put the parts together, then watch what is still being installed; for a thread of its own."""
        self._make()
        while self.arrival.is_under_way and not self._closing.wait(2.0):
            if self.arrival.step != self._step:
                self._make()
        if self._step not in ("", "done") and not self._closing.is_set():
            self._make()

    def respond(self, entry: Entry, conversation: Conversation) -> Run:
        """Start a reply."""

        def events(stopped: Callable[[], bool]) -> Iterator[Event]:
            if not self._ready.wait(_OPENING) or self._parts is None:
                raise PageStillOpening(self.trouble)
            yield from self._parts.companion.respond(entry, conversation, stopped)

        return Run(events, self._turn, self._cancel)

    def read_ahead(self, conversation: Conversation) -> None:
        """Let the model read the turns so far, unless a reply is being made."""
        if self._parts is not None and self._turn.acquire(blocking=False):
            try:
                self._parts.companion.read_ahead(conversation)
            finally:
                self._turn.release()

    def entry(self, text: str) -> Entry:
        """Make an entry of what is in the box, with the time and the country; raises InputError."""
        return Entry.of(text, datetime.now().astimezone(), self.country, self.ending)

    def close(self) -> None:
        """Stop every reply, end the workers and let go of the index."""
        self._closing.set()
        with self._tabs_lock:
            tabs, self._tabs = list(self._tabs.values()), OrderedDict()
        for tab in tabs:
            tab.leave()
        with self._lock:
            self._stack.close()
            self._parts = None

    def _make(self) -> None:
        """Put the parts together, in place of those that were there; waits for a reply that is being made."""
        self._step = self.arrival.step
        importlib.invalidate_caches()  # what was installed since is not known to the import system yet
        with self._turn if self._ready.is_set() else contextlib.nullcontext():  # before the first parts, a reply waits with the turn
            try:
                self._exchange()
                self.trouble = ""
            except AfterwordError as error:
                self.trouble = str(error)
            except ImportError as error:
                self.trouble = str(PageStillOpening("" if self.arrival.is_under_way else f"{error.name} is not installed"))
        self._ready.set()
        self._warm()

    def _exchange(self) -> None:
        with self._lock:
            if self._closing.is_set():
                return
            self._stack.close()
            self._parts = None
            use_model = self.use_model and self._step in ("done", "failed")  # a model file that is half here is none
            self._parts = self._stack.enter_context(self.make(self.settings, use_model=use_model))

    def _warm(self) -> None:
        """Start both workers before anyone waits for them."""
        parts = self._parts
        if parts is None:
            return
        self.read_ahead(Conversation())
        try:
            parts.library.warm()
        except (WorkerError, AfterwordError):
            return  # the first reply says it: searched by words alone

    def _cancel(self) -> None:
        if self._parts is not None and self._parts.model is not None:
            self._parts.model.cancel()
