"""Where notes may and should be shown, as arrays over the notes of a library: ten thousand are sorted out in a millisecond."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from assistant.library import path
from assistant.library.notes import SITUATIONS, Note, Place

_ALWAYS = frozenset({"reflect", "night", "day"})  # one of these is nearly always there: preferring notes for it made search worse
_PLACES: tuple[Place, ...] = get_args(Place)
Flags = NDArray[np.bool_]
Bits = NDArray[np.int64]


class Placing:
    """Answers for all notes at once what `when`, `not_when` and `place` say of each; row i is note i."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._tags = {tag: 1 << number for number, tag in enumerate(sorted({tag for note in notes for tag in note.when | note.not_when}))}
        self._when = self._masks(note.when for note in notes)
        self._not_when = self._masks(note.not_when for note in notes)
        self.situational: Flags = np.array([note.is_situational for note in notes], bool)
        self._places = np.array([_PLACES.index(note.place) for note in notes], np.intp)

    def ruled_out(self, tags: frozenset[str]) -> Flags:
        """Say of which notes `not_when` holds."""
        return _any(self._not_when, self._mask(tags))

    def misplaced(self, tags: frozenset[str]) -> Flags:
        """Say which are made for situations of which none was found; with no tags at all nothing is known."""
        return self.situational & ~self.made_for(tags) & bool(tags)

    def made_for(self, tags: frozenset[str]) -> Flags:
        """Say which are made for certain situations only, of which one was found."""
        return self.situational & _any(self._when, self._mask(tags & SITUATIONS))

    def matches(self, tags: frozenset[str]) -> NDArray[np.int64]:
        """Count the circumstances that each note is made for."""
        bits = (self._tags.get(tag, 0) for tag in tags - _ALWAYS)
        return sum(((self._when & bit != 0).astype(np.int64) for bit in bits if bit), np.zeros(len(self._when), np.int64))

    def steps_back(self, tags: frozenset[str]) -> NDArray[np.int64]:
        """Return how many places on the path stand before each note's own; 0 for all when nothing is known."""
        if not tags:
            return np.zeros(len(self._places), np.int64)
        order = path.order(tags)
        return np.array([order.index(place) for place in _PLACES], np.int64)[self._places]

    def _mask(self, tags: Iterable[str]) -> int:
        return sum(self._tags.get(tag, 0) for tag in tags)

    def _masks(self, every: Iterable[Iterable[str]]) -> Bits:
        return np.array([self._mask(tags) for tags in every], np.int64)


def _any(masks: Bits, mask: int) -> Flags:
    """Say which of `masks` share a bit with `mask`."""
    shared: Flags = (masks & mask) != 0
    return shared
