"""The word lists of review, read from lexicon.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import RulesBroken

_FILE = Path(__file__).with_name("lexicon.toml")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists; what each is for stands in lexicon.toml. All but the mappings hold words as they are written there."""

    frame: frozenset[str]
    hard: frozenset[str]
    relations: frozenset[str]
    feelings: frozenset[str]
    weak_feelings: frozenset[str]
    feminine: frozenset[str]
    masculine: frozenset[str]
    skipped: frozenset[str]
    loose_verbs: frozenset[str]
    openers: frozenset[str]
    groups: tuple[frozenset[str], ...]
    wider: Mapping[str, str]
    numbers: Mapping[str, str]
    irregular: Mapping[str, str]
    short_forms: Mapping[str, str]


def load(path: Path = _FILE) -> Lexicon:
    """Read a lexicon.

    Raises:
        RulesBroken: the file cannot be read, or a list is missing.
    """
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return _lexicon(raw)
    except (OSError, ValueError) as error:
        raise RulesBroken(path, f"it cannot be read ({type(error).__name__})") from None
    except (KeyError, AttributeError, TypeError) as error:
        raise RulesBroken(path, f"a list is missing or of the wrong kind ({type(error).__name__})") from None


def _lexicon(raw: Mapping[str, Any]) -> Lexicon:
    return Lexicon(
        frame=_words(raw["frame"]),
        hard=_words(raw["hard"]),
        relations=_words(raw["relations"]),
        feelings=_words(raw["feelings"]),
        weak_feelings=_words(raw["weak_feelings"]),
        feminine=_words(raw["feminine"]),
        masculine=_words(raw["masculine"]),
        skipped=_words(raw["skipped"]),
        loose_verbs=_words(raw["loose_verbs"]),
        openers=_words(raw["openers"]),
        groups=tuple(_words(line) for line in raw["groups"]),
        wider=dict(raw["wider"].items()),
        numbers=dict(raw["numbers"].items()),
        irregular={form: base for base, forms in raw["irregular"].items() for form in forms.split()},
        short_forms=dict(raw["short_forms"].items()),
    )


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


@cache
def shipped() -> Lexicon:
    """Return the lexicon of this installation."""
    return load()
