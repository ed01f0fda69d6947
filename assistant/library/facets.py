"""What is turned into vectors: the texts of notes, the lines of topics, and the pieces of an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.library.cues import Cues
from assistant.library.notes import Note

ELSEWHERE = "elsewhere"
_TOPIC, _SAID = "topic/", "said/"  # no note's id holds a slash

# The model was trained on 128 tokens and cuts at 256; 120 words are about 160 tokens, and 40 words of overlap keep a thought whole.
_WORDS, _STEP = 120, 80
_CHUNKS = 40  # about 3 300 words; of a longer entry the head and the tail are searched with


@dataclass(frozen=True, slots=True)
class Facet:
    """One text, and what is found by it: a note's id, a topic, or ELSEWHERE."""

    owner: str
    text: str


def topic_owner(topic: str) -> str:
    """Return the owner of a topic's lines."""
    return _TOPIC + topic


def said_owner(note_id: str) -> str:
    """Return the owner of a note's lines in the voice of an entry."""
    return _SAID + note_id


def of_notes(notes: Sequence[Note]) -> tuple[Facet, ...]:
    """Return the texts of notes, and the lines in the voice of an entry that should find them."""
    own = [Facet(note.id, text) for note in notes for text in _texts(note)]
    return (*own, *(Facet(said_owner(note.id), line) for note in notes for line in note.situations))


def facets(notes: Sequence[Note], cues: Cues) -> tuple[Facet, ...]:
    """Return every text by which something can be found."""
    found = list(of_notes(notes))
    found += [Facet(topic_owner(topic), line) for topic, lines in sorted(cues.topics.items()) for line in lines]
    return (*found, *(Facet(ELSEWHERE, line) for line in cues.elsewhere))


def _texts(note: Note) -> tuple[str, ...]:
    topics = ", ".join(topic.replace("-", " ") for topic in note.topics)
    return (f"{note.title}. {note.gist}", f"{note.title}: {topics}", *note.paragraphs, *note.questions)


@dataclass(frozen=True, slots=True)
class Query:
    """An entry cut into overlapping pieces of at most 120 words, so that no part of it is lost to the model's cut."""

    pieces: tuple[str, ...] = field(repr=False)


def query(text: str) -> Query:
    """Cut an entry; a text without words gives no pieces."""
    words = text.split()
    starts = range(0, max(len(words) - (_WORDS - _STEP), 1), _STEP)
    pieces = [" ".join(words[start : start + _WORDS]) for start in starts] if words else []
    if len(pieces) > _CHUNKS:
        pieces = pieces[: _CHUNKS // 2] + pieces[-_CHUNKS // 2 :]
    return Query(tuple(pieces))
