"""`afterword library`, run as people run it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import settings
from assistant.checks import shelf
from assistant.cli.library import app
from assistant.errors import EmptyEntry, NoteUnknown

_RUN = CliRunner()


def test_search_answers_a_text_standard_input_and_a_question() -> None:
    said = _RUN.invoke(app, ["search", "I keep looking at his profile every night"])
    assert said.exit_code == 0
    assert "[checking-their-profile]" in said.stdout
    piped = _RUN.invoke(app, ["search", "-", "--json", "-n", "2"], input="our children and the handover at the door")
    results = json.loads(piped.stdout)["results"]
    assert results[0]["id"] == "handover-days"
    assert set(results[0]) == {"id", "title", "gist", "citation", "evidence", "score"}
    assert len(results) == 2
    asked = _RUN.invoke(app, ["search"], input="how long do I roast a chicken\n")
    assert asked.exit_code == 0
    assert "[" not in asked.stdout
    assert "What is it about" in asked.stderr
    assert "Nothing in the library fits" in asked.stderr


def test_search_wants_words() -> None:
    assert isinstance(_RUN.invoke(app, ["search", "-"], input="  \n").exception, EmptyEntry)


def test_show_prints_a_note_and_an_exercise_in_full() -> None:
    note = _RUN.invoke(app, ["show", "children-together"]).stdout
    assert "When you have children together" in note
    assert re.search(r"^practice: ", note, re.MULTILINE)
    exercise = _RUN.invoke(app, ["show", "surf-the-urge"]).stdout
    assert re.search(r"^1\. ", exercise, re.MULTILINE)
    assert "About 5 minutes" in exercise


def test_show_tells_an_unknown_id_plainly() -> None:
    assert isinstance(_RUN.invoke(app, ["show", "no-such-note"]).exception, NoteUnknown)


def test_check_counts_what_it_read() -> None:
    told = _RUN.invoke(app, ["check"])
    assert re.search(r"\d+ notes, \d+ exercises, \d+ sources, \d+ problems\.", told.stdout)
    assert told.exit_code == int(" 0 problems." not in told.stdout)


def test_own_makes_a_private_folder_and_says_what_is_in_it() -> None:
    first = _RUN.invoke(app, ["own"])
    folder = Path(first.stdout.splitlines()[0])
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0
    (folder / "guidance" / "bench.md").write_text("---\ntitle: My bench\ngist: Walk to the bench.\n---\n\nIt is not far.\n", "utf-8")
    (folder / "guidance" / "broken.md").write_text("nothing", "utf-8")
    told = _RUN.invoke(app, ["own"])
    assert "bench: My bench" in told.stdout
    assert "broken.md" in told.stderr
    assert "added by you" in _RUN.invoke(app, ["show", "bench"]).stdout
    finding = shelf.own_library(settings.load())
    assert (finding.state, "1 cannot be used" in finding.said) == ("do", True)
    (folder / "guidance" / "broken.md").unlink()
    assert shelf.own_library(settings.load()).said == "1 added"


def test_the_topics_are_those_of_the_document() -> None:
    told = _RUN.invoke(app, ["topics"]).stdout.strip()
    assert told in (Path(__file__).parents[1] / "docs" / "library.md").read_text("utf-8"), (
        "run `afterword library topics` for docs/library.md"
    )


@pytest.mark.parametrize("command", ["search", "show", "check", "own", "topics", "encode"])
def test_every_command_shows_an_example(command: str) -> None:
    assert f"afterword library {command}" in " ".join(_RUN.invoke(app, [command, "--help"]).stdout.split())
