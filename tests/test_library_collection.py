"""Reading the library's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import resources
from assistant.errors import NoteUnknown
from assistant.library import load
from tests.library_files import write_exercise, write_note, write_sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_note(tmp_path, "tea")
    write_exercise(tmp_path, "kettle")
    write_sources(tmp_path, "practice", "article")
    return tmp_path


def test_every_shipped_file_can_be_read() -> None:
    library = load(resources.folder("knowledge"))
    assert library.skipped == ()
    assert library.notes
    assert library.exercises
    assert all(library.citation(note) for note in library.everything)


def test_a_note_keeps_what_its_file_says(folder: Path) -> None:
    note = load(folder).find("tea")
    assert note.title == "A cup of tea"
    assert note.when == {"urge"}
    assert note.questions == ("What can wait until noon?",)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"title": "[a, b]"}, "title"),
        ({"topics": "urge"}, "topics"),
        ({"evidence": "rumour"}, "evidence"),
        ({"checked": "yesterday"}, "checked"),
        ({"id": "coffee"}, "file name"),
        ({"mood": "blue"}, "mood"),
        ({"gist": '"'}, "YAML"),
    ],
)
def test_a_broken_head_is_named_and_skipped_and_the_rest_works(folder: Path, changes: dict[str, str], named: str) -> None:
    write_note(folder, "broken", **changes)
    library = load(folder)
    assert [note.id for note in library.notes] == ["tea"]
    (problem,) = library.skipped
    assert "broken.md" in str(problem)
    assert named in str(problem)


def test_a_head_without_a_key_and_a_file_without_a_head_are_named(folder: Path) -> None:
    path = write_note(folder, "half")
    path.write_text(path.read_text("utf-8").replace("questions", "quests", 1), "utf-8")
    (folder / "guidance" / "bare.md").write_text("Only text.", "utf-8")
    (folder / "guidance" / "bytes.md").write_bytes(b"---\nid: \xff\xfe\n---\n")
    names = {problem.path.name for problem in load(folder).skipped}
    assert names == {"half.md", "bare.md", "bytes.md"}


def test_a_mark_at_the_start_and_windows_line_ends_do_no_harm(folder: Path) -> None:
    path = write_note(folder, "windows", body="One line.\n\nAnother line.")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    library = load(folder)
    assert library.skipped == ()
    assert library.find("windows").paragraphs == ("One line.", "Another line.")


def test_an_exercise_with_the_id_of_a_note_is_skipped(folder: Path) -> None:
    write_exercise(folder, "tea")
    library = load(folder)
    assert [exercise.id for exercise in library.exercises] == ["kettle"]
    assert "same id" in str(library.skipped[0])


def test_broken_sources_are_named_and_notes_still_read(folder: Path) -> None:
    (folder / "sources.toml").write_text("[practice", "utf-8")
    library = load(folder)
    assert "sources.toml" in str(library.skipped[0])
    assert library.citation(library.find("tea")) == "practice"


def test_studies_are_cited_before_our_own_practice(folder: Path) -> None:
    write_note(folder, "both", sources="[practice, article]")
    library = load(folder)
    assert library.citation(library.find("both")) == "article, cited; practice, cited"


def test_an_unknown_id_is_told_plainly(folder: Path) -> None:
    with pytest.raises(NoteUnknown, match="coffee"):
        load(folder).find("coffee")


def test_the_identity_changes_with_a_word(folder: Path) -> None:
    before = load(folder).identity
    assert load(folder).identity == before
    write_note(folder, "tea", gist="Make some coffee.")
    assert load(folder).identity != before
