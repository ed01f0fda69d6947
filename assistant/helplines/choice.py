"""Guesses the writer's country from the computer's language settings; nothing is looked up anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# LC_TIME goes before LANG: people who read English menus abroad still set the date format of where they live.
_VARIABLES = ("LC_ALL", "LC_TIME", "LC_MESSAGES", "LANG")
_LOCALE = re.compile(r"[A-Za-z]{2,3}[_-]([A-Za-z]{2})(?:[.@].*)?")


@dataclass(frozen=True, slots=True)
class Guess:
    """A country nobody chose: its ISO 3166 code, and the variable that it was read from."""

    country: str
    variable: str


def country_from_locale(env: Mapping[str, str]) -> Guess | None:
    """Guess the country from the first locale variable that names one; None when none does ("C", "POSIX", "en")."""
    for variable in _VARIABLES:
        found = _LOCALE.fullmatch(env.get(variable, "").strip())
        if found:
            return Guess(found[1].upper(), variable)
    return None
