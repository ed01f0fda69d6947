"""The reply plan: which parts a reply has, in which order, and the authored words each falls back to.

Deterministic: the same screening, passages and conversation give the same plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.conversation import Conversation
from assistant.entry import Entry
from assistant.helplines import Guess, Table, card
from assistant.prompts import Prompts
from assistant.reply import Part, Passage
from assistant.screening.levels import Category, Level, Route, Screening

HELPLINES = "helplines"  # the source of a card, beside the ids of notes
_BOUNDARIES = {  # the first that was found decides the wording
    Category.EVADE_BLOCK: "boundary-evade-block",
    Category.HARM_OTHERS: "boundary-harm",
    Category.WIN_BACK: "boundary-win-back",
    Category.CHECKING: "boundary-checking",
    Category.ROLEPLAY_EX: "boundary-roleplay-ex",
    Category.MEDICAL_LEGAL: "boundary-medical-legal",
    Category.DIAGNOSIS: "boundary-diagnosis",
    Category.PROPHECY: "boundary-prophecy",
    Category.INJECTION: "boundary-injection",
    Category.OFF_TOPIC: "boundary-off-topic",
}
_CARDS = {"crisis": Category.SELF_HARM, "protect": Category.ABUSE, "restraint": Category.PURSUIT, "youth": Category.YOUTH}
_BARE = frozenset({Category.HARM_OTHERS, Category.INJECTION, Category.OFF_TOPIC})  # nothing of the writer's to say back
_REQUEST_WORDS = 30  # of the examples and development rows, bare requests are shorter and entries longer
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a plan depends on.

    `asleep` says that it is the writer's night; `passages` and `exercises` are best first; `tags` are the circumstances.
    """

    entry: Entry
    screening: Screening
    conversation: Conversation
    passages: tuple[Passage, ...]
    exercises: tuple[Passage, ...]
    asleep: bool
    tags: frozenset[str] = frozenset()

    @property
    def turn(self) -> int:
        """How many replies came before; picks among wordings."""
        return len(self.conversation.by("afterword"))


@dataclass(frozen=True, slots=True)
class ReplyPlan:
    """The parts in order. A part of kind mirror holds no text yet: the model is asked for it."""

    parts: tuple[Part, ...]
    shown: tuple[Passage, ...] = field(default=())


class Planner:
    """Makes plans from fixed texts, help lines and what the library found. `guess` is a country nobody chose, shown as a guess."""

    def __init__(self, prompts: Prompts, helplines: Table, guess: Guess | None = None) -> None:
        self._prompts = prompts
        self._helplines = helplines
        self._guess = guess
        self._frames: dict[Route, Callable[[Situation], list[Part]]] = {
            Route.REFLECT: self._reflect,
            Route.LOGISTICS: self._practical,
            Route.THEY_WROTE: self._they_wrote,
            Route.ONCE: self._once,
            Route.BOUNDARY: self._boundary,
            Route.CHECK_IN: self._check_in,
            Route.RESTRAINT: self._restraint,
            Route.YOUTH: self._youth,
            Route.PROTECT: self._protect,
            Route.CRISIS: self._crisis,
        }

    def plan(self, situation: Situation) -> ReplyPlan:
        """Return the plan for one entry in its situation."""
        parts = self._frames[situation.screening.route](situation)
        parts += self._added(situation, parts)
        used = {note for part in parts for note in part.sources}
        views = (p.other_view for p in situation.passages if p.note_id in used and p.other_view is not None)
        known = {p.note_id: p for p in (*situation.passages, *situation.exercises, *views)}
        shown = tuple(passage for note_id, passage in known.items() if note_id in used)
        return ReplyPlan(tuple(parts), shown)

    def help_for(self, entry: Entry, screening: Screening) -> tuple[str, ...]:
        """Return the cards that belong beside any writing in which this was found; none for ordinary writing."""
        found = [kind for kind, category in _CARDS.items() if screening.categories.get(category, Level.NONE) >= Level.PRESENT]
        if not found and screening.level > Level.NONE:
            found = ["pinned"]
        bare = Situation(entry, screening, Conversation(), (), (), asleep=False)
        return tuple(self._card(bare, kind).text for kind in found)

    def _reflect(self, s: Situation) -> list[Part]:
        if not s.entry.has_words:
            return [self._fixed(s, "no-words")]
        return [_MIRROR, *self._guidance(s), *self._step(s), *_question(s)]

    def _practical(self, s: Situation) -> list[Part]:
        return [*_mirror_of_more(s), *self._logistics(s), *self._guidance(s, say_nothing=False)]

    def _they_wrote(self, s: Situation) -> list[Part]:
        return [_MIRROR, self._fixed(s, "they-wrote"), *self._guidance(s, say_nothing=False), *self._step(s)]

    def _once(self, s: Situation) -> list[Part]:
        return [_MIRROR, self._fixed(s, "once-wait" if s.screening.hot else "once"), *self._guidance(s, say_nothing=False)]

    def _boundary(self, s: Situation) -> list[Part]:
        found = next((c for c in _BOUNDARIES if s.screening.has(c)), None)
        if found in _BARE:
            return [self._fixed(s, _BOUNDARIES[found])]
        words = self._fixed(s, _BOUNDARIES[found] if found else _contact(s))
        return [*_mirror_of_more(s), words, *self._guidance(s, say_nothing=False), *self._step(s)]

    def _check_in(self, s: Situation) -> list[Part]:
        if s.screening.denied:
            return [self._fixed(s, "crisis-denied"), _MIRROR, *self._guidance(s)]
        asked = s.screening.carried > Level.NONE and not s.screening.has(Category.SELF_HARM)
        return [_MIRROR, *([] if asked else [self._fixed(s, "check-in")]), *self._guidance(s, say_nothing=False)]

    def _restraint(self, s: Situation) -> list[Part]:
        return [self._fixed(s, "restraint"), self._fixed(s, "restraint-hour"), self._card(s, "restraint")]

    def _youth(self, s: Situation) -> list[Part]:
        return [_MIRROR, self._fixed(s, "youth"), self._card(s, "youth")]

    def _protect(self, s: Situation) -> list[Part]:
        return [self._fixed(s, "protect"), self._card(s, "protect"), self._fixed(s, "protect-closing")]

    def _crisis(self, s: Situation) -> list[Part]:
        level = s.screening.categories.get(Category.SELF_HARM, Level.NONE)
        if level < Level.IMMINENT and s.screening.carried >= Level.PRESENT:
            return [self._fixed(s, "crisis-stay")]
        first = "crisis-imminent" if level is Level.IMMINENT else "crisis-present"
        return [self._fixed(s, first), self._card(s, "crisis"), self._fixed(s, "crisis-closing")]

    def _added(self, s: Situation, parts: list[Part]) -> list[Part]:
        """Add what every true category adds, whatever the frame: practical form, youth and abuse lines, the pinned help line."""
        route, added = s.screening.route, list[Part]()
        if s.screening.has(Category.LOGISTICS) and Route.LOGISTICS < route < Route.PROTECT:
            added += self._logistics(s)
        if s.screening.has(Category.ABUSE) and route is Route.CRISIS:
            added += [self._card(s, "protect")]
        if s.screening.has(Category.YOUTH) and route in (Route.PROTECT, Route.CRISIS, Route.RESTRAINT):
            added += [self._card(s, "youth")]
        cards = any(part.kind == "fixed" and part.sources == (HELPLINES,) for part in [*parts, *added])
        if not cards and max(s.screening.level, s.screening.carried) > Level.NONE:
            added += [self._card(s, "pinned")]
        return added

    def _logistics(self, s: Situation) -> list[Part]:
        words = frozenset(_WORD.findall(s.entry.text.casefold()))
        form = self._prompts.best_by_cues("logistics-", words, otherwise="logistics-other")
        names = ["logistics", form] + (["logistics-mixed"] if s.screening.has(Category.WIN_BACK) else [])
        return [Part("logistics", self._prompts.fixed(name, s.turn), "fixed") for name in names]

    def _guidance(self, s: Situation, *, say_nothing: bool = True) -> list[Part]:
        """Show the gist of the best note that was not shown in this conversation; where studies disagree, the other view with it."""
        unseen = [p for p in s.passages if not _shown(p.gist, s)]
        if not unseen:
            return [self._fixed(s, "all-shown" if s.passages else "nothing-fits")] if say_nothing else []
        best, other = unseen[0], unseen[0].other_view
        parts = [Part("guidance", best.gist, "library", (best.note_id,))]
        if other is not None and not _shown(other.gist, s):
            both = self._prompts.fixed("other-view", variables={"gist": other.gist})
            parts.append(Part("guidance", both, "library", (other.note_id,)))
        return parts

    def _step(self, s: Situation) -> list[Part]:
        unseen = [e for e in s.exercises if not _shown(e.first_step, s)]
        if unseen:
            return [Part("step", f"{unseen[0].title}. {unseen[0].first_step}", "library", (unseen[0].note_id,))]
        return [Part("step", self._prompts.fixed("step-none"), "fixed")]

    def _fixed(self, s: Situation, name: str) -> Part:
        return Part("fixed", self._prompts.fixed(name, s.turn), "fixed")

    def _card(self, s: Situation, kind: str) -> Part:
        guess = None if s.entry.country else self._guess
        lines = self._helplines.pick(guess.country, guessed=True) if guess else self._helplines.pick(s.entry.country)
        return Part("fixed", card(kind, lines), "fixed", (HELPLINES,))


_MIRROR = Part("mirror", "", "model")


def _shown(text: str, s: Situation) -> bool:
    """Say whether a reply of this conversation holds a text of the library already."""
    return any(text in reply for reply in s.conversation.by("afterword"))


def _mirror_of_more(s: Situation) -> list[Part]:
    """Ask for a mirror only where there is more than the request: turned round, a bare request says something else."""
    return [_MIRROR] if len(s.entry.text.split()) > _REQUEST_WORDS else []


def _contact(s: Situation) -> str:
    """Name the words for contact that is wanted but not for tonight, or not at all because they asked for none."""
    return "restraint-asked" if "asked_stop" in s.tags else "once-wait"


def _question(s: Situation) -> list[Part]:
    """Ask at most in one reply of three, never at night, and only what the library asks (design, the reply plan)."""
    recent = s.conversation.by("afterword")[-2:]
    if s.asleep or s.screening.looping or any("?" in text for text in recent) or not s.passages:
        return []
    note = s.passages[0]
    return [Part("question", question, "library", (note.note_id,)) for question in note.questions[:1]]
