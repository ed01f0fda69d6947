"""Findings become routes by the table of the design."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.screening.levels import Category, Level, Route
from assistant.screening.routes import decide, route_of

LEVELS = st.dictionaries(st.sampled_from(list(Category)), st.sampled_from(list(Level)))


@pytest.mark.parametrize(
    ("category", "level", "route"),
    [
        (Category.SELF_HARM, Level.POSSIBLE, Route.CHECK_IN),
        (Category.SELF_HARM, Level.PRESENT, Route.CRISIS),
        (Category.SELF_HARM, Level.IMMINENT, Route.CRISIS),
        (Category.ABUSE, Level.POSSIBLE, Route.PROTECT),
        (Category.PURSUIT, Level.PRESENT, Route.RESTRAINT),
        (Category.PURSUIT, Level.POSSIBLE, Route.BOUNDARY),
        (Category.HARM_OTHERS, Level.PRESENT, Route.BOUNDARY),
        (Category.YOUTH, Level.PRESENT, Route.YOUTH),
        (Category.WIN_BACK, Level.PRESENT, Route.BOUNDARY),
        (Category.INJECTION, Level.PRESENT, Route.BOUNDARY),
        (Category.LOGISTICS, Level.PRESENT, Route.LOGISTICS),
        (Category.ONCE, Level.PRESENT, Route.ONCE),
        (Category.THEY_WROTE, Level.NONE, Route.REFLECT),
    ],
)
def test_a_category_asks_for_its_route(category: Category, level: Level, route: Route) -> None:
    assert route_of(category, level) is route


def test_nothing_found_is_reflect() -> None:
    assert decide({}) is Route.REFLECT


@given(LEVELS, st.sampled_from(list(Category)), st.sampled_from(list(Level)))
def test_one_more_finding_never_makes_a_route_milder(found: dict[Category, Level], category: Category, level: Level) -> None:
    more = {**found, category: max(level, found.get(category, Level.NONE))}
    assert decide(more) >= decide(found)
