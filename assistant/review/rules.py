"""Rules over wording, one file for each reason, with lines that must be dropped and near misses that must pass."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args

from assistant.errors import RulesBroken
from assistant.review.verdict import PartName, Reason

_FOLDER = Path(__file__).with_name("rules")
_PARTS: frozenset[str] = frozenset(get_args(PartName))
_MODELS = _PARTS - {"fixed"}  # fixed texts are written by people; only rules that name the part read them
_MACROS = "macros.toml"
_MACRO = re.compile(r"\{([a-z_]+)\}")
_EXCUSES = frozenset({"reported", "held", "passage"})


@dataclass(frozen=True, slots=True)
class Example:
    """A line to try a rule on."""

    text: str
    part: PartName
    entry: str | None = field(default=None, repr=False)
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `excuses` say what lets a hit stand: "reported", it is said of the writer's own words and the entry, where there is one, holds it;
    "held", the same, and an entry is needed; "passage", a passage of the library says so. `quoted` rules also read quotations.
    """

    id: str
    reason: Reason
    patterns: tuple[re.Pattern[str], ...]
    parts: frozenset[str]
    excuses: frozenset[str]
    quoted: bool
    drops: tuple[Example, ...]
    near_miss: tuple[Example, ...]

    def hits(self, text: str) -> list[re.Match[str]]:
        """Return every place where a pattern fits."""
        return [match for pattern in self.patterns for match in pattern.finditer(text)]


def load(folder: Path = _FOLDER) -> tuple[Rule, ...]:
    """Read all rule files of a folder, in order of their names.

    Raises:
        RulesBroken: a file cannot be read, a rule lacks something, a pattern is no regular expression, or an id is there twice.
    """
    macros = _macros(folder / _MACROS)
    paths = sorted(path for path in folder.glob("*.toml") if path.name != _MACROS)
    rules = tuple(rule for path in paths for rule in _read(path, macros))
    if not rules:
        raise RulesBroken(folder, "the folder holds no rules")
    ids = [rule.id for rule in rules]
    for path in paths:
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise RulesBroken(path, f"the id {twice[0]} is there twice")
    return rules


@cache
def shipped() -> tuple[Rule, ...]:
    """Return the rules of this installation."""
    return load()


def _macros(path: Path) -> Mapping[str, str]:
    try:
        return {str(name): str(text) for name, text in tomllib.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError) as error:
        raise RulesBroken(path, f"it cannot be read ({type(error).__name__})") from None


def _read(path: Path, macros: Mapping[str, str]) -> list[Rule]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return [_rule(row, macros) for row in raw["rule"]]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesBroken(path, f"it cannot be read ({type(error).__name__})") from None
    except re.error as error:
        raise RulesBroken(path, f"a pattern is no regular expression ({error.msg})") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RulesBroken(path, f"a rule lacks something or has a wrong value ({type(error).__name__}: {error})") from None


def _rule(row: Mapping[str, Any], macros: Mapping[str, str]) -> Rule:
    parts = frozenset(row["parts"]) if "parts" in row else _MODELS
    first = next((part for part in get_args(PartName) if part in parts), None)
    rule = Rule(
        id=str(row["id"]),
        reason=Reason(row["reason"]),
        patterns=tuple(_compile(pattern, macros) for pattern in row["patterns"]),
        parts=parts,
        excuses=frozenset(str(row.get("excuse", "")).split()),
        quoted=bool(row.get("quoted", False)),
        drops=tuple(_example(line, first) for line in row["drops"]),
        near_miss=tuple(_example(line, first) for line in row["near_miss"]),
    )
    if not (rule.id and rule.patterns and rule.drops and rule.near_miss and parts <= _PARTS and rule.excuses <= _EXCUSES):
        raise ValueError(rule.id)
    return rule


def _compile(pattern: str, macros: Mapping[str, str]) -> re.Pattern[str]:
    previous = ""
    while previous != pattern:
        previous, pattern = pattern, _MACRO.sub(lambda match: macros.get(match[1], match[0]), pattern)
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def _example(line: str | Mapping[str, Any], part: Any) -> Example:  # noqa: ANN401 - TOML gives what it gives; a wrong part is refused
    if isinstance(line, str):
        return Example(line, part)
    if line.get("part", part) not in _PARTS:
        raise ValueError(line["part"])
    return Example(str(line["text"]), line.get("part", part), line.get("entry"), tuple(line.get("passages", ())))
