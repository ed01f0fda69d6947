"""Search by itself, with filters: over the library as it is, and over ten thousand passages made up of the library's own words."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant import wiring
from assistant.bench.figure import Figure
from assistant.bench.texts import ENTRY

if TYPE_CHECKING:
    from assistant.library import Library, Note, Retriever
    from assistant.settings import Settings

_MANY = 10_000  # passages; the budget for them is 60 ms, for 150 notes 20 ms (design, issue 4)
_TIMES = 15
_DIMENSIONS = 384  # the search model's
_TAGS = frozenset({"night", "urge", "hot", "children"})  # filters that rule out, prefer and place


def figures(settings: Settings) -> Iterator[Figure]:
    """Yield the median time of a search, with and without the making of the entry's vector."""
    with wiring.library(settings) as library:
        library.warm()
        size = len(library.library.everything)
        yield Figure(f"search, {size} notes and exercises", _search(library), "ms")
    with wiring.embeddings(settings) as embeddings:
        embeddings.embed_query(ENTRY)
        yield Figure("of which the entry's vector", _milliseconds(lambda: embeddings.embed_query(ENTRY)), "ms")
        yield Figure(f"search, {_MANY} passages", _among_many(library.library, embeddings), "ms")


def _among_many(library: Library, embeddings: Embeddings) -> float:
    """Search a made-up library in Chroma; its passages have random vectors, the entry has its own."""
    from assistant.library import Retriever
    from assistant.library.search import Search

    notes = tuple(_made_up(library, random.Random(7)))  # noqa: S311 - no secret
    many = replace(library, notes=notes, exercises=(), folder=Path("nowhere"))  # so that it finds no vectors of ours
    with TemporaryDirectory() as folder:
        search = Search(many, _Random(embeddings), "made up", Path(folder))
        retriever = Retriever(many, search)
        retriever.warm()
        found = _search(retriever)
        retriever.close()
    return found


def _made_up(library: Library, rng: random.Random) -> Iterator[Note]:
    words = [word for note in library.everything for word in note.body.split()]
    for number in range(_MANY):
        like = library.notes[number % len(library.notes)]
        title, gist = " ".join(rng.sample(words, 5)), " ".join(rng.sample(words, 30))
        bare = replace(like, questions=(), situations=(), disagrees=(), topics=())
        yield replace(bare, id=f"passage-{number}", title=title, gist=gist, body="")


class _Random(Embeddings):
    """Random vectors for the passages, and the search model's own for the entry."""

    def __init__(self, real: Embeddings) -> None:
        self._real = real
        self._rng = np.random.default_rng(7)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if texts == [ENTRY]:
            return self._real.embed_documents(texts)
        return self._rng.standard_normal((len(texts), _DIMENSIONS)).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _search(retriever: Retriever) -> float:
    return _milliseconds(lambda: retriever.passages(ENTRY, _TAGS))


def _milliseconds(job: Callable[[], object]) -> float:
    """Return the median time of a job after one that warms up."""
    job()
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        job()
        times.append(time.perf_counter() - began)
    return 1000 * median(times)
