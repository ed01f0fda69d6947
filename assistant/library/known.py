"""What a search knows its notes by: the index of the shipped texts, the person's own notes beside it, and the discriminant over both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.library.collection import Library
from assistant.library.cues import Cues
from assistant.library.discriminant import Discriminant, Group
from assistant.library.facets import ELSEWHERE, facets, of_notes, said_owner, topic_owner
from assistant.library.index import LibraryIndex
from assistant.library.notes import Note
from assistant.library.vectors import FacetVectors, Matrix, encode, prepare

OURS = "ours"
# How much a line of each kind says about which note an entry is for; chosen on the tuning rows.
_OWN, _FIRST_TOPIC, _NEXT_TOPICS = 0.5, 0.7, 0.2  # a note's own texts, the lines of its first topic and of the next; its situations are 1
_NEXT = 2  # how many of the next topics count


@dataclass(frozen=True, slots=True)
class Known:
    """`own` holds vectors of the person's own notes: in memory only, since vectors can be turned back into words.

    `discriminant` tells notes apart, `subject` what the library is about (OURS) from other things (ELSEWHERE).
    """

    index: LibraryIndex
    own: FacetVectors
    discriminant: Discriminant
    subject: Discriminant

    @classmethod
    def of(cls, library: Library, cues: Cues, embeddings: Embeddings, model: str, folder: Path) -> Known:
        """Encode what changed, open the index and compute the discriminant; raises what the embedder raises."""
        shipped = [note for note in library.everything if not note.own]
        added = [note for note in library.everything if note.own]
        vectors = prepare(facets(shipped, cues), embeddings, model, folder)
        own = _in_memory(added, embeddings, vectors.matrix.shape[1])
        groups = {note.id: _group(note, own if note.own else vectors, vectors) for note in library.everything}
        return cls(LibraryIndex(vectors, folder), own, Discriminant(groups), _subject(vectors))

    def nearest(self, queries: Matrix, among: Sequence[str]) -> Matrix:
        """Return the best cosine of each query with any text of each owner, shape (queries, among)."""
        return np.maximum(self.index.nearest(queries, among), self.own.nearest(queries, among))


def _subject(vectors: FacetVectors) -> Discriminant:
    elsewhere = vectors.rows([ELSEWHERE])
    ours = vectors.rows([owner for owner in vectors.owners if owner != ELSEWHERE])
    return Discriminant({name: Group(rows, np.ones(len(rows), np.float32)) for name, rows in ((OURS, ours), (ELSEWHERE, elsewhere))})


def _in_memory(notes: Sequence[Note], embeddings: Embeddings, dimensions: int) -> FacetVectors:
    texts = of_notes(notes)
    matrix = encode([facet.text for facet in texts], embeddings) if texts else np.zeros((0, dimensions), np.float32)
    return FacetVectors(tuple(facet.owner for facet in texts), matrix, key="own")


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
