"""Lines in the voice of an entry, by topic, and lines about what the library does not hold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.errors import RulesBroken

_FILE = Path(__file__).with_name("cues.toml")
_ELSEWHERE = Path(__file__).with_name("elsewhere.txt")  # whole entries about other things, one a line


@dataclass(frozen=True, slots=True)
class Cues:
    """`topics` says how people put a topic; `elsewhere` holds lines that no note answers."""

    topics: Mapping[str, tuple[str, ...]]
    elsewhere: tuple[str, ...]

    def of(self, topics: tuple[str, ...]) -> str:
        """Return all lines of some topics as one text."""
        return " ".join(line for topic in topics for line in self.topics.get(topic, ()))


@cache
def shipped() -> Cues:
    """Return the cues of this installation.

    Raises:
        RulesBroken: the file cannot be used.
    """
    try:
        table = tomllib.loads(_FILE.read_text("utf-8"))
        topics = {topic: tuple(map(str, lines)) for topic, lines in table["topics"].items()}
        entries = filter(None, map(str.strip, _ELSEWHERE.read_text("utf-8").splitlines()))
        return Cues(topics, (*map(str, table["elsewhere"]["lines"]), *entries))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise RulesBroken(_FILE, type(error).__name__) from None
