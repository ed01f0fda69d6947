"""Search by words alone: BM25 over notes and exercises, in memory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.library.cues import Cues
from assistant.library.notes import Note

_WORD = re.compile(r"[a-z]{2,}")
_ENDINGS = ("ing", "ed", "es", "s")
# Words that say nothing about the matter of an entry: function words, and what every entry about an ex holds.
_STOP = frozenset(
    """
    a about again all also am an and any are as at be because been before being but by can could did do does doing don
    for from get go going got had has have having he her here him his how i if in into is it its just know like me more
    most my myself no not now of off on one or our out over own really she should so some still such than that the their
    them then there these they thing this those through to too up us very want was way we were what when where which
    while who why will with would you your yours ll ve re ex
    """.split()
)


def terms(text: str) -> list[str]:
    """Return the words that count, in a common form."""
    found = _WORD.findall(text.casefold().replace("'", "").replace("\u2019", ""))
    return [_stem(word) for word in found if word not in _STOP]


def _stem(word: str) -> str:
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), "")
    stem = word.removesuffix(ending)
    if ending in ("ing", "ed") and len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        stem = stem[:-1]
    return stem[:-1] if len(stem) > 3 and stem.endswith("e") else stem


class Words:
    """The word index. Built once, in milliseconds."""

    def __init__(self, notes: Sequence[Note], cues: Cues) -> None:
        self._count = len(notes)
        self._known: frozenset[str] = frozenset()
        self._bm25: Any = None
        documents = [terms(_document(note, cues)) for note in notes]
        if any(documents):
            import bm25s

            self._known = frozenset(term for document in documents for term in document)
            self._bm25 = bm25s.BM25()
            self._bm25.index(documents, show_progress=False)

    def scores(self, text: str) -> NDArray[np.float64]:
        """Return the BM25 score of each note, in the order they were given; 0 where no word is shared."""
        asked = [term for term in dict.fromkeys(terms(text)) if term in self._known]
        if not asked:
            return np.zeros(self._count)
        return np.asarray(self._bm25.get_scores(asked), np.float64)


def _document(note: Note, cues: Cues) -> str:
    """Lay out what a note can be found by; its body is left out, since its many plain words drown the telling ones."""
    topics = " ".join(note.topics).replace("-", " ")
    return " ".join((note.title, topics, note.gist, cues.of(note.topics), *note.situations))
