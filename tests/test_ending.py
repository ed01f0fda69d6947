"""When it ended and who ended it: how it is read, and what is made of it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.ending import NOTHING_TOLD, Ending, day
from assistant.errors import BadDay

_TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("since", "tag"),
    [
        (date(2026, 11, 24), "early"),
        (date(2026, 10, 28), "early"),
        (date(2026, 10, 27), "weeks"),
        (date(2026, 9, 2), "weeks"),
        (date(2026, 9, 1), "months"),
        (date(2027, 1, 1), "early"),
    ],
)
def test_the_time_since_is_early_for_four_weeks_and_months_after_twelve(since: date, tag: str) -> None:
    assert Ending(since).tags(_TODAY) == {tag}


def test_who_ended_it_is_believed_unless_the_entry_says_otherwise() -> None:
    assert Ending(by="them").tags(_TODAY) == {"left"}
    assert Ending(by="both").tags(None) == {"mutual"}
    assert Ending(by="me").tags(_TODAY, frozenset({"left", "urge"})) == frozenset()


def test_nothing_told_means_nothing() -> None:
    assert NOTHING_TOLD.tags(_TODAY) == frozenset()
    assert Ending(date(2026, 1, 1)).tags(None) == frozenset()


def test_a_month_stands_for_its_first_day() -> None:
    assert day("2026-10") == date(2026, 10, 1)
    assert day(" 2026-10-14 ") == date(2026, 10, 14)


@pytest.mark.parametrize("text", ["yesterday", "2026", "14.10.2026", "2026-13", ""])
def test_another_form_is_refused_in_one_plain_sentence(text: str) -> None:
    with pytest.raises(BadDay, match="2026-10-14"):
        day(text)
