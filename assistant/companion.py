"""The straight path: screen, retrieve, plan, write, review, reply. Everything that answers an entry goes through `respond`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, runtime_checkable

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage

from assistant import writing
from assistant.conversation import Conversation
from assistant.entry import Entry
from assistant.errors import WorkerDied, WorkerError
from assistant.planning import HELPLINES, Planner, ReplyPlan, Situation
from assistant.prompts import Prompts
from assistant.reply import Dropped, Event, Part, Passage, Reply, Retrieved, Screened, Sentence, Source, Timing
from assistant.review import PartName, Verdict
from assistant.screening import Screener, circumstances
from assistant.screening.circumstances import asleep
from assistant.screening.levels import Route, Screening

_TRIES = 2  # a second try with the cached prompt costs about two seconds and saves most dropped mirrors (docs/decisions)
_SENTENCES = 2
_FIRST = Conversation()
_QUIET = (Route.RESTRAINT, Route.PROTECT, Route.CRISIS)  # fixed texts only: the library and the model are not asked


class Guide(Protocol):
    """What the library must do for a reply; both return best first and may return nothing."""

    @property
    def by_words_only(self) -> bool:
        """Whether the last search went without the search model."""
        ...

    def passages(self, text: str, tags: frozenset[str], k: int) -> tuple[Passage, ...]:
        """Find guidance."""
        ...

    def exercises(self, text: str, tags: frozenset[str], shown: frozenset[str], k: int) -> tuple[Passage, ...]:
        """Find exercises."""
        ...


class Reviews(Protocol):
    """What review must do: judge a sentence as a part of the answer to an entry."""

    def review(self, sentence: str, part: PartName, entry: str | None, passages: tuple[str, ...]) -> Verdict:
        """Judge it."""
        ...


@runtime_checkable
class ReadsAhead(Protocol):
    """A model that can read a prompt before it is asked."""

    def remember(self, messages: list[BaseMessage]) -> None:
        """Read `messages`; returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class Night:
    """The writer's sleeping hours, whole hours of the local day."""

    begins: int = 23
    ends: int = 7

    def holds(self, entry: Entry) -> bool:
        """Say whether the entry was written in them; an unknown time counts as day."""
        return entry.at is not None and asleep(entry.at, self.begins, self.ends)


class Companion:
    """Answers entries. `model` may be None: the reply is whole without it. `why_no_model` is then a plain sentence for people."""

    def __init__(
        self,
        *,
        screener: Screener,
        guide: Guide,
        planner: Planner,
        reviewer: Reviews,
        prompts: Prompts,
        model: BaseChatModel | None,
        night: Night = Night(),
        why_no_model: str = "",
    ) -> None:
        self._screener = screener
        self._guide = guide
        self._planner = planner
        self._reviewer = reviewer
        self._prompts = prompts
        self._model = model
        self._night = night
        self._why_no_model = why_no_model

    def respond(self, entry: Entry, conversation: Conversation = _FIRST, stopped: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """Answer an entry: yields what was found, each reviewed piece as it is ready, and last the whole reply.

        `stopped` is asked before the model is: once it is true, whoever reads the events wants no more of them.
        """
        began = time.perf_counter()
        answer = _Answer(self._screener.screen(entry, conversation), began, stopped)
        yield Screened(answer.screening)
        situation = self._retrieve(entry, conversation, answer)
        yield Retrieved(situation.passages)
        plan = self._planner.plan(situation)
        for part in plan.parts:
            for piece in self._write(part, situation, answer):
                yield Sentence(answer.show(piece))
        yield self._reply(plan, situation, answer)

    def read_ahead(self, conversation: Conversation) -> None:
        """Let the model read the turns so far while nobody waits, so that the next reply starts sooner."""
        if isinstance(self._model, ReadsAhead):
            self._model.remember(writing.messages(self._prompts.mirror, "", conversation)[:-1])

    def _retrieve(self, entry: Entry, conversation: Conversation, answer: _Answer) -> Situation:
        screening, night = answer.screening, self._night.holds(entry)
        if screening.route in _QUIET or not entry.has_words:
            return Situation(entry, screening, conversation, (), (), night)
        tags = circumstances(entry, screening, self._night.begins, self._night.ends)
        passages = self._guide.passages(entry.text, tags, 6)
        if self._guide.by_words_only:
            answer.notices.append(self._prompts.fixed("search-resting"))
        exercises = self._guide.exercises(entry.text, tags, frozenset(), 6)
        answer.retrieved = answer.seconds
        return Situation(entry, screening, conversation, passages, exercises, night, tags)

    def _write(self, part: Part, situation: Situation, answer: _Answer) -> Iterator[Part]:
        if part.kind != "mirror":
            yield part
            return
        shown = 0
        for piece in self._mirror(situation, answer):
            shown += 1
            yield piece
        if not shown:
            yield self._quote(situation.entry)

    def _mirror(self, situation: Situation, answer: _Answer) -> Iterator[Part]:
        """Ask the model and review each sentence; if the first is dropped, ask once more, about the next most telling line."""
        for attempt in range(_TRIES if self._model is not None else 0):
            if answer.stopped():
                return
            shown = 0
            try:
                for sentence in islice(self._sentences(situation, attempt), _SENTENCES):
                    if not self._passes(sentence, situation.entry, answer):
                        break  # what comes after a dropped sentence may hang on it
                    shown += 1
                    yield Part("mirror", sentence, "model")
            except WorkerError as error:
                answer.notices.append(str(error))
                answer.cut = isinstance(error, WorkerDied)
                return
            if shown:
                return

    def _sentences(self, situation: Situation, attempt: int) -> Iterator[str]:
        if self._model is None:
            return iter(())
        return writing.mirror(self._model, self._prompts.mirror, situation.entry.text, situation.conversation, attempt)

    def _passes(self, sentence: str, entry: Entry, answer: _Answer) -> bool:
        verdict = self._reviewer.review(sentence, "mirror", entry.text, ())
        answer.dropped.extend(Dropped(reason.value) for reason in verdict.reasons[:1])
        return verdict.passed

    def _quote(self, entry: Entry) -> Part:
        line = writing.quotable(self._prompts.mirror, entry.text)
        if not line:
            return Part("mirror", self._prompts.fixed("no-mirror"), "fixed")
        return Part("mirror", self._prompts.fixed("quote", variables={"sentence": line}), "writer")

    def _reply(self, plan: ReplyPlan, situation: Situation, answer: _Answer) -> Reply:
        by_model = any(part.written_by == "model" for part in answer.parts)
        if any(part.kind == "mirror" for part in plan.parts):
            answer.notices += self._notices(situation.entry)
        return Reply(
            parts=_joined(answer.parts),
            sources=self._sources(plan),
            dropped=tuple(answer.dropped),
            screening=answer.screening,
            model=self._model.name if self._model is not None and by_model else None,
            timing=Timing(answer.screened, answer.retrieved, answer.first_sentence, answer.seconds),
            notices=tuple(dict.fromkeys(answer.notices)),
            cut=answer.cut,
        )

    def _sources(self, plan: ReplyPlan) -> tuple[Source, ...]:
        notes = [Source(p.note_id, p.title, p.citation, p.score) for p in plan.shown]
        if any(HELPLINES in part.sources for part in plan.parts):
            notes.append(Source(HELPLINES, "Help lines", self._prompts.fixed("helplines-source"), 0.0))
        return tuple(notes)

    def _notices(self, entry: Entry) -> list[str]:
        if self._model is None:
            return [self._prompts.fixed("model-resting"), *([self._why_no_model] if self._why_no_model else [])]
        return [] if writing.fits(entry.text) else [self._prompts.fixed("long-entry")]


class _Answer:
    """What gathers while one reply is made."""

    def __init__(self, screening: Screening, began: float, stopped: Callable[[], bool]) -> None:
        self.screening = screening
        self.stopped = stopped
        self.cut = False
        self._began = began
        self.screened = self.seconds
        self.retrieved: float | None = None
        self.first_sentence: float | None = None
        self.parts: list[Part] = []
        self.dropped: list[Dropped] = []
        self.notices: list[str] = []

    @property
    def seconds(self) -> float:
        """Seconds since the entry was sent."""
        return time.perf_counter() - self._began

    def show(self, part: Part) -> Part:
        """Note a piece as shown and return it."""
        if part.written_by == "model" and self.first_sentence is None:
            self.first_sentence = self.seconds
        self.parts.append(part)
        return part


def _joined(pieces: list[Part]) -> tuple[Part, ...]:
    """Make one mirror part of its sentences; every other piece is a part already."""
    joined: list[Part] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and last.kind == piece.kind == "mirror":
            joined[-1] = Part("mirror", f"{last.text} {piece.text}", piece.written_by)
        else:
            joined.append(piece)
    return tuple(joined)
