"""How hard a text is to read: the Flesch-Kincaid grade, with syllables from pyphen's hyphenation patterns."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from assistant import sentences

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


@cache
def _dictionary() -> Any:  # noqa: ANN401 - pyphen has no types
    import pyphen

    return pyphen.Pyphen(lang="en_US", left=1, right=1)


def words(text: str) -> list[str]:
    """Return the words of a text; a number is none."""
    return _WORD.findall(text.replace("\u2019", "'"))


def syllables(word: str) -> int:
    """Count syllables as hyphenation sees them; it misses a few (open, idea), which are short in any case."""
    return len(_dictionary().positions(word.lower())) + 1


def grade(text: str) -> float:
    """Return the school grade (United States) that reads the text with ease; grade 7 is about age 12. 0 for an empty text.

    The formula is Kincaid and others (1975): 0.39 words per sentence + 11.8 syllables per word - 15.59.
    """
    spoken = words(text)
    if not spoken:
        return 0.0
    count = max(len(sentences.split(text)), 1)
    return 0.39 * len(spoken) / count + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59
