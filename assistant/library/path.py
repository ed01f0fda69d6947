"""The path from the first night to later, and what on it is offered first.

Tonight: a pause, a distraction, one distanced sentence. Tomorrow: a plan, plain writing. Weekly: who am I now, kindness. Later, and once:
what I understand, what is easier now that it is over. The order is our reading of the studies named in the notes, not a finding.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.library.notes import Note, Place

_NOW = frozenset({"night", "hot", "urge", "drunk", "looping", "check_in"})  # an hour to get through, whatever the calendar says
_NIGHT: tuple[Place, ...] = ("tonight", "any", "tomorrow", "weekly", "later")
_DAY: Mapping[str, tuple[Place, ...]] = {
    "early": ("tomorrow", "tonight", "any", "weekly", "later"),
    "weeks": ("weekly", "tomorrow", "any", "tonight", "later"),
    "months": ("later", "weekly", "any", "tomorrow", "tonight"),
}
_UNKNOWN: tuple[Place, ...] = ("any", "tomorrow", "tonight", "weekly", "later")


def order(tags: frozenset[str]) -> tuple[Place, ...]:
    """Return the places, the one to offer from first, for the hour and the time since it ended."""
    if tags & _NOW:
        return _NIGHT
    return next((places for tag, places in _DAY.items() if tag in tags), _UNKNOWN)


def steps_back(note: Note, tags: frozenset[str]) -> int:
    """Return how many places stand before the note's own (0 to 4)."""
    return order(tags).index(note.place)


def too_soon(note: Note, tags: frozenset[str]) -> bool:
    """Say whether a note of later, such as one on understanding, would come in the hard hour or in the first weeks."""
    return note.place == "later" and bool(tags & (_NOW | {"early"}))
