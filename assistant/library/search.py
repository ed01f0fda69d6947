"""Hybrid search: a discriminant over vectors, phrases, topics and BM25, added up; what must not be shown is left out before that.

A note is known by its own texts, by lines in the voice of an entry (its `situations`) and by the lines of its topics (cues.toml). An entry
that is nearer to the lines about other things than to any of these gets nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import EmbedderMissing, LibraryClosed, WorkerError
from assistant.library import cues, phrases
from assistant.library.collection import Library
from assistant.library.facets import ELSEWHERE, query
from assistant.library.known import Columns, Known
from assistant.library.notes import Note
from assistant.library.placing import Placing
from assistant.library.vectors import Matrix, Rows, encode
from assistant.library.words import Words

# The numbers below were chosen on the tuning rows (evals/datasets/README.md), never on the test rows; figures: evals/baselines.
_FIRST = 0.4  # share of a note's first topic in the nearness of its topics; the rest is its nearest topic
_PREFERRED = 0.25  # for each circumstance that a note is made for
_PATH = 0.05  # for each place by which it stands further on the path than the hour asks for
_FITS = 0.1  # how near the nearest of our lines must be at all
_MARGIN = 0.05  # how much more an entry must speak for our subject than for other things: nearness and discriminant, as weighed below
_SUBJECT, _SAID = 0.04, 0.3  # weights of the discriminant and of the phrases between our subject and other things; nearness has 1
_FITS_BY_WORDS = 2.5  # BM25 of a note when there are no vectors
_PLAINLY = 3  # a note made for a situation that screening did not find has to be among so many by vectors
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each way of ranking counts, in standard deviations over the notes that are compared. Evaluations leave ways out."""

    discriminant: float = 1.0
    topics: float = 0.3
    phrases: float = 0.4
    bm25: float = 0.45
    said: float = 0.0  # the nearest single line; for evaluations


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
    """How near each of the notes that are compared is by vectors, and whether the entry is about anything of ours.

    `fit` is how near any piece of the entry is to any line of ours, `margin` how much more the entry speaks for our subject than for
    other things.
    """

    scores: Scores
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
        self._notes = library.everything
        self._row = {note.id: row for row, note in enumerate(self._notes)}
        self._guidance: Rows = np.arange(len(library.notes))  # notes come before exercises
        self._placing = Placing(self._notes)
        self._words = Words(self._notes, self._cues)
        self._phrases = phrases.read(library.folder)
        column = self._phrases.column if self._phrases is not None else {}
        self._phrase_columns: Rows = np.array([column.get(note.id, -1) for note in self._notes], np.intp)
        self._phrase_elsewhere = column.get(ELSEWHERE, -1)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._known: Known | None = None

    @property
    def notice(self) -> str:
        """A plain sentence when Chroma had to be left aside, else empty."""
        return self._known.index.notice if self._known is not None else ""

    def warm(self) -> None:
        """Make the index now.

        Raises:
            WorkerError, EmbedderMissing: the embedder cannot be asked.
            LibraryClosed: it was closed meanwhile.
        """
        self._ready()

    def close(self) -> None:
        """Let go of the index's files; if it is just being made, leave that half done."""
        self._closing.set()
        with self._lock:
            if self._known is not None:
                self._known.index.close()
                self._known = None
            self._closing.clear()

    def find(self, text: str, pool: Collection[Note], tags: frozenset[str] = frozenset(), matches: int = 1, most: int = 50) -> Found:
        """Return the `most` notes of `pool` that fit the text best, preferring those whose `when` meets the tags (up to `matches` count).

        A note whose `not_when` meets the tags is never among them. An empty result means that nothing in the library fits.
        """
        rows: Rows = np.array([self._row[note.id] for note in pool], np.intp)
        rows = rows[~self._placing.ruled_out(tags)[rows]]
        bm25 = self._words.scores(text)[rows]
        misplaced = self._placing.misplaced(tags)[rows]
        phrased = self._phrases.scores(text) if self._phrases is not None else np.zeros(0, np.float32)
        try:
            near = self._nearness(text, rows, phrased)
        except (WorkerError, EmbedderMissing, LibraryClosed):
            fitting = (bm25 >= _FITS_BY_WORDS) & ~misplaced
            return Found(self._ranked(rows[fitting], bm25[fitting], tags, matches, most), by_words_only=True)
        if not near.fits:
            return Found(())
        placed = ~misplaced
        placed[np.argsort(-near.scores, kind="stable")[:_PLAINLY]] = True
        scores = near.scores + self._mix.bm25 * _standard(bm25) + self._mix.phrases * self._by_phrases(phrased, rows)
        return Found(self._ranked(rows[placed], scores[placed], tags, matches, most))

    def _nearness(self, text: str, rows: Rows, phrased: Matrix) -> Nearness:
        """Compare an entry with the notes in `rows` by vectors; raises what the embedder raises."""
        pieces = query(text).pieces
        if not pieces or not len(rows):
            return Nearness(np.zeros(len(rows)), 0.0, 0.0)
        known = self._ready()
        queries = _with_mean(encode(pieces, self._embeddings))
        near, columns = known.nearest(queries), known.columns
        best = near.max(axis=0)
        scores = self._mix.discriminant * _standard(known.discriminant.scores(queries)[:, rows].mean(axis=0))
        scores += self._mix.said * _standard(best[columns.said[rows]])
        scores += self._mix.topics * _standard(_by_topics(best, columns, rows))
        # whether anything fits is asked of the entry: few lines stand for an exercise, so the notes' lines count whatever is looked for
        fit = near[:, columns.of(np.union1d(rows, self._guidance))].max(axis=1, initial=0.0)
        ours, other = known.subject.scores(queries).mean(axis=0)
        margin = (fit - near[:, columns.elsewhere]).max() + _SUBJECT * (ours - other) + _SAID * self._lead(phrased)
        return Nearness(scores, float(fit.max()), float(margin))

    def _by_phrases(self, phrased: Matrix, rows: Rows) -> Scores:
        """Score the notes in `rows` by phrases, in standard deviations; a note that was not fitted, such as one's own, is at the mean."""
        columns = self._phrase_columns[rows]
        known = columns >= 0
        scores = np.zeros(len(rows))
        if known.any():
            scores[known] = _standard(phrased[columns[known]])
        return scores

    def _lead(self, phrased: Matrix) -> float:
        """Return by how much the best note leads other things, by phrases."""
        if self._phrase_elsewhere < 0:
            return 0.0
        return float(np.delete(phrased, self._phrase_elsewhere).max() - phrased[self._phrase_elsewhere])

    def _ready(self) -> Known:
        with self._lock:
            if self._known is None:
                with_what = self._library, self._cues, self._embeddings, self._model
                self._known = Known.of(*with_what, cache=self._index_dir, closing=self._closing.is_set)
            return self._known

    def _ranked(self, rows: Rows, scores: Scores, tags: frozenset[str], matches: int, most: int) -> tuple[Hit, ...]:
        """Order notes by score, by what they are made for, and by their place on the path; equal ones by name."""
        preferred = _PREFERRED * np.minimum(self._placing.matches(tags)[rows], matches)
        final = scores + preferred - _PATH * self._placing.steps_back(tags)[rows]
        best = np.argsort(-final, kind="stable")
        if len(best) > most:
            best = best[final[best] >= final[best[most - 1]]]  # all that are as good as the last, so that names decide
        hits = [Hit(self._notes[rows[place]], float(final[place])) for place in best]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.note.id))[:most])


def _standard(values: Matrix | Scores) -> Scores:
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


def _by_topics(best: Matrix, columns: Columns, rows: Rows) -> Matrix:
    """Return for each note how near its topics are: the nearest one, and the first, which the note is mostly about."""
    topics = best[columns.topics[rows]]
    mixed: Matrix = (1 - _FIRST) * topics.max(axis=1) + _FIRST * topics[:, 0]
    return mixed
