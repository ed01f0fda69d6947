"""The rules of library files: each has a file that breaks it, and a file that keeps them all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant import resources
from assistant.library import check, load, reading
from tests.library_files import write_exercise, write_note, write_sources, write_voices

_TODAY = date(2026, 11, 23)
_LONG = "incomprehensibility notwithstanding, institutional considerations predominate, "


def _problems(folder: Path) -> list[str]:
    """Return the problems of single files; a folder of two cannot cover all topics or use all sources. Every note gets its voices."""
    for note in (folder / "guidance").glob("*.md"):
        if not (folder / "voices" / f"{note.stem}.txt").exists():
            write_voices(folder, note.stem)
    return [str(p) for p in check(load(folder), _TODAY) if not p.warning and p.file.endswith(".md")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_note(tmp_path, "tea")
    write_exercise(tmp_path, "kettle")
    write_sources(tmp_path, "practice", "article", "sbarra2013")
    return tmp_path


def test_the_shipped_library_keeps_its_rules() -> None:
    problems = [str(p) for p in check(load(resources.folder("knowledge")), date.today()) if not p.warning]
    assert problems == []


def test_a_good_file_has_no_problem(folder: Path) -> None:
    assert _problems(folder) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"topics": "[weather]"}, "weather"),
        ({"topics": "[]"}, "no topic"),
        ({"when": "[sunny]"}, "sunny"),
        ({"when": "[abuse]"}, "both in when"),
        ({"sources": "[somewhere2020]"}, "somewhere2020"),
        ({"evidence": "study"}, "names no study"),
        ({"disagrees": "[nowhere]"}, "nowhere"),
        ({"title": "One two three four five six seven eight nine ten"}, "title has 10"),
        ({"gist": "Tea. " * 46}, "gist has 46"),
        ({"gist": f"'{_LONG}{_LONG}'"}, "gist reads at grade"),
        ({"body": "Too short."}, "body has 2 words"),
        ({"body": _LONG * 24}, "body reads at grade"),
        ({"questions": "[a?, b?, c?, d?]"}, "4 questions"),
        ({"questions": "[And why is that?]"}, "asks why"),
        ({"gist": "A therapist would say so."}, "therapy_word"),
        ({"gist": "It gets better."}, "promise"),
        ({"gist": "They will come back."}, "promise"),
        ({"gist": "You must be sad."}, "told_feeling"),
        ({"gist": "You should have known."}, "should_have"),
        ({"gist": "So, why did it end?"}, "why_question"),
        ({"gist": "See www.tea.org for more."}, "link_or_number"),
        ({"gist": "'Ring 0800 123 4567 now.'"}, "link_or_number"),
        ({"gist": "Text them tonight."}, "contact_push"),
        ({"checked": "2027-01-01"}, "future"),
    ],
)
def test_a_broken_rule_is_told_with_the_file(folder: Path, changes: dict[str, str], told: str) -> None:
    write_note(folder, "broken", **changes)
    problems = _problems(folder)
    assert problems
    assert all(problem.startswith("broken.md: ") for problem in problems)
    assert any(told in problem for problem in problems)


@pytest.mark.parametrize(
    "gist",
    [
        "Whatever the reason, it can wait.",  # near misses: each would break a rule with one word changed
        "Some people ask why. You do not have to.",
        "The doctor may know more than we do.",
        "You do not have to call them.",
        "It may get better or it may not.",
        "Note 3 things you can see.",
    ],
)
def test_near_misses_pass(folder: Path, gist: str) -> None:
    write_note(folder, "fine", gist=gist)
    assert _problems(folder) == []


def test_an_exercise_needs_three_to_seven_steps(folder: Path) -> None:
    write_exercise(folder, "short", steps="[Sit., Stand.]")
    assert _problems(folder) == ["short.md: it has 2 steps, it needs 3 to 7"]


def test_the_steps_of_an_exercise_are_read_too(folder: Path) -> None:
    write_exercise(folder, "bad", closing="You will heal.")
    assert any("promise" in problem for problem in _problems(folder))


def test_the_articles_topics_must_all_be_covered(folder: Path) -> None:
    missing = [p.what for p in check(load(folder), _TODAY) if p.file == "guidance" and not p.warning]
    assert any("mainly about closure" in what for what in missing)
    assert not any("mainly about urge" in what for what in missing)


def test_every_source_has_to_be_used(folder: Path) -> None:
    unused = [p.what for p in check(load(folder), _TODAY) if p.file == "sources.toml"]
    assert unused == ["no file uses the source article", "no file uses the source sbarra2013"]


def test_every_topic_needs_a_note_and_an_exercise(folder: Path) -> None:
    missing = {(p.file, p.what) for p in check(load(folder), _TODAY)}
    assert {("guidance", "no file has the topic pets"), ("exercises", "no file has the topic pets")} <= missing
    assert ("exercises", "no file has the topic pause") not in missing


def test_a_small_library_is_told_how_many_are_missing(folder: Path) -> None:
    missing = {(p.file, p.what) for p in check(load(folder), _TODAY)}
    assert {("guidance", "there are 1 files, 72 is the least"), ("exercises", "there are 1 files, 76 is the least")} <= missing


def test_nothing_may_be_said_twice(folder: Path) -> None:
    write_note(folder, "first", gist="One cup is enough.")
    write_note(folder, "second", gist="One cup is enough.")
    write_exercise(folder, "boil", steps="[Sit., Stand., Sit again.]")
    write_exercise(folder, "cool", steps="[Sit., Walk., Stop.]")
    assert _problems(folder) == ["cool.md: it has the same first step as boil", "second.md: it has the same gist as first"]


def test_an_exercise_of_the_night_stands_at_the_beginning_of_the_path(folder: Path) -> None:
    write_exercise(folder, "late", hour="night", place="later")
    assert _problems(folder) == ["late.md: it is for the night, and its place is not tonight"]


def test_a_file_needs_lines_in_the_voice_of_an_entry(folder: Path) -> None:
    write_note(folder, "mute", situations="[one line]")
    write_voices(folder, "mute", count=10)
    write_exercise(folder, "silent", situations="[one line]")
    assert _problems(folder) == ["mute.md: it has 11 situations, 40 is the fewest", "silent.md: it has 1 situations, 4 is the fewest"]


def test_voices_belong_to_a_note(folder: Path) -> None:
    write_voices(folder, "nobody")
    assert "voices/nobody.txt: no note has this name" in [str(problem) for problem in check(load(folder), _TODAY)]


def test_voices_that_cannot_be_read_are_named_and_the_note_stays(folder: Path) -> None:
    write_voices(folder, "tea").write_bytes(b"\xff\xfe\x00")
    library = load(folder)
    assert "tea" in {note.id for note in library.notes}
    assert ["tea.txt" in str(broken) for broken in library.skipped] == [True]


def test_an_unknown_place_is_a_broken_file(folder: Path) -> None:
    write_note(folder, "nowhere", place="someday")
    assert any("place is none of any, tonight" in problem for problem in _problems(folder))


def test_a_skipped_file_is_a_problem(folder: Path) -> None:
    write_note(folder, "broken", evidence="rumour")
    assert any("broken.md" in problem for problem in _problems(folder))


def test_reading_grade_orders_texts_by_difficulty() -> None:
    easy, hard = "The cat sat on the mat. It was warm.", f"{_LONG * 3}."
    assert reading.grade("") == 0
    assert reading.grade(easy) < 2
    assert reading.grade(hard) > 12
    assert reading.syllables("Saturday") == 3
