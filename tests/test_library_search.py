"""Searching: with vectors you can compute in your head, and once with the real embedder over the real library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from assistant import resources, settings, wiring
from assistant.errors import WorkerDied
from assistant.library import Retriever, load
from assistant.library.search import Search
from tests.library_files import write_exercise, write_note, write_sources

_ROWS = Path(__file__).parents[1] / "evals" / "datasets" / "retrieval_tune.jsonl"


class Dead(Embeddings):
    """An embedder whose process is gone."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise WorkerDied("search model", -9)

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_note(tmp_path, "tea", title="Kettle and tea", gist="Boil the kettle and make some tea.", when="[night]", not_when="[]")
    write_note(tmp_path, "handover", title="Handover of children", gist="Keep the handover of the children short.", topics="[children]")
    write_note(tmp_path, "photos", title="Old photos", gist="Leave the old photos closed.", not_when="[night]", topics="[idealising]")
    write_exercise(tmp_path, "kettle", hour="night", not_when="[drunk]")
    write_exercise(tmp_path, "walk", title="A walk", hour="day", steps="[Put on shoes., Walk., Come home.]")
    write_exercise(tmp_path, "stones", title="Five stones", when="[hot, urge]", topics="[grounding]")
    write_sources(tmp_path, "practice")
    return tmp_path


def _retriever(folder: Path, embeddings: Embeddings) -> Retriever:
    library = load(folder)
    return Retriever(library, Search(library, embeddings, "fake", folder / "index"))


@pytest.fixture
def retriever(folder: Path, fake_embedder: Embeddings) -> Iterator[Retriever]:
    made = _retriever(folder, fake_embedder)
    yield made
    made.close()


def test_the_fitting_note_comes_first_with_its_citation(retriever: Retriever) -> None:
    first, *_ = retriever.passages("The handover of the children is hard")
    assert (first.note_id, first.citation, first.evidence) == ("handover", "practice, cited", "practice")
    assert first.questions == ("What can wait until noon?",)
    assert not retriever.by_words_only
    assert retriever.notice == ""


def test_a_note_is_never_shown_when_it_must_not_be(retriever: Retriever) -> None:
    text = "I look at the old photos"
    assert retriever.passages(text)[0].note_id == "photos"
    for tags in (frozenset({"night"}), frozenset({"night", "urge", "reflect"})):
        assert "photos" not in {passage.note_id for passage in retriever.passages(text, tags, 50)}


def test_nothing_is_found_where_nothing_fits(retriever: Retriever) -> None:
    assert retriever.passages("zyx wvu tsr") == ()
    assert retriever.passages("😭😭") == ()


def test_a_circumstance_prefers_the_note_made_for_it(folder: Path, fake_embedder: Embeddings) -> None:
    for name in ("one", "two"):
        write_note(folder, name, title="A long drive", gist="Drive by the sea.", when="[left]" if name == "two" else "[]")
    retriever = _retriever(folder, fake_embedder)
    text = "a long drive by the sea"
    assert [p.note_id for p in retriever.passages(text, frozenset())][:2] == ["one", "two"]
    assert [p.note_id for p in retriever.passages(text, frozenset({"left"}))][:2] == ["two", "one"]
    retriever.close()


def test_search_goes_on_by_words_when_the_embedder_is_gone(folder: Path) -> None:
    retriever = _retriever(folder, Dead())
    assert retriever.passages("The handover of the children is hard")[0].note_id == "handover"
    assert retriever.by_words_only
    assert retriever.passages("zyx wvu tsr") == ()
    assert retriever.exercises("anything at all", frozenset({"night"}), frozenset(), 3)


def test_exercises_suit_the_hour_and_the_circumstances(retriever: Retriever) -> None:
    def ids(*tags: str, shown: frozenset[str] = frozenset()) -> list[str]:
        return [passage.note_id for passage in retriever.exercises("put the kettle on", frozenset(tags), shown, 9)]

    assert set(ids("night")) == {"kettle", "stones"}
    assert set(ids("day")) == {"walk", "stones"}
    assert set(ids("night", "drunk")) == {"stones"}
    assert set(ids("night", shown=frozenset({"stones"}))) == {"kettle"}
    assert ids("night", "hot", "urge")[0] == "stones"
    assert ids("night") == ids("night")


def test_an_exercise_comes_with_its_first_step(retriever: Retriever) -> None:
    (passage,) = retriever.exercises("a walk", frozenset({"day"}), frozenset({"stones"}), 9)
    assert (passage.title, passage.first_step) == ("A walk", "Put on shoes.")


def test_langchain_gets_documents(retriever: Retriever) -> None:
    document, *_ = retriever.invoke("The handover of the children is hard")
    assert document.id == "handover"
    assert set(document.metadata) == {"note_id", "title", "gist", "citation", "evidence", "score"}
    found = retriever.invoke("I look at the old photos", circumstances=frozenset({"night"}))
    assert "photos" not in {document.id for document in found}


def test_nothing_that_was_searched_for_is_kept(retriever: Retriever, folder: Path) -> None:
    retriever.passages("The handover of the children and the marmalade canary is hard")
    retriever.close()
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"handover" in kept
    assert b"marmalade" not in kept


def test_the_real_library_with_the_real_embedder_keeps_its_level() -> None:
    """Floors a little under the figures on the tuning rows; without circumstances, which screening adds."""
    library = load(resources.folder("knowledge"))
    rows = [json.loads(line) for line in _ROWS.read_text("utf-8").splitlines()]
    known = {note.id for note in library.notes}
    assert {note_id for row in rows for note_id in row["relevant"]} <= known
    with wiring.library(settings.load()) as retriever:
        found = {row["id"]: [passage.note_id for passage in retriever.passages(row["text"], k=3)] for row in rows}
        assert not retriever.by_words_only
        assert retriever.notice == ""
    fitting, foreign = [row for row in rows if row["relevant"]], [row for row in rows if not row["relevant"]]
    assert sum(not found[row["id"]] for row in fitting) <= 0.04 * len(fitting)
    assert sum(bool(found[row["id"]]) for row in foreign) <= 0.13 * len(foreign)
    assert sum(bool(set(found[row["id"]]) & set(row["relevant"])) for row in fitting) >= 0.92 * len(fitting)
