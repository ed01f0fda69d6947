"""Where notes may be shown: the arrays say what the heads of the notes say."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from assistant import resources
from assistant.library import load, path
from assistant.library.notes import SITUATIONS, Note
from assistant.library.placing import Placing
from tests.library_files import write_note

_TAGS = ("night", "day", "reflect", "children", "left", "drunk", "hot", "abuse", "months", "never heard of")


@pytest.fixture
def notes(tmp_path: Path) -> tuple[Note, ...]:
    write_note(tmp_path, "always", when="[]", not_when="[]")
    write_note(tmp_path, "at-night", when="[night, hot]", not_when="[children]", place="tonight")
    write_note(tmp_path, "for-parents", when="[children]", not_when="[abuse, drunk]", place="later")
    return load(tmp_path).notes


def test_a_note_is_ruled_out_by_any_tag_of_its_not_when(notes: tuple[Note, ...]) -> None:
    assert list(Placing(notes).ruled_out(frozenset({"children", "night"}))) == [False, True, False]
    assert list(Placing(notes).ruled_out(frozenset({"drunk"}))) == [False, False, True]
    assert not Placing(notes).ruled_out(frozenset({"never heard of"})).any()


def test_a_note_for_a_situation_is_misplaced_where_that_was_not_found(notes: tuple[Note, ...]) -> None:
    placing = Placing(notes)
    assert list(placing.misplaced(frozenset({"left"}))) == [False, False, True]
    assert list(placing.misplaced(frozenset({"children"}))) == [False, False, False]
    assert list(placing.misplaced(frozenset())) == [False, False, False]
    assert list(placing.made_for(frozenset({"children", "night"}))) == [False, False, True]


def test_circumstances_are_counted_but_for_those_that_are_always_there(notes: tuple[Note, ...]) -> None:
    assert list(Placing(notes).matches(frozenset({"night", "hot", "children"}))) == [0, 1, 1]


def test_places_are_counted_from_the_one_to_begin_with(notes: tuple[Note, ...]) -> None:
    tags = frozenset({"night"})
    assert list(Placing(notes).steps_back(tags)) == [path.steps_back(note, tags) for note in notes]
    assert not Placing(notes).steps_back(frozenset()).any()


def test_the_whole_library_is_placed_as_its_heads_say() -> None:
    notes = load(resources.folder("knowledge")).everything
    placing = Placing(notes)
    for pair in combinations(_TAGS, 2):
        tags = frozenset(pair)
        np.testing.assert_array_equal(placing.ruled_out(tags), [bool(note.not_when & tags) for note in notes])
        found = [note.is_situational and not note.when & SITUATIONS & tags for note in notes]
        np.testing.assert_array_equal(placing.misplaced(tags), found)


def test_no_notes_are_no_trouble() -> None:
    assert Placing(()).ruled_out(frozenset({"night"})).shape == (0,)
    assert Placing(()).steps_back(frozenset({"night"})).shape == (0,)
