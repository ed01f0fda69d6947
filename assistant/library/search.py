"""Hybrid search: a linear discriminant, the nearest lines and BM25, added up; what must not be shown is left out before anything is ranked.

A note is known by its own texts, by lines in the voice of an entry (its `situations`) and by the lines of its topics (cues.toml). An entry
that is nearer to the lines about other things than to any of these gets nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import EmbedderMissing, WorkerError
from assistant.library import cues, path
from assistant.library.collection import Library
from assistant.library.facets import ELSEWHERE, query, said_owner, topic_owner
from assistant.library.known import OURS, Known
from assistant.library.notes import SITUATIONS, Note
from assistant.library.vectors import Matrix, encode
from assistant.library.words import Words

# The numbers below were chosen on the tuning rows (evals/datasets/README.md), never on the test rows; figures: evals/baselines.
_FIRST = 0.4  # share of a note's first topic in the nearness of its topics; the rest is its nearest topic
_PREFERRED = 0.25  # for each circumstance that a note is made for
_PATH = 0.05  # for each place by which it stands further on the path than the hour asks for
_FITS, _MARGIN = 0.30, 0.07  # how near a piece of an entry must be to a line, and how much nearer than to ELSEWHERE
_SUBJECT = 0.01  # weight of the discriminant between our subject and other things, beside that margin
_FITS_BY_WORDS = 2.5  # BM25 of a note when there are no vectors
_PLAINLY = 3  # a note made for a situation that screening did not find has to be among so many by vectors
_ALWAYS = frozenset({"reflect", "night", "day"})  # one of these is nearly always there: preferring notes for it made search worse
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each way of ranking counts, in standard deviations over the notes that are compared. Evaluations leave ways out."""

    discriminant: float = 1.0
    said: float = 0.3
    topics: float = 0.2
    bm25: float = 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """A note that was found. `score` is in standard deviations over the notes that were compared, within one search."""

    note: Note
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first. `by_words_only` says that the embedder could not be asked."""

    hits: tuple[Hit, ...]
    by_words_only: bool = False


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near each note is by vectors, by id, and whether the entry is about anything of ours.

    `fit` and `margin` belong to the piece of the entry that speaks most for the library: how near it is to any line of ours, and how
    much more it speaks for our subject than for other things.
    """

    scores: Mapping[str, float]
    fit: float
    margin: float

    @property
    def fits(self) -> bool:
        """Say whether anything in the library fits."""
        return self.fit >= _FITS and self.margin >= _MARGIN


class Search:
    """Searches one library. The index is made at the first search, or by `warm`; safe to use from several threads."""

    def __init__(self, library: Library, embeddings: Embeddings, model: str, index_dir: Path, mix: Mix = Mix()) -> None:
        self._library = library
        self._embeddings = embeddings
        self._model = model
        self._index_dir = index_dir
        self._mix = mix
        self._cues = cues.shipped()
        self._words = Words(library.everything, self._cues)
        self._lock = threading.Lock()
        self._known: Known | None = None

    @property
    def notice(self) -> str:
        """A plain sentence when Chroma had to be left aside, else empty."""
        return self._known.index.notice if self._known is not None else ""

    def warm(self) -> None:
        """Make the index now; raises what the embedder raises."""
        self._ready()

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            if self._known is not None:
                self._known.index.close()
                self._known = None

    def find(self, text: str, pool: Collection[Note], tags: frozenset[str] = frozenset(), matches: int = 1) -> Found:
        """Return the notes of `pool` that fit the text, preferring those whose `when` meets the tags (up to `matches` of them count).

        A note whose `not_when` meets the tags is never among them. An empty result means that nothing in the library fits.
        """
        allowed = [note for note in pool if not note.not_when & tags]
        bm25 = self._words.scores(text, frozenset(note.id for note in allowed))
        try:
            near = self.nearness(text, allowed)
        except (WorkerError, EmbedderMissing):
            fitting = [note for note in allowed if bm25.get(note.id, 0.0) >= _FITS_BY_WORDS and not note.is_misplaced(tags)]
            return Found(_ranked(fitting, bm25, tags, matches), by_words_only=True)
        best = set(sorted(near.scores, key=lambda note_id: -near.scores[note_id])[:_PLAINLY])
        placed = [note for note in allowed if not note.is_misplaced(tags) or note.id in best]
        if not near.fits:
            placed = [note for note in placed if note.is_situational and note.when & (tags - _ALWAYS) & SITUATIONS]
        words = _standard([bm25.get(note.id, 0.0) for note in allowed])
        scores = {note.id: near.scores[note.id] + self._mix.bm25 * word for note, word in zip(allowed, words, strict=True) if near.scores}
        return Found(_ranked(placed, scores, tags, matches))

    def nearness(self, text: str, notes: Sequence[Note]) -> Nearness:
        """Compare an entry with notes by vectors; raises what the embedder raises."""
        pieces = query(text).pieces
        if not pieces or not notes:
            return Nearness({note.id: 0.0 for note in notes}, 0.0, 0.0)
        known = self._ready()
        queries = _with_mean(encode(pieces, self._embeddings))
        topics = sorted({topic for note in notes for topic in note.topics})
        owners = [ELSEWHERE, *map(topic_owner, topics), *(note.id for note in notes), *(said_owner(note.id) for note in notes)]
        best = known.nearest(queries, owners)
        elsewhere, ours, by_topic = best[:, 0], best[:, 1:], best[:, 1 : 1 + len(topics)]
        said = best[:, 1 + len(topics) + len(notes) :]
        near = self._mix.discriminant * _standard(known.discriminant.scores(queries, [note.id for note in notes]).max(axis=0))
        near += self._mix.said * _standard(said.max(axis=0))
        near += self._mix.topics * _standard(_by_topics(notes, topics, by_topic.max(axis=0)))
        fit = ours.max(axis=1, initial=0.0)
        subject = known.subject.scores(queries, [OURS, ELSEWHERE])
        margin = fit - elsewhere + _SUBJECT * (subject[:, 0] - subject[:, 1])
        piece = int(margin.argmax())
        scores = {note.id: float(score) for note, score in zip(notes, near, strict=True)}
        return Nearness(scores, float(fit[piece]), float(margin[piece]))

    def _ready(self) -> Known:
        with self._lock:
            if self._known is None:
                self._known = Known.of(self._library, self._cues, self._embeddings, self._model, self._index_dir)
            return self._known


def _standard(values: Sequence[float] | Matrix | Scores) -> Scores:
    """Return values in standard deviations from their mean; all equal, they are all 0."""
    array = np.asarray(values, np.float64)
    spread = float(array.std()) if len(array) else 0.0
    return (array - array.mean()) / spread if spread > 1e-9 else np.zeros(len(array))


def _with_mean(vectors: Matrix) -> Matrix:
    """Add the pieces' mean, which stands for the entry as a whole."""
    if len(vectors) == 1:
        return vectors
    mean = vectors.mean(axis=0, keepdims=True)
    return np.vstack([vectors, mean / max(float(np.linalg.norm(mean)), 1e-9)]).astype(np.float32)


def _by_topics(notes: Sequence[Note], topics: Sequence[str], cosines: Matrix) -> Scores:
    """Return for each note how near its topics are: the nearest one, and the first, which the note is mostly about."""
    at = {topic: float(cosine) for topic, cosine in zip(topics, cosines, strict=True)}
    near = [(1 - _FIRST) * max(map(at.__getitem__, note.topics)) + _FIRST * at[note.topics[0]] if note.topics else 0.0 for note in notes]
    return np.array(near, np.float64)


def _ranked(notes: Sequence[Note], scores: Mapping[str, float], tags: frozenset[str], matches: int) -> tuple[Hit, ...]:
    """Order notes by score, by what they are made for, and by their place on the path."""
    circumstances = tags - _ALWAYS

    def hit(note: Note) -> Hit:
        preferred = _PREFERRED * min(len(note.when & circumstances), matches)
        later = _PATH * path.steps_back(note, tags) if tags else 0.0
        return Hit(note, scores.get(note.id, 0.0) + preferred - later)

    return tuple(sorted(map(hit, notes), key=lambda found: (-found.score, found.note.id)))
