"""Which note an entry is about by its words and pairs of words: ridge regression over TF-IDF, fitted with the vectors and shipped.

Function words are kept, since "i left her" and "she left me" differ in little else. It sees what vectors blur, and is blind to what was
never written; the two are added (docs/decisions/0015-lines-in-the-voice-of-an-entry.md).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.library import cues
from assistant.library.facets import ELSEWHERE
from assistant.library.notes import Note

_FILE = "phrases.npz"  # beside the notes
_WORD = re.compile(r"[\w']+")
_ALPHA, _LINES = 1.0, 3  # strength of the ridge; in how many lines a phrase has to stand: chosen on the tuning rows
_STEPS = 127
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Phrases:
    """`weights` has the shape (phrases, columns) in 8 bits, times `scale`; `column` finds a note by its id, and ELSEWHERE."""

    column: Mapping[str, int]
    row: Mapping[str, int]
    rarity: Matrix
    weights: NDArray[np.int8]
    scale: Matrix

    def scores(self, text: str) -> Matrix:
        """Return the score of each column, in the order of `column`; zeros where no phrase is known."""
        counted = Counter(self.row[gram] for gram in grams(text) if gram in self.row)
        if not counted:
            return np.zeros(len(self.column), np.float32)
        rows = np.array(list(counted), np.intp)
        values = (1 + np.log(np.array(list(counted.values()), np.float32))) * self.rarity[rows]
        scores: Matrix = (values / np.linalg.norm(values)) @ self.weights[rows].astype(np.float32) * self.scale
        return scores


def grams(text: str) -> list[str]:
    """Return the words of a text in lower case, then each two that stand together."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def read(folder: Path) -> Phrases | None:
    """Return what ships in the folder of a library; None where it is missing or broken: search goes on without it."""
    try:
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            ids, phrases = str(stored["ids"]).split("\n"), str(stored["phrases"]).split("\n")
            named = {name: number for number, name in enumerate(ids)}, {phrase: number for number, phrase in enumerate(phrases)}
            return Phrases(*named, stored["rarity"], stored["weights"], stored["scale"])
    except Exception:  # noqa: BLE001 - numpy and zipfile raise a family of their own on a broken file, and it is never needed
        return None


def is_stale(notes: Sequence[Note], folder: Path) -> bool:
    """Say whether the file is missing or was fitted to other lines than those of `notes`."""
    try:
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            return str(stored["made_of"]) != _made_of(_lines(notes))
    except Exception:  # noqa: BLE001 - as in `read`
        return True


def fit(notes: Sequence[Note], folder: Path) -> int:
    """Fit and write the file of a library's guidance notes, and return how many phrases are in it. Needs scikit-learn."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import Ridge

    lines = _lines(notes)
    counter = TfidfVectorizer(analyzer=grams, sublinear_tf=True, min_df=_LINES, dtype=np.float32)
    counted = counter.fit_transform([line for line, _ in lines])
    wanted = -np.ones((len(lines), len(notes) + 1), np.float32)  # as for a classifier: 1 for the line's note, -1 for the others
    wanted[np.arange(len(lines)), [number for _, number in lines]] = 1
    weights = Ridge(alpha=_ALPHA).fit(counted, wanted).coef_.T
    scale = np.abs(weights).max(axis=0) / _STEPS
    np.savez_compressed(
        folder / _FILE,
        ids=np.array("\n".join([*(note.id for note in notes), ELSEWHERE])),
        phrases=np.array("\n".join(counter.get_feature_names_out())),
        rarity=counter.idf_.astype(np.float32),
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        made_of=np.array(_made_of(lines)),
    )
    return len(counter.vocabulary_)


def _lines(notes: Sequence[Note]) -> list[tuple[str, int]]:
    """Return every line with the number of its note; other things come last."""
    said = cues.shipped()
    lines = [(line, number) for number, note in enumerate(notes) for line in (*_own(note), *said.topics.get(note.topics[0], ()))]
    return [*lines, *((line, len(notes)) for line in said.elsewhere)]


def _made_of(lines: Sequence[tuple[str, int]]) -> str:
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def _own(note: Note) -> tuple[str, ...]:
    return (*note.situations, note.title, note.gist, *note.questions)
