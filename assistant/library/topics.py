"""Which notes and exercises stand for each topic: the table in docs/library.md."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.library.check import known_topics
from assistant.library.collection import Library
from assistant.library.notes import Note


def table(library: Library) -> str:
    """Return a Markdown table with a row for each topic, in the order of wording.toml; what a file is mainly about comes first."""
    rows = [
        f"| {topic.replace('-', ' ')} | {_named(library.notes, topic)} | {_named(library.exercises, topic)} |" for topic in known_topics()
    ]
    return "\n".join(["| topic | notes | exercises |", "|---|---|---|", *rows])


def _named(notes: Sequence[Note], topic: str) -> str:
    about = [note for note in notes if topic in note.topics and not note.own]
    about.sort(key=lambda note: (note.topics.index(topic), note.id))
    return ", ".join(f"`{note.id}`" for note in about)
