"""`afterword library`, run as people run it."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

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


@pytest.mark.parametrize("command", ["search", "show", "check"])
def test_every_command_shows_an_example(command: str) -> None:
    assert f"afterword library {command}" in " ".join(_RUN.invoke(app, [command, "--help"]).stdout.split())
