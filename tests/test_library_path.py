"""What is offered first, by the hour and the time since it ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from assistant.library import Retriever, load, path
from assistant.library.search import Search
from tests.library_files import write_exercise, write_note, write_sources


@pytest.mark.parametrize(
    ("tags", "first"),
    [
        ({"night"}, "tonight"),
        ({"day", "hot"}, "tonight"),
        ({"day", "months", "urge"}, "tonight"),
        ({"day", "early"}, "tomorrow"),
        ({"day", "weeks"}, "weekly"),
        ({"day", "months"}, "later"),
        ({"day"}, "any"),
        (set(), "any"),
    ],
)
def test_the_hour_goes_before_the_calendar(tags: set[str], first: str) -> None:
    assert path.order(frozenset(tags))[0] == first


def test_every_order_holds_every_place() -> None:
    for tags in ({"night"}, {"early"}, {"weeks"}, {"months"}, set()):
        assert sorted(path.order(frozenset(tags))) == ["any", "later", "tomorrow", "tonight", "weekly"]


def test_exercises_follow_the_path_and_later_waits(tmp_path: Path, fake_embedder: Embeddings) -> None:
    for place in ("tonight", "tomorrow", "weekly", "later"):
        write_exercise(tmp_path, f"for-{place}", title=f"For {place}", place=place, when="[]", not_when="[]")
    write_note(tmp_path, "look-back", place="later", when="[]", not_when="[]", title="Look back at the kettle")
    write_sources(tmp_path, "practice")
    library = load(tmp_path)
    retriever = Retriever(library, Search(library, fake_embedder, "fake", tmp_path / "index"))

    def ids(*tags: str) -> list[str]:
        return [passage.note_id.removeprefix("for-") for passage in retriever.exercises("zyx wvu", frozenset(tags))]

    assert ids("day", "months") == ["later", "weekly", "tomorrow", "tonight"]
    assert ids("day", "weeks") == ["weekly", "tomorrow", "tonight", "later"]
    assert ids("day", "early") == ["tomorrow", "tonight", "weekly"]
    assert ids("night") == ["tonight", "tomorrow", "weekly"]
    text = "look back at the kettle and the tea"
    assert [passage.note_id for passage in retriever.passages(text, frozenset({"day", "months"}))] == ["look-back"]
    assert retriever.passages(text, frozenset({"day", "early"})) == ()
    retriever.close()
