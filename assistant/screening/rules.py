"""Rules as data: the TOML files of rules/, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.errors import RulesBroken
from assistant.screening.context import NEGATIONS
from assistant.screening.levels import Category, Level
from assistant.screening.needles import needles

FOLDER = Path(__file__).resolve().parent / "rules"
_WORDS_FILE = "words.toml"

Flag = Literal[
    "negatable",  # a negation before it in its clause cancels it; hedged, a risk to self stays possible
    "quoted_counts",  # it counts inside a quotation too
    "quoted_only",  # it counts only inside a quotation that is not the writer's own
    "own",  # it does not count when someone else is its subject
    "past_fades",  # said of years ago it is possible at most, and nothing when all is well now
    "soft",  # with a laugh it is possible at most; said of an intrusive thought it is nothing
    "asked",  # it counts only in a sentence that asks for something
    "real",  # it does not count inside fiction, songs and games
]

_MACRO = re.compile(r"<([a-z_]+)>")
_GUARD = re.compile(r"\(\?!\(\?:not\|[a-z|]*\) \)")  # the look-ahead of <gap> and <wide>
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
_KEYS = frozenset(["id", "level", "also", "patterns", "unless", "flags", "fires", "near_miss"])


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for in a sentence. `category` is None for a rule of circumstance, whose `tag` is what it says."""

    id: str
    category: Category | None
    tag: str
    also: tuple[Category, ...]
    level: Level
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    flags: frozenset[str]
    fires: tuple[str, ...]
    near_miss: tuple[str, ...]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a rule's pattern when it is first needed; it matches whole words."""
    return re.compile(rf"\b(?:{pattern})\b")


@cache
def negations(pattern: str) -> frozenset[str]:
    """Return the negations that a pattern itself is made of; what a gap must not hold is none of them."""
    return NEGATIONS.intersection(re.findall(r"[a-z]+", _GUARD.sub("", pattern)))


@cache
def needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Return sets of substrings; every match of a pattern holds at least one of each."""
    return needles(pattern)


def load(folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Read every rule file of `folder`.

    Raises:
        RulesBroken: a file is missing or cannot be parsed, an id stands twice, a pattern is wrong or unbounded, or a rule
            lacks a line that must fire or a near miss.
    """
    words = _parsed(folder / _WORDS_FILE).get("words", {})
    found: list[Rule] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name != _WORDS_FILE:
            found.extend(_rules_of(path, _parsed(path), words))
    ids = [rule.id for rule in found]
    if not found or len(set(ids)) != len(ids):
        raise RulesBroken(folder, "there are no rules, or an id stands twice")
    return tuple(found)


@cache
def shipped() -> tuple[Rule, ...]:
    """Return the rules of this installation, read once."""
    return load()


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise RulesBroken(path, "it is missing or not readable TOML") from None


def _rules_of(path: Path, data: Mapping[str, Any], words: Mapping[str, str]) -> list[Rule]:
    try:
        return [_rule(path, raw, data, words) for raw in data["rule"]]
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise RulesBroken(path, f"a rule has a wrong or missing part ({error})") from None


def _rule(path: Path, raw: Mapping[str, Any], data: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    name = raw["id"]
    tag = raw.get("tag", "")
    unknown = set(raw) - _KEYS - {"tag"}
    flags = frozenset(raw.get("flags", data.get("flags", [])))
    if unknown or flags - set(get_args(Flag)):
        raise RulesBroken(path, f"{name} has an unknown part or flag")
    if not raw["fires"] or not raw["near_miss"] or not raw["patterns"]:
        raise RulesBroken(path, f"{name} lacks a pattern, a line that must fire or a near miss")
    if bool(tag) == ("category" in data):
        raise RulesBroken(path, f"{name} needs either a category or a tag")
    return Rule(
        id=name,
        category=None if tag else Category(data["category"]),
        tag=tag,
        also=tuple(Category(other) for other in raw.get("also", [])),
        level=Level[raw.get("level", "present").upper()],
        patterns=tuple(_expanded(path, name, pattern, words) for pattern in raw["patterns"]),
        unless=tuple(_expanded(path, name, pattern, words) for pattern in raw.get("unless", [])),
        flags=flags,
        fires=tuple(raw["fires"]),
        near_miss=tuple(raw["near_miss"]),
    )


def _expanded(path: Path, name: str, pattern: str, words: Mapping[str, str]) -> str:
    whole = pattern
    while _MACRO.search(whole):
        whole = _MACRO.sub(lambda macro: f"(?:{words[macro[1]]})", whole)
    if _UNBOUNDED.search(whole):
        raise RulesBroken(path, f"{name} has a repeat without an end")
    re.compile(whole)
    return whole
