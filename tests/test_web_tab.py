"""A tab and its desk, with a companion over a queue of answers: what is shown, kept, stopped and never mixed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant import resources, settings, wiring
from assistant.conversation import Conversation
from assistant.entry import Entry
from assistant.errors import PageStillOpening, WorkerDied
from assistant.library import Retriever
from assistant.library.collection import load
from assistant.reply import Event, Part, Reply, Retrieved, Screened, Sentence, Timing
from assistant.screening.levels import Screening
from assistant.web.desk import Desk
from assistant.web.tab import Tab, View
from assistant.wiring import Parts

ENTRY = "I still put her mug back on the shelf."


class SlowCompanion:
    """Says each word of an entry back as a sentence; waits at `gate` before the first, and fails as told."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.cut = False
        self.error: Exception | None = None
        self.asked: list[str] = []

    def respond(self, entry: Entry, conversation: Conversation, stopped: Callable[[], bool]) -> Iterator[Event]:
        """Answer like a companion."""
        self.asked.append(entry.text)
        screening = wiring.screener().screen(entry, conversation)
        yield Screened(screening)
        yield Retrieved(())
        while not self.gate.wait(0.01):
            if stopped():
                return
        if self.error:
            raise self.error
        parts = tuple(Part("mirror", word, "model") for word in entry.text.split())
        for part in parts:
            yield Sentence(part)
        yield _reply(parts, screening, self.cut)

    def read_ahead(self, conversation: Conversation) -> None:
        """Do nothing."""


def _reply(parts: tuple[Part, ...], screening: Screening, cut: bool) -> Reply:
    text = " ".join(part.text for part in parts)
    told = (str(WorkerDied("language model", 9)),) if cut else ()
    return Reply((Part("mirror", text, "model"),), (), (), screening, "slow", Timing(0, None, None, 0), told, cut=cut)


class _NoSearch:
    """A search nobody asks."""

    def warm(self) -> None:
        """Do nothing."""


class _NoWorker:
    """A worker nobody asks."""

    def cancel(self) -> None:
        """Do nothing."""


@pytest.fixture
def companion() -> SlowCompanion:
    """A companion that answers at once."""
    return SlowCompanion()


@pytest.fixture
def desk(companion: SlowCompanion) -> Iterator[Desk]:
    """A desk whose parts are the companion and the real library without its search."""

    @contextmanager
    def make(chosen: settings.Settings, *, use_model: bool) -> Iterator[Parts]:
        guide = Retriever(load(resources.folder("knowledge")), _NoSearch())  # type: ignore[arg-type]
        yield Parts(companion, guide, None, _NoWorker())  # type: ignore[arg-type]

    made = Desk(settings.load(), make=make)
    made.open()
    yield made
    made.close()


def last(views: Iterator[View | None]) -> View:
    """Read all views and return the last."""
    *_, view = [view for view in views if view is not None]
    return view


def started(tab: Tab, text: str) -> tuple[Iterator[View | None], View]:
    """Send and read until the reply is on its way to the model."""
    views = tab.send(text)
    for view in views:
        if view is not None and view.status == "writing":
            return views, view
    raise AssertionError


def test_a_reply_is_shown_piece_by_piece_and_the_box_is_empty_after_it(desk: Desk) -> None:
    views = [view for view in desk.tab("one-tab1").send("one two three") if view is not None]
    shown = [[part.text for part in view.exchanges[0].parts] for view in views if view.exchanges]
    assert ["one"] in shown or ["one", "two"] in shown or shown[-1] == ["one two three"]
    assert views[0].running
    assert not views[-1].running
    assert views[-1].box == ""
    assert [view.box for view in views[:-1]] == [None] * (len(views) - 1)


def test_the_next_entry_is_answered_with_the_turns_before_it(desk: Desk) -> None:
    tab = desk.tab("one-tab1")
    last(tab.send("first"))
    last(tab.send("second"))
    assert [turn.text for turn in tab.conversation.turns] == ["first", "first", "second", "second"]


def test_an_empty_entry_and_a_binary_one_get_a_sentence_and_nothing_is_lost(desk: Desk) -> None:
    tab = desk.tab("one-tab1")
    assert "Write a line" in last(tab.send("  \n ")).told[0]
    assert "does not look like text" in last(tab.send("a\0b")).told[0]
    assert last(tab.send("a\0b")).box is None
    assert not tab.view().exchanges


def test_stop_keeps_what_is_shown_and_gives_the_entry_back_when_nothing_was(desk: Desk, companion: SlowCompanion) -> None:
    companion.gate.clear()
    tab = desk.tab("one-tab1")
    views, view = started(tab, ENTRY)
    assert view.running
    tab.stop()
    view = last(views)
    assert (view.box, view.status, view.exchanges) == (ENTRY, "stopped", ())
    companion.gate.set()
    assert last(tab.send(ENTRY)).exchanges[0].ended == "done"


def test_twenty_stops_leave_no_thread_and_no_turn_behind(desk: Desk, companion: SlowCompanion) -> None:
    companion.gate.clear()
    tab = desk.tab("one-tab1")
    before = threading.active_count()
    for _ in range(20):
        views, _view = started(tab, ENTRY)
        tab.stop()
        last(views)
    assert threading.active_count() <= before
    companion.gate.set()
    assert last(tab.send(ENTRY)).exchanges[-1].ended == "done"


def test_a_reload_in_mid_reply_puts_the_entry_back_into_the_box(desk: Desk, companion: SlowCompanion) -> None:
    companion.gate.clear()
    tab = desk.tab("one-tab1")
    views, _ = started(tab, ENTRY)
    view = tab.load()
    assert (view.box, view.exchanges, view.running) == (ENTRY, (), False)
    assert [late for late in views if late is not None and late.exchanges] == []
    assert tab.draft == ENTRY


def test_a_page_that_went_away_leaves_the_tab_ready(desk: Desk, companion: SlowCompanion) -> None:
    companion.gate.clear()
    tab = desk.tab("one-tab1")
    views, _ = started(tab, ENTRY)
    views.close()  # type: ignore[attr-defined]
    companion.gate.set()
    assert not tab.view().running
    assert last(tab.send("more")).exchanges[-1].ended == "done"


def test_two_tabs_take_turns_and_do_not_mix(desk: Desk, companion: SlowCompanion) -> None:
    companion.gate.clear()
    one, two = desk.tab("tab-one1"), desk.tab("tab-two2")
    first, _ = started(one, "for one")
    second = two.send("for two")
    seen = [next(second) for _ in range(2)]
    assert [view.status for view in seen if view] == ["", "waiting"]
    companion.gate.set()
    assert [exchange.text for exchange in last(first).exchanges] == ["for one"]
    assert [exchange.text for exchange in last(second).exchanges] == ["for two"]
    assert companion.asked == ["for one", "for two"]


def test_stopping_a_reply_that_waits_leaves_the_other_one_alone(desk: Desk, companion: SlowCompanion) -> None:
    companion.gate.clear()
    first, _ = started(desk.tab("tab-one1"), "for one")
    waiting = desk.tab("tab-two2")
    second = waiting.send("for two")
    next(second)
    waiting.stop()
    assert last(second).box == "for two"
    companion.gate.set()
    assert last(first).exchanges[0].ended == "done"


def test_a_reply_that_was_cut_keeps_the_entry_and_the_next_try_takes_its_place(desk: Desk, companion: SlowCompanion) -> None:
    tab = desk.tab("one-tab1")
    companion.cut = True
    view = last(tab.send(ENTRY))
    assert (view.box, view.status) == (ENTRY, "cut")
    assert "Nothing you wrote is lost" in view.told[0]
    companion.cut = False
    view = last(tab.send(ENTRY))
    assert [exchange.ended for exchange in view.exchanges] == ["done"]
    assert (view.box, view.told) == ("", ())


@pytest.mark.parametrize("error", [PageStillOpening("numpy is not installed"), RuntimeError("private words")])
def test_a_reply_that_fails_says_one_sentence_without_private_words(desk: Desk, companion: SlowCompanion, error: Exception) -> None:
    companion.error = error
    view = last(desk.tab("one-tab1").send(ENTRY))
    assert view.box == ENTRY
    assert len(view.told) == 1
    assert "private words" not in view.told[0]
    assert "Your text is still here" in view.told[0]


def test_editing_takes_the_last_exchange_back_and_keeps_what_is_in_the_box(desk: Desk) -> None:
    tab = desk.tab("one-tab1")
    last(tab.send(ENTRY))
    tab.typed("half a line")
    view = tab.edit()
    assert view.box == f"{ENTRY}\n\nhalf a line"
    assert view.exchanges == ()


def test_another_answer_replaces_the_one_that_is_there_and_keeps_the_draft(desk: Desk, companion: SlowCompanion) -> None:
    tab = desk.tab("one-tab1")
    last(tab.send(ENTRY))
    tab.typed("half a line")
    view = last(tab.again())
    assert companion.asked == [ENTRY, ENTRY]
    assert len(view.exchanges) == 1
    assert view.box == "half a line"


def test_another_answer_that_is_stopped_brings_the_first_one_back(desk: Desk, companion: SlowCompanion) -> None:
    tab = desk.tab("one-tab1")
    before = last(tab.send(ENTRY)).exchanges
    companion.gate.clear()
    views = tab.again()
    for view in views:
        if view is not None and view.status == "writing":
            break
    tab.stop()
    view = last(views)
    assert view.exchanges == before
    assert view.box == ""


def test_a_line_of_danger_shows_the_card_while_it_is_typed_and_it_stays(desk: Desk) -> None:
    tab = desk.tab("one-tab1")
    assert tab.typed("the kettle is on") == ""
    card = tab.typed("i want to kill myself")
    assert "danger" in card
    assert tab.typed("sorry forget it") == card
    assert last(tab.send("the kettle is on")).card == card
    assert tab.view().card == card


def test_an_entry_sent_before_the_parts_are_there_waits_for_them(companion: SlowCompanion) -> None:
    may_make = threading.Event()

    @contextmanager
    def make(chosen: settings.Settings, *, use_model: bool) -> Iterator[Parts]:
        may_make.wait(20)
        yield Parts(companion, Retriever(load(resources.folder("knowledge")), _NoSearch()), None, _NoWorker())  # type: ignore[arg-type]

    early = Desk(settings.load(), make=make)
    opening = threading.Thread(target=early.open)
    views = early.tab("one-tab1").send(ENTRY)
    first = next(views)
    assert first is not None
    assert first.status == "opening"
    for _ in range(3):
        next(views)
    opening.start()
    time.sleep(0.2)
    began = time.monotonic()
    early.tab("tab-two2").typed("other tabs can be written in meanwhile")
    assert time.monotonic() - began < 10  # not a benchmark: it would wait for the parts
    may_make.set()
    assert last(views).exchanges[0].ended == "done"
    opening.join(10)
    early.close()


def test_a_tab_opened_in_a_second_window_lets_the_first_be_written_in_again(desk: Desk, companion: SlowCompanion) -> None:
    companion.gate.clear()
    first, _ = started(desk.tab("one-tab1"), ENTRY)
    assert desk.tab("one-tab1").load().box == ENTRY
    view = last(first)
    assert not view.running
    assert view.box is None


def test_tabs_are_forgotten_oldest_first(desk: Desk) -> None:
    first = desk.tab("tab-0000")
    for number in range(40):
        desk.tab(f"tab-1{number:03}")
    assert desk.tab("tab-0000") is not first
    assert desk.tab("tab-1039") is desk.tab("tab-1039")


def test_the_desk_makes_its_parts_anew_when_more_has_arrived(desk: Desk, tmp_path: Path, companion: SlowCompanion) -> None:
    made: list[bool] = []

    @contextmanager
    def make(chosen: settings.Settings, *, use_model: bool) -> Iterator[Parts]:
        made.append(use_model)
        yield Parts(companion, Retriever(load(resources.folder("knowledge")), _NoSearch()), None, _NoWorker())  # type: ignore[arg-type]

    chosen = settings.load()
    note = settings.private_folder(chosen.cache_dir) / "arriving.json"
    _arrives(note, "engine", 7)
    arriving = Desk(chosen, make=make)
    thread = threading.Thread(target=arriving.open)
    thread.start()
    _until(lambda: made == [False])
    assert "7 minutes" in arriving.arrival_line
    _arrives(note, "model", 1)
    _until(lambda: made == [False, False])
    note.unlink()
    thread.join(10)
    assert made == [False, False, True]
    assert arriving.arrival_line == ""
    arriving.close()


def _arrives(note: Path, step: str, minutes: int) -> None:
    import json
    import os

    whole = note.with_suffix(".part")
    whole.write_text(json.dumps({"step": step, "minutes": minutes, "pid": os.getpid(), "since": time.time()}), "utf-8")
    whole.replace(note)


def _until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError


def test_an_installation_whose_process_is_gone_counts_as_failed() -> None:
    import json

    from assistant.web import arrival

    folder = settings.private_folder(settings.load().cache_dir)
    (folder / arrival.FILE).write_text(json.dumps({"step": "engine", "minutes": 7, "pid": 2**22 - 7, "since": time.time()}), "utf-8")
    assert arrival.read(folder).step == "failed"
    (folder / arrival.FILE).write_text("{", "utf-8")
    assert arrival.read(folder).step == "done"
