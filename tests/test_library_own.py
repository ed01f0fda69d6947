"""The person's own notes: added, marked, checked, and never before the safety rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from assistant import resources
from assistant.library import Library, Retriever, check, load, with_own
from assistant.library.notes import Exercise
from assistant.library.search import Search
from tests.library_files import write_exercise, write_note, write_sources

_SHORT = """---
title: My bench by the canal
gist: Walk to the bench by the canal and back.
---

It is ten minutes. The heron is there in the mornings.
"""
_STEPS = "minutes: 10\nhour: any\nsteps: [Put on shoes., Walk there., Walk back.]\nclosing: You were out.\n---\n\n"


@pytest.fixture
def shipped(tmp_path: Path) -> Library:
    write_note(tmp_path / "shipped", "tea")
    write_exercise(tmp_path / "shipped", "kettle")
    write_sources(tmp_path / "shipped", "practice", "sbarra2013")
    return load(tmp_path / "shipped")


def _own(folder: Path, name: str, text: str, kind: str = "guidance") -> None:
    (folder / kind).mkdir(parents=True, exist_ok=True)
    (folder / kind / f"{name}.md").write_text(text, "utf-8")


def test_a_title_a_gist_and_a_text_are_enough(shipped: Library, tmp_path: Path) -> None:
    _own(tmp_path / "own", "bench", _SHORT)
    library = with_own(shipped, tmp_path / "own")
    note = library.find("bench")
    assert note.own
    assert library.citation(note) == "added by you"
    assert library.skipped == ()
    assert not library.find("tea").own


def test_an_exercise_needs_minutes_hour_steps_and_a_closing(shipped: Library, tmp_path: Path) -> None:
    whole = _SHORT.replace("---\n\n", _STEPS)
    _own(tmp_path / "own", "walk", whole, "exercises")
    _own(tmp_path / "own", "bare", _SHORT, "exercises")
    library = with_own(shipped, tmp_path / "own")
    assert isinstance(library.find("walk"), Exercise)
    assert [broken.path.name for broken in library.skipped] == ["bare.md"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("tea", _SHORT, "same id"),
        ("push", _SHORT.replace("Walk to", "Text them tonight and walk to"), "contact_push"),
        ("doctor", _SHORT.replace("The heron", "My therapist"), "therapy_word"),
        ("tagged", _SHORT.replace("title:", "when: [sunny]\ntitle:"), "sunny"),
        ("cited", _SHORT.replace("title:", "sources: [nobody1999]\ntitle:"), "nobody1999"),
        ("finding", _SHORT.replace("title:", "evidence: study\ntitle:"), "names no study"),
        ("wordy", _SHORT.replace("gist: Walk", "gist: " + "walk " * 50), "45 words"),
        ("headless", "Just text.", "no head"),
        ("huge", _SHORT + "a " * 200_000, "too long"),
        ("odd", _SHORT.replace("title:", "mood: blue\ntitle:"), "mood"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_the_rest_works(shipped: Library, tmp_path: Path, name: str, text: str, told: str) -> None:
    _own(tmp_path / "own", name, text)
    _own(tmp_path / "own", "bench", _SHORT)
    library = with_own(shipped, tmp_path / "own")
    (skipped,) = map(str, library.skipped)
    assert f"{name}.md" in skipped
    assert told in skipped
    assert [note.id for note in library.notes if note.own] == ["bench"]


def test_a_binary_file_and_a_missing_folder_are_no_trouble(shipped: Library, tmp_path: Path) -> None:
    assert with_own(shipped, tmp_path / "nowhere").skipped == ()
    (tmp_path / "own" / "guidance").mkdir(parents=True)
    (tmp_path / "own" / "guidance" / "photo.md").write_bytes(b"\xff\xd8\xff\x00")
    assert "photo.md" in str(with_own(shipped, tmp_path / "own").skipped[0])


def test_an_own_note_never_meets_someone_in_danger(shipped: Library, tmp_path: Path, fake_embedder: Embeddings) -> None:
    _own(tmp_path / "own", "bench", _SHORT.replace("title:", "when: [abuse, night]\ntitle:"))
    library = with_own(shipped, tmp_path / "own")
    retriever = Retriever(library, Search(library, fake_embedder, "fake", tmp_path / "index"))
    text = "walk to the bench by the canal and back"
    assert [passage.note_id for passage in retriever.passages(text, frozenset({"night"}), 1)] == ["bench"]
    for tag in ("abuse", "pursuit", "restraint", "bereaved", "check_in", "youth"):
        assert "bench" not in {passage.note_id for passage in retriever.passages(text, frozenset({tag}), 9)}
    retriever.close()


def test_own_words_are_in_no_cache(shipped: Library, tmp_path: Path, fake_embedder: Embeddings) -> None:
    _own(tmp_path / "own", "bench", _SHORT)
    library = with_own(shipped, tmp_path / "own")
    retriever = Retriever(library, Search(library, fake_embedder, "fake", tmp_path / "index"))
    retriever.warm()
    retriever.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())
    assert b"tea" in kept
    assert b"bench" not in kept


def test_own_notes_are_only_told_of_by_check_and_leave_the_identity_alone(tmp_path: Path) -> None:
    whole = load(resources.folder("knowledge"))
    _own(tmp_path / "own", "bench", _SHORT)
    library = with_own(whole, tmp_path / "own")
    from datetime import date

    told = check(library, date(2027, 1, 1))
    assert {problem.file for problem in told} == {"bench.md"}
    assert all(problem.warning for problem in told)
    assert library.identity == whole.identity
