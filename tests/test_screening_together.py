"""Two halves said far apart mean together what neither means alone; common words join in short entries only."""

from __future__ import annotations

import pytest

from assistant.screening.levels import Category
from assistant.screening.together import together

PADDING = "the rain fell and nothing else happened that day at all. " * 10


def categories(tags: set[str], text: str) -> set[Category]:
    """Return the categories that the halves join to."""
    return {finding.category for finding in together(frozenset(tags), text)}


@pytest.mark.parametrize("text", ["short", PADDING])
def test_a_thing_to_arrange_and_the_need_to_tell_are_logistics_in_any_entry(text: str) -> None:
    assert categories({"practical", "must_tell"}, text) == {Category.LOGISTICS}


@pytest.mark.parametrize("half", ["practical", "must_tell", "their_message", "wonders", "one_contact", "decided", "asks_program"])
def test_one_half_alone_is_nothing(half: str) -> None:
    assert categories({half}, "short") == set()


def test_common_halves_join_in_a_short_entry_and_not_in_a_long_one() -> None:
    halves = {"asks_program", "wants_back"}
    assert categories(halves, "help me get her back") == {Category.WIN_BACK}
    assert categories(halves, PADDING) == set()
