"""The library as a reply asks it, and as LangChain knows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from assistant.library import path
from assistant.library.collection import Library
from assistant.library.notes import Exercise, Note
from assistant.library.placing import Placing
from assistant.library.search import Found, Hit, Search
from assistant.reply import Passage

_STUDIES = ("study", "review")
_MATCHES = 3  # an exercise is chosen by circumstances (urge, hot, night) at least as much as by its matter


class Retriever(BaseRetriever):
    """Finds guidance and exercises. Everything it returns is the library's own public text, best first."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    library: Library
    k: int = 4
    _search: Search = PrivateAttr()
    _by_words_only: bool = PrivateAttr(default=False)
    _by_id: dict[str, Note] = PrivateAttr()

    def __init__(self, library: Library, search: Search, k: int = 4) -> None:
        super().__init__(library=library, k=k)
        self._search = search
        self._by_id = {note.id: note for note in library.everything}

    @property
    def by_words_only(self) -> bool:
        """Say whether the last search went without the search model."""
        return self._by_words_only

    @property
    def notice(self) -> str:
        """A plain sentence when the index on disk had to be left aside, else empty."""
        return self._search.notice

    def warm(self) -> None:
        """Start the search model and make the index now, so that the first entry does not wait.

        Raises:
            WorkerError: the search model cannot be used; searching goes on by words.
        """
        self._search.warm()

    def close(self) -> None:
        """Let go of the index's files."""
        self._search.close()

    def passages(self, text: str, tags: frozenset[str] = frozenset(), k: int = 6) -> tuple[Passage, ...]:
        """Find guidance for an entry; empty when nothing in the library fits. `tags` are the circumstances (route, hour, ...)."""
        notes = [note for note in self.library.notes if not path.too_soon(note, tags)]
        return tuple(self._with_other_view(hit, tags) for hit in self._find(text, notes, tags, most=k).hits)

    def exercises(
        self, text: str, tags: frozenset[str] = frozenset(), shown: frozenset[str] = frozenset(), k: int = 6
    ) -> tuple[Passage, ...]:
        """Find exercises that suit the hour, the circumstances and the time since it ended, and are not among the ids in `shown`.

        An exercise need not be about the entry's matter: those that are come first, then those made for the circumstances, then the
        rest, each in an order that depends on nothing but the text, the tags and the library. Within each, what comes first on the
        path for this hour goes before what comes later; what is for later is never offered in the hard hour or the first weeks.
        """
        hours = ("any", "night") if "night" in tags else ("any", "day")
        fresh = [exercise for exercise in self.library.exercises if exercise.id not in shown]
        misplaced = Placing(fresh).misplaced(tags)
        suits = [exercise for exercise, wrong in zip(fresh, misplaced, strict=True) if exercise.hour in hours and not wrong]
        pool = [exercise for exercise in suits if not path.too_soon(exercise, tags)]
        found = self._find(text, pool, tags, matches=_MATCHES).hits
        near = {hit.note.id for hit in found}
        others = [Hit(note, 0.0) for note in pool if note.id not in near and not note.not_when & tags]
        others.sort(key=lambda hit: (-len(hit.note.when & tags), path.steps_back(hit.note, tags), hit.note.id))
        return tuple(self._passage(hit) for hit in (*found, *others)[:k])

    def _find(self, text: str, pool: Collection[Note], tags: frozenset[str], matches: int = 1, most: int = 50) -> Found:
        found = self._search.find(text, pool, tags, matches, most)
        self._by_words_only = found.by_words_only
        return found

    def _with_other_view(self, hit: Hit, tags: frozenset[str]) -> Passage:
        others = (self._by_id[other] for other in hit.note.disagrees if other in self._by_id)  # a broken file is not there
        allowed = next((other for other in others if other.evidence in _STUDIES and not other.not_when & tags), None)
        passage = self._passage(hit)
        if hit.note.evidence not in _STUDIES:
            return passage
        return passage if allowed is None else replace(passage, other_view=self._passage(Hit(allowed, 0.0)))

    def _passage(self, hit: Hit) -> Passage:
        note = hit.note
        first = note.steps[0] if isinstance(note, Exercise) and note.steps else ""
        citation = self.library.citation(note)
        return Passage(note.id, note.title, note.gist, note.body, citation, note.evidence, hit.score, note.questions, first)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the base class names it
        circumstances: frozenset[str] = frozenset(),
    ) -> list[Document]:
        """Answer LangChain's `invoke`; pass `circumstances` to it, or notes that do not suit them are among the results."""
        return [_document(passage) for passage in self.passages(query, circumstances, self.k)]


def _document(passage: Passage) -> Document:
    metadata = {
        "note_id": passage.note_id,
        "title": passage.title,
        "gist": passage.gist,
        "citation": passage.citation,
        "evidence": passage.evidence,
        "score": passage.score,
    }
    return Document(page_content=passage.body, metadata=metadata, id=passage.note_id)
