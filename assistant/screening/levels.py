"""The words of screening: categories, levels, routes, and what a screening found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How sure and how near; ordered, the most severe wins."""

    NONE = 0
    POSSIBLE = 1
    PRESENT = 2
    IMMINENT = 3

    @property
    def word(self) -> str:
        """The level as it stands in JSON."""
        return self.name.lower()


class Category(StrEnum):
    """What a text can hold; several at once."""

    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    HARM_OTHERS = "harm_others"
    PURSUIT = "pursuit"
    YOUTH = "youth"
    WIN_BACK = "win_back"
    CHECKING = "checking"
    EVADE_BLOCK = "evade_block"
    ROLEPLAY_EX = "roleplay_ex"
    DIAGNOSIS = "diagnosis"
    MEDICAL_LEGAL = "medical_legal"
    PROPHECY = "prophecy"
    OFF_TOPIC = "off_topic"
    INJECTION = "injection"
    LOGISTICS = "logistics"
    THEY_WROTE = "they_wrote"
    ONCE = "once"


RISK = frozenset({Category.SELF_HARM, Category.ABUSE, Category.HARM_OTHERS, Category.PURSUIT})


class Route(IntEnum):
    """How a reply is framed; ordered by severity, the most severe decides (design: the table of routes)."""

    REFLECT = 0
    LOGISTICS = 1
    THEY_WROTE = 2
    ONCE = 3
    BOUNDARY = 4
    CHECK_IN = 5
    RESTRAINT = 6
    YOUTH = 7
    PROTECT = 8
    CRISIS = 9

    @property
    def word(self) -> str:
        """The route as it stands in JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a scanner saw: `signal` is a rule's id, never the writer's words."""

    signal: str
    category: Category
    level: Level


@dataclass(frozen=True, slots=True)
class Screening:
    """What was found in an entry within its conversation.

    `level` is the most severe over the risk categories (RISK). `carried` is the self-harm level of earlier turns.
    `denied` says that the writer took an earlier risk back in this entry. `looping` says that the writer goes round the same
    question (no "why" is asked then). `hot` says that the wish to write is tonight's, or that they drank.
    """

    route: Route
    level: Level
    categories: Mapping[Category, Level]
    signals: tuple[str, ...]
    carried: Level = Level.NONE
    denied: bool = False
    looping: bool = False
    hot: bool = False

    def has(self, category: Category) -> bool:
        """Say whether the category was found at any level above none."""
        return self.categories.get(category, Level.NONE) > Level.NONE
