"""Risk that stays with a conversation: said once, it is not gone a turn later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.screening.levels import Category, Finding, Level
from assistant.screening.looping import Question

_HOPELESS_TURNS = 3  # hopelessness in this many of the writer's turns running counts as possible risk


@dataclass(frozen=True, slots=True)
class Turned:
    """What one of the writer's turns held."""

    findings: tuple[Finding, ...]
    tags: frozenset[str]
    questions: tuple[Question, ...] = ()

    def level(self, category: Category) -> Level:
        """Return the most severe level of a category in this turn."""
        return max((found.level for found in self.findings if found.category is category), default=Level.NONE)

    @property
    def steps_back(self) -> bool:
        """Say whether the writer takes a risk back, or chooses to go on, and names no new one in the same breath."""
        return bool(self.tags & {"takes_back", "goes_on"}) and self.level(Category.SELF_HARM) < Level.PRESENT


@dataclass(frozen=True, slots=True)
class Carried:
    """What earlier turns leave behind. `open` says that a present risk has been neither taken back nor left by choice."""

    level: Level = Level.NONE
    open: bool = False


def carried(turns: Iterable[Turned]) -> Carried:
    """Return what the writer's earlier turns, oldest first, leave behind. Taking a risk back closes it, never erases it."""
    level, unanswered = Level.NONE, False
    for turn in turns:
        here = turn.level(Category.SELF_HARM)
        level = max(level, here)
        unanswered = here >= Level.PRESENT or (unanswered and not turn.steps_back)
    return Carried(level, unanswered)


def sinking(turns: list[Turned]) -> bool:
    """Say whether the last turns, the newest included, all speak of hopelessness."""
    last = turns[-_HOPELESS_TURNS:]
    return len(last) == _HOPELESS_TURNS and all("hopeless" in turn.tags for turn in last)
