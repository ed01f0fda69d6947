"""The whole library in memory: what was read, what was skipped, and how a note is cited."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

from assistant.errors import NoteBroken, NoteUnknown
from assistant.library.notes import Exercise, Note, Source, read_exercise, read_note

_N = TypeVar("_N", bound=Note)
ADDED = "added by you"
_OWN = "practice"  # the key for everyday good practice: our own suggestion, no study behind it


@dataclass(frozen=True, slots=True)
class Library:
    """Notes, exercises and sources, each in the order of their names; `skipped` says which files could not be used and why."""

    folder: Path
    notes: tuple[Note, ...]
    exercises: tuple[Exercise, ...]
    sources: Mapping[str, Source]
    skipped: tuple[NoteBroken, ...] = ()

    @property
    def everything(self) -> tuple[Note, ...]:
        """Notes, then exercises."""
        return (*self.notes, *self.exercises)

    @property
    def identity(self) -> str:
        """A hash of all that can be found, shown or cited, but for the person's own notes; an evaluation names it."""
        shipped = [note for note in self.everything if not note.own]
        parts = [*sorted(map(_stable, shipped)), *sorted(source.citation for source in self.sources.values())]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def find(self, note_id: str) -> Note:
        """Return the note or exercise with this id.

        Raises:
            NoteUnknown: there is none.
        """
        for note in self.everything:
            if note.id == note_id:
                return note
        raise NoteUnknown(note_id)

    def citation(self, note: Note) -> str:
        """Say in one line what stands behind a note: its sources, studies first; for a note of the person's own, that it is theirs."""
        if note.own:
            named = [self.sources[key].citation for key in note.sources if key in self.sources and key != _OWN]
            return "; ".join([ADDED, *named])
        keys = sorted(note.sources, key=lambda key: key == _OWN)
        return "; ".join(self.sources[key].citation if key in self.sources else key for key in keys)


def load(folder: Path) -> Library:
    """Read knowledge/. A file that breaks the format is left out and named in `skipped`; the rest works.

    Lines of voices/ID.txt, in the voice of an entry that should find the note ID, join the note's `situations`.
    """
    skipped: list[NoteBroken] = []
    notes = [_with_voices(note, folder, skipped) for note in _read_all(folder / "guidance", read_note, skipped)]
    exercises = _read_all(folder / "exercises", read_exercise, skipped)
    taken = {note.id for note in notes}
    doubles = [exercise for exercise in exercises if exercise.id in taken]
    skipped += [NoteBroken(folder / "exercises" / f"{double.id}.md", "a guidance note has the same id") for double in doubles]
    kept = tuple(exercise for exercise in exercises if exercise.id not in taken)
    return Library(folder, tuple(notes), kept, _read_sources(folder / "sources.toml", skipped), tuple(skipped))


def _read_all(folder: Path, read: Callable[[Path], _N], skipped: list[NoteBroken]) -> list[_N]:
    found: list[_N] = []
    for path in sorted(folder.glob("*.md")):
        try:
            found.append(read(path))
        except NoteBroken as broken:
            skipped.append(broken)
    return found


def _with_voices(note: Note, folder: Path, skipped: list[NoteBroken]) -> Note:
    path = folder / "voices" / f"{note.id}.txt"
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return note
    except (OSError, UnicodeDecodeError):
        skipped.append(NoteBroken(path, "it cannot be read as UTF-8 text"))
        return note
    return replace(note, situations=(*note.situations, *(line.strip() for line in lines if line.strip())))


def _read_sources(path: Path, skipped: list[NoteBroken]) -> Mapping[str, Source]:
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
        return {key: Source(key, str(table["citation"]), table) for key, table in tables.items()}
    except (OSError, ValueError):
        skipped.append(NoteBroken(path, "it cannot be read as TOML"))
    except (KeyError, TypeError):
        skipped.append(NoteBroken(path, "an entry has no citation"))
    return {}


def _stable(note: Note) -> str:
    values = [getattr(note, field.name) for field in fields(note)]
    return repr([sorted(value) if isinstance(value, frozenset) else value for value in values])
