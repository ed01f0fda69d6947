"""Hybrid search: nearest vectors and BM25, fused by reciprocal rank; what must not be shown is left out before anything is ranked.

A note is near an entry by its own texts and by the lines of its topics (cues.toml). An entry that is nearer to the
lines about other things than to any note gets nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.errors import EmbedderMissing, WorkerError
from assistant.library import cues
from assistant.library.collection import Library
from assistant.library.facets import ELSEWHERE, facets, query, topic_owner
from assistant.library.index import LibraryIndex
from assistant.library.notes import SITUATIONS, Note
from assistant.library.vectors import Matrix, encode, prepare
from assistant.library.words import Words

_RANK = 60.0  # reciprocal rank fusion as published (Cormack and others, 2009): 1 / (60 + rank)
# The numbers below were chosen by grid search over evals/datasets/retrieval_dev.jsonl (125 entries, 86 with a note that fits, 39
# without), with the circumstances that screening finds. Measured on the same rows, 46 notes: recall@3 of the best notes 0.74, a fitting
# note first 0.67, nothing found though something fits 5 of 86, something found though nothing fits 3 of 39; by words alone 0.50, 0.47,
# 8 of 86, 11 of 39. Without the lines of cues.toml in the ranking: 0.52 and 0.40 at best.
# These are the rows it was tuned on, and cues.toml was extended after looking at some of them: expect less elsewhere.
_OWN = 0.2  # share of a note's own texts in its nearness; the rest are the lines of its topics
_FIRST = 0.4  # share of a note's first topic in those; the rest is its nearest topic
_BM25 = 0.5  # weight of the word ranks beside the vector ranks
_PREFERRED = 0.004  # for each circumstance that a note is made for: about fifteen ranks
_FITS, _MARGIN = 0.34, 0.0  # how near a piece of an entry must be, and how much nearer than ELSEWHERE
_FITS_BY_WORDS = 1.75  # BM25 of a note when there are no vectors
_PLAINLY = 0.45  # a note made for a situation that screening did not find has to be this near; 0.4 to 0.5 were tried on the same rows
_ALWAYS = frozenset({"reflect", "night", "day"})  # one of these is nearly always there: preferring notes for it made search worse


@dataclass(frozen=True, slots=True)
class Hit:
    """A note that was found. `score` is fused and comparable within one search; `cosine` is None in a search by words only."""

    note: Note
    score: float
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first. `by_words_only` says that the embedder could not be asked."""

    hits: tuple[Hit, ...]
    by_words_only: bool = False


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near each note is, by id, and how near the nearest note and the nearest line of ELSEWHERE are to one piece of the entry.

    `fit` and `elsewhere` belong to the piece that speaks most for the library.
    """

    cosines: Mapping[str, float]
    fit: float
    elsewhere: float

    @property
    def fits(self) -> bool:
        """Say whether anything in the library fits."""
        return self.fit >= _FITS and self.fit - self.elsewhere >= _MARGIN


class Search:
    """Searches one library. The index is made at the first search, or by `warm`; safe to use from several threads."""

    def __init__(self, library: Library, embeddings: Embeddings, model: str, index_dir: Path) -> None:
        self._library = library
        self._embeddings = embeddings
        self._model = model
        self._index_dir = index_dir
        self._cues = cues.shipped()
        self._words = Words(library.everything, self._cues)
        self._lock = threading.Lock()
        self._index: LibraryIndex | None = None

    @property
    def notice(self) -> str:
        """A plain sentence when Chroma had to be left aside, else empty."""
        return self._index.notice if self._index is not None else ""

    def warm(self) -> None:
        """Make the index now; raises what the embedder raises."""
        self._ready()

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def find(self, text: str, pool: Collection[Note], tags: frozenset[str] = frozenset(), matches: int = 1) -> Found:
        """Return the notes of `pool` that fit the text, preferring those whose `when` meets the tags (up to `matches` of them count).

        A note whose `not_when` meets the tags is never among them. An empty result means that nothing in the library fits.
        """
        allowed = [note for note in pool if not note.not_when & tags]
        circumstances = tags - _ALWAYS
        bm25 = self._words.scores(text, frozenset(note.id for note in allowed))
        try:
            near = self.nearness(text, allowed)
        except (WorkerError, EmbedderMissing):
            fitting = [note for note in allowed if bm25.get(note.id, 0.0) >= _FITS_BY_WORDS and not note.is_misplaced(tags)]
            return Found(_ranked(fitting, {}, bm25, circumstances, matches), by_words_only=True)
        placed = [note for note in allowed if not note.is_misplaced(tags) or near.cosines[note.id] >= _PLAINLY]
        if not near.fits:
            placed = [note for note in placed if note.is_situational and note.when & circumstances & SITUATIONS]
        return Found(_ranked(placed, near.cosines, bm25, circumstances, matches))

    def nearness(self, text: str, notes: Sequence[Note]) -> Nearness:
        """Compare an entry with notes by vectors; raises what the embedder raises."""
        pieces = query(text).pieces
        if not pieces or not notes:
            return Nearness({}, 0.0, 0.0)
        index = self._ready()
        queries = _with_mean(encode(pieces, self._embeddings))
        topics = sorted({topic for note in notes for topic in note.topics})
        owners = [ELSEWHERE, *map(topic_owner, topics), *(note.id for note in notes)]
        best = index.nearest(queries, owners)
        elsewhere, by_topic, own = best[:, 0], best[:, 1 : 1 + len(topics)], best[:, 1 + len(topics) :]
        near = _OWN * own.max(axis=0) + (1 - _OWN) * _by_topics(notes, topics, by_topic.max(axis=0))
        fit = np.maximum(by_topic.max(axis=1, initial=0.0), own.max(axis=1))
        piece = int((fit - elsewhere).argmax())
        cosines = {note.id: float(cosine) for note, cosine in zip(notes, near, strict=True)}
        return Nearness(cosines, float(fit[piece]), float(elsewhere[piece]))

    def _ready(self) -> LibraryIndex:
        with self._lock:
            if self._index is None:
                texts = facets(self._library.everything, self._cues)
                self._index = LibraryIndex(prepare(texts, self._embeddings, self._model, self._index_dir), self._index_dir)
            return self._index


def _with_mean(vectors: Matrix) -> Matrix:
    """Add the pieces' mean, which stands for the entry as a whole."""
    if len(vectors) == 1:
        return vectors
    mean = vectors.mean(axis=0, keepdims=True)
    return np.vstack([vectors, mean / max(float(np.linalg.norm(mean)), 1e-9)]).astype(np.float32)


def _by_topics(notes: Sequence[Note], topics: Sequence[str], cosines: Matrix) -> Matrix:
    """Return for each note how near its topics are: the nearest one, and the first, which the note is mostly about."""
    at = {topic: float(cosine) for topic, cosine in zip(topics, cosines, strict=True)}
    near = [(1 - _FIRST) * max(map(at.__getitem__, note.topics)) + _FIRST * at[note.topics[0]] if note.topics else 0.0 for note in notes]
    return np.array(near, np.float32)


def _ranked(
    notes: Sequence[Note], cosines: Mapping[str, float], bm25: Mapping[str, float], circumstances: frozenset[str], matches: int
) -> tuple[Hit, ...]:
    by_cosine, by_bm25 = _shares(cosines, 1.0), _shares(bm25, _BM25)

    def hit(note: Note) -> Hit:
        preferred = _PREFERRED * min(len(note.when & circumstances), matches)
        return Hit(note, by_cosine(note.id) + by_bm25(note.id) + preferred, cosines.get(note.id))

    return tuple(sorted(map(hit, notes), key=lambda found: (-found.score, found.note.id)))


def _shares(scores: Mapping[str, float], weight: float) -> Callable[[str], float]:
    ordered = sorted(scores, key=lambda note_id: (-scores[note_id], note_id))
    shares = {note_id: weight / (_RANK + rank) for rank, note_id in enumerate(ordered, start=1)}
    return lambda note_id: shares.get(note_id, 0.0)
