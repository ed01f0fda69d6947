"""The person's own notes and exercises: read from a folder of theirs, checked, marked, and kept behind the safety rules.

They are in the format of knowledge/, where most of the head may be left out. They are never part of a reply on an urgent route, since those
have fixed texts only, never shown to someone who is afraid, pursues or is bereaved, and hold none of the wording that no note may hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from assistant.errors import NoteBroken
from assistant.library.check import refusals
from assistant.library.collection import Library
from assistant.library.notes import Note, read_exercise, read_note

_N = TypeVar("_N", bound=Note)
_NOT_FOR = frozenset({"abuse", "pursuit", "restraint", "asked_stop", "bereaved", "check_in", "youth"})
_MOST = 500  # files of each kind; more would make every start slow


def with_own(library: Library, folder: Path) -> Library:
    """Return the library with the notes and exercises of `folder` added; a file that cannot be used is named in `skipped`."""
    skipped: list[NoteBroken] = []
    taken = {note.id for note in library.everything}

    def usable(kind: str, read: Callable[[Path, bool], _N]) -> tuple[_N, ...]:
        found: list[_N] = []
        paths = sorted((folder / kind).glob("*.md"))
        skipped.extend(NoteBroken(path, f"there are more than {_MOST} files in its folder") for path in paths[_MOST:])
        for path in paths[:_MOST]:
            try:
                note = read(path, True)
            except NoteBroken as broken:
                skipped.append(broken)
                continue
            except OSError:
                skipped.append(NoteBroken(path, "it cannot be read"))
                continue
            if refused := _refusal(note, library, taken):
                skipped.append(NoteBroken(path, refused))
                continue
            taken.add(note.id)
            found.append(replace(note, not_when=note.not_when | _NOT_FOR, when=note.when - _NOT_FOR, disagrees=()))
        return tuple(found)

    try:
        notes, exercises = usable("guidance", read_note), usable("exercises", read_exercise)
    except OSError:
        return replace(library, skipped=(*library.skipped, NoteBroken(folder, "the folder of your own notes cannot be read")))
    return replace(
        library,
        notes=(*library.notes, *notes),
        exercises=(*library.exercises, *exercises),
        skipped=(*library.skipped, *skipped),
    )


def _refusal(note: Note, library: Library, taken: set[str]) -> str:
    if note.id in taken:
        return "a file of the library has the same id"
    return next(refusals(note, library), "")
