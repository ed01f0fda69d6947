"""What a search knows its notes by: the index of the shipped texts, the person's own notes beside it, and the discriminant over both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.library import shipping
from assistant.library.collection import Library
from assistant.library.cues import Cues
from assistant.library.discriminant import Discriminant, Group
from assistant.library.facets import ELSEWHERE, facets, of_notes, said_owner, topic_owner
from assistant.library.index import LibraryIndex
from assistant.library.notes import Note
from assistant.library.vectors import FacetVectors, Matrix, Rows, encode_many, prepare

# How much a line of each kind says about which note an entry is for; chosen on the tuning rows.
_OWN, _FIRST_TOPIC, _NEXT_TOPICS = 0.5, 0.7, 0.2  # a note's own texts, the lines of its first topic and of the next; its situations are 1
_NEXT = 2  # how many of the next topics count


class Columns:
    """Where the notes' texts, their lines and their topics stand in a matrix of nearness; the last column is for what is not there."""

    def __init__(self, notes: Sequence[Note], names: Sequence[str]) -> None:
        at = {name: number for number, name in enumerate(names)}
        none = len(names)
        self.elsewhere = at.get(ELSEWHERE, none)
        self.own = np.array([at.get(note.id, none) for note in notes], np.intp)
        self.said = np.array([at.get(said_owner(note.id), none) for note in notes], np.intp)
        most = max((len(note.topics) for note in notes), default=0) or 1
        self.topics = np.full((len(notes), most), none, np.intp)
        for row, note in enumerate(notes):
            self.topics[row, : len(note.topics)] = [at.get(topic_owner(topic), none) for topic in note.topics]

    def of(self, rows: Rows) -> Rows:
        """Return the columns of all that stands for the notes in `rows`."""
        return np.unique(np.concatenate([self.own[rows], self.said[rows], self.topics[rows].ravel()]))


@dataclass(frozen=True, slots=True)
class Known:
    """`own` holds vectors of the person's own notes: in memory only, since vectors can be turned back into words.

    Column i of `discriminant` is note i of the library; `subject` tells what the library is about (column 0) from other things (column 1).
    """

    index: LibraryIndex
    own: FacetVectors
    columns: Columns
    discriminant: Discriminant
    subject: Discriminant

    @classmethod
    def of(cls, library: Library, cues: Cues, embeddings: Embeddings, model: str, *, cache: Path, closing: Callable[[], bool]) -> Known:
        """Encode what has no vector, open the index, compute the discriminant; raises what the embedder raises, and LibraryClosed."""
        shipped = [note for note in library.everything if not note.own]
        added = [note for note in library.everything if note.own]
        vectors = prepare(facets(shipped, cues), embeddings, model, cache=cache, shipped=shipping.read(library.folder), closing=closing)
        own = _in_memory(added, embeddings, closing, vectors.matrix.shape[1])
        groups = [_group(note, own if note.own else vectors, vectors) for note in library.everything]
        columns = Columns(library.everything, (*vectors.names, *own.names))
        return cls(LibraryIndex(vectors, cache), own, columns, Discriminant(groups), _subject(vectors))

    def nearest(self, queries: Matrix) -> Matrix:
        """Return the best cosine of each query with any text of each owner, in the columns of `columns`; the last one holds 0."""
        nothing = np.zeros((len(queries), 1), np.float32)
        return np.hstack([self.index.nearest(queries), self.own.nearest(queries), nothing])


def _subject(vectors: FacetVectors) -> Discriminant:
    """Tell our subject from other things; both weigh the same, though there are far more lines of ours."""
    sides = vectors.rows([owner for owner in vectors.names if owner != ELSEWHERE]), vectors.rows([ELSEWHERE])
    return Discriminant([Group(rows, np.full(len(rows), 1 / max(len(rows), 1), np.float32)) for rows in sides])


def _in_memory(notes: Sequence[Note], embeddings: Embeddings, closing: Callable[[], bool], dimensions: int) -> FacetVectors:
    texts = of_notes(notes)
    matrix = encode_many([facet.text for facet in texts], embeddings, closing) if texts else np.zeros((0, dimensions), np.float32)
    return FacetVectors([facet.owner for facet in texts], matrix, key="own")


def _group(note: Note, vectors: FacetVectors, shipped: FacetVectors) -> Group:
    """Gather the lines by which a note is known, each kind with its weight."""
    kinds = (
        (vectors.rows([said_owner(note.id)]), 1.0),
        (vectors.rows([note.id]), _OWN),
        (shipped.rows([topic_owner(topic) for topic in note.topics[:1]]), _FIRST_TOPIC),
        (shipped.rows([topic_owner(topic) for topic in note.topics[1 : 1 + _NEXT]]), _NEXT_TOPICS),
    )
    weights = np.concatenate([np.full(len(rows), weight, np.float32) for rows, weight in kinds])
    return Group(np.vstack([rows for rows, _ in kinds]), weights)
