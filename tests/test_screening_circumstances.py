"""The situation and the hour, as words."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.conversation import Conversation
from assistant.entry import Entry
from assistant.screening import circumstances, default_screener
from assistant.screening.circumstances import asleep

SCREENER = default_screener()


def _words(text: str, hour: int | None = None) -> frozenset[str]:
    entry = Entry.of(text, None if hour is None else datetime(2026, 3, 1, hour, 30))
    return circumstances(entry, SCREENER.screen(entry, Conversation()))


def test_route_category_and_situation_are_words() -> None:
    assert {"logistics", "children"} <= _words("I need to text him about picking up the kids.")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("He cheated on me.", "cheated_on"),
        ("I cheated on him.", "cheated"),
        ("I broke up with her in May.", "leaver"),
        ("She dumped me.", "left"),
        ("He ghosted me.", "ghosted"),
        ("We still live together.", "living_together"),
        ("I see him at work, we work together.", "same_place"),
        ("My dad died in spring.", "bereaved"),
        ("He has a new girlfriend. His new girlfriend is nice.", "new_partner"),
        ("I had three glasses of wine.", "hot"),
        ("I'm about to text him.", "urge"),
        ("She told me to leave her alone.", "asked_stop"),
    ],
)
def test_a_situation_is_named(text: str, tag: str) -> None:
    assert tag in _words(text)


def test_without_a_time_it_is_neither_night_nor_day() -> None:
    assert not {"night", "day"} & _words("I miss her.")


@pytest.mark.parametrize(("hour", "word"), [(23, "night"), (2, "night"), (7, "day"), (22, "day")])
def test_the_hour_is_a_word(hour: int, word: str) -> None:
    assert word in _words("I miss her.", hour)


def test_sleeping_hours_may_lie_in_the_day() -> None:
    at = datetime(2026, 3, 1, 12)
    assert asleep(at, 9, 16)
    assert not asleep(at, 16, 9)
