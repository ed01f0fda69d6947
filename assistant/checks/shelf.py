"""Checks of what replies are made of, and of the disk."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from assistant import resources
from assistant.checks.finding import Finding
from assistant.errors import AfterwordError
from assistant.settings import Settings

_SPARE = 2_000_000_000  # bytes; the search index, a model's pieces and a journal fit many times


def library() -> Finding:
    """Look at the notes and exercises as `afterword library check` does."""
    from assistant.library import check, load

    try:
        found = load(resources.folder("knowledge"))
        broken = [problem for problem in check(found, date.today()) if not problem.warning]
    except AfterwordError as error:
        return Finding("do", "library", str(error))
    if broken:
        return Finding("do", "library", f"{len(broken)} problems. `afterword library check` names them")
    return Finding("ok", "library", f"{len(found.notes)} notes and {len(found.exercises)} exercises")


def own_library(settings: Settings) -> Finding:
    """Look at the notes and exercises that the person added."""
    from assistant.library import load, with_own

    try:
        found = with_own(load(resources.folder("knowledge")), settings.own_library_dir)
    except AfterwordError as error:
        return Finding("do", "your own notes", str(error))
    unusable = [broken for broken in found.skipped if broken.path.is_relative_to(settings.own_library_dir)]
    if unusable:
        return Finding("do", "your own notes", f"{len(unusable)} cannot be used. `afterword library own` says why")
    return Finding("ok", "your own notes", f"{sum(note.own for note in found.everything)} added")


def helplines() -> Finding:
    """Look for lines that were read so long ago that somebody should read them again."""
    from assistant.helplines import load, overdue

    try:
        due = overdue(load(), date.today())
    except AfterwordError as error:
        return Finding("do", "help lines", str(error))
    if due:
        return Finding("do", "help lines", f"{len(due)} were checked more than a year ago. Update Afterword (git pull)")
    return Finding("ok", "help lines", "all were checked within a year")


def disk(settings: Settings) -> Finding:
    """See how much is free where models and index lie."""
    where = next(folder for folder in (settings.data_dir, *settings.data_dir.parents) if Path(folder).exists())
    free = shutil.disk_usage(where).free
    if free < _SPARE:
        return Finding("do", "disk", f"{free / 1e9:.1f} GB are free; {_SPARE / 1e9:.0f} GB or more are better. Free some space")
    return Finding("ok", "disk", f"{free / 1e9:.0f} GB free")
