"""From what was found to how the reply is framed."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.screening.levels import Category, Level, Route

_FROM_POSSIBLE = {
    Category.SELF_HARM: Route.CHECK_IN,
    Category.ABUSE: Route.PROTECT,
    Category.HARM_OTHERS: Route.BOUNDARY,
    Category.PURSUIT: Route.BOUNDARY,
    Category.YOUTH: Route.YOUTH,
    Category.LOGISTICS: Route.LOGISTICS,
    Category.THEY_WROTE: Route.THEY_WROTE,
    Category.ONCE: Route.ONCE,
}
_FROM_PRESENT = {Category.SELF_HARM: Route.CRISIS, Category.PURSUIT: Route.RESTRAINT}


def route_of(category: Category, level: Level) -> Route:
    """Return the route that one category asks for at a level."""
    if level == Level.NONE or (category is Category.CHECKING and level == Level.POSSIBLE):
        return Route.REFLECT  # looking, told rather than asked for, is something to write about
    if level >= Level.PRESENT and category in _FROM_PRESENT:
        return _FROM_PRESENT[category]
    return _FROM_POSSIBLE.get(category, Route.BOUNDARY)


def decide(categories: Mapping[Category, Level]) -> Route:
    """Return the most severe route that the categories ask for; REFLECT when there are none.

    A threat to the ex or a new partner arrives as harm_others and pursuit together, so it becomes restraint; harm to anyone
    else stays a boundary.
    """
    return max((route_of(category, level) for category, level in categories.items()), default=Route.REFLECT)
