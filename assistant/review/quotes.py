"""The writer's own words in quotation marks: taken out before the rest is judged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.review.lexicon import Lexicon
from assistant.review.words import words

LONGEST = 12  # words; a longer quotation is a copy (brief for the mirror: the writer's words, not the writer's page)
_QUOTED = re.compile(r'"([^"\n]+)"|(?:(?<=\s)|^)\'([^\n]+?)\'(?=[\s.,;:!?]|$)')
_MARK = '"..."'


@dataclass(frozen=True, slots=True)
class Unquoted:
    """A sentence without its quotations, and what was wrong with them. Never shown by repr."""

    text: str = field(repr=False)
    too_long: bool = False
    foreign: bool = False


def take_out(sentence: str, entry: str | None, lexicon: Lexicon) -> Unquoted:
    """Replace each quotation by a mark.

    A quotation that the entry does not hold stays in the text, so that it is judged like any other words, and is `foreign`. With no
    entry at all nothing can be compared, and quotations count as the writer's.
    """
    page = None if entry is None else f" {' '.join(words(entry, lexicon))} "
    too_long = foreign = False

    def judged(match: re.Match[str]) -> str:
        nonlocal too_long, foreign
        said = words(match[1] or match[2], lexicon)
        too_long = too_long or len(said) > LONGEST
        if page is None or f" {' '.join(said)} " in page:
            return _MARK
        foreign = True
        return match[0]

    return Unquoted(_QUOTED.sub(judged, sentence), too_long, foreign)
