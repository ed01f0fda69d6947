"""Proves that the library's files keep their rules: `afterword library check`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import RulesBroken
from assistant.library import cues, reading
from assistant.library.collection import Library
from assistant.library.notes import Exercise, Note

# The format of a library file (design, section 5): lengths in words, reading in school grades.
_GIST_WORDS, _GIST_GRADE = 45, 7.0
_BODY_WORDS, _BODY_GRADE = range(120, 301), 8.0
_TITLE_WORDS = 9
_STEPS, _QUESTIONS = range(3, 8), range(4)
_NOTES, _EXERCISES = 72, 76  # the least the library holds; the app in the source article has "more than 70" exercises
_SITUATIONS, _VOICES = 4, 40  # the fewest lines in the voice of an entry: an exercise's, and a note's with its voices/ID.txt
_FILE = Path(__file__).with_name("wording.toml")


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that one file breaks; a warning is worth a look and breaks nothing."""

    file: str
    what: str
    warning: bool = False

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.file}: {'worth a look: ' if self.warning else ''}{self.what}"


@dataclass(frozen=True, slots=True)
class _Never:
    id: str
    pattern: re.Pattern[str]
    but: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wording:
    topics: tuple[str, ...]
    article_topics: frozenset[str]
    tags: frozenset[str]
    never: tuple[_Never, ...]


def check(library: Library, today: date) -> list[Problem]:
    """Return all problems, by file. An empty list, or warnings only, means that the library keeps its rules."""
    problems = [Problem(broken.path.name, str(broken)) for broken in library.skipped]
    for note in library.everything:
        name = f"{note.id}.md"
        problems += [Problem(name, what, warning=note.own) for rule in _RULES for what in rule(note, library)]
        if note.checked > today:
            problems.append(Problem(name, "its checked date lies in the future"))
    return sorted([*problems, *_whole(library)], key=lambda problem: (problem.warning, problem.file, problem.what))


def known_topics() -> tuple[str, ...]:
    """Return all topics that a file may have, in the order of wording.toml."""
    return _wording().topics


def refusals(note: Note, library: Library) -> Iterator[str]:
    """Yield why a note that the person added cannot be used: it cannot be placed, is too long for a reply, or says what none may."""
    wording = _wording()
    yield from (f"the tag {tag} is not on the list" for tag in sorted((note.when | note.not_when) - wording.tags))
    yield from (f"the source {key} is not in sources.toml" for key in note.sources if key not in library.sources)
    yield from _evidence(note, library)
    if len(note.gist.split()) > _GIST_WORDS:
        yield f"its gist is over {_GIST_WORDS} words long"
    if isinstance(note, Exercise) and not note.steps:
        yield "it has no steps"
    yield from _never_said(note, library)


def _known_words(note: Note, library: Library) -> Iterator[str]:
    wording, ids = _wording(), {other.id for other in library.everything}
    yield from (f"the topic {topic} is not on the list" for topic in note.topics if topic not in wording.topics)
    yield from (f"the tag {tag} is not on the list" for tag in sorted((note.when | note.not_when) - wording.tags))
    yield from (f"the tag {tag} is both in when and in not_when" for tag in sorted(note.when & note.not_when))
    yield from (f"the source {key} is not in sources.toml" for key in note.sources if library.sources and key not in library.sources)
    yield from (f"disagrees names {other}, which does not exist" for other in note.disagrees if other not in ids or other == note.id)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", note.id):
        yield "its id is not in small letters with hyphens"
    if not note.topics or not note.sources:
        yield "it has no topic or no source"


def _placed(note: Note, library: Library) -> Iterator[str]:  # noqa: ARG001 - every rule is called alike
    if isinstance(note, Exercise) and note.hour == "night" and note.place != "tonight":
        yield "it is for the night, and its place is not tonight"
    fewest = _SITUATIONS if isinstance(note, Exercise) else _VOICES
    if len(note.situations) < fewest:
        yield f"it has {len(note.situations)} situations, {fewest} is the fewest"


def _evidence(note: Note, library: Library) -> Iterator[str]:  # noqa: ARG001 - every rule is called alike
    if note.evidence in ("study", "review") and not set(note.sources) - {"practice", "article"}:
        yield f"it says {note.evidence} and names no study"


def _lengths(note: Note, library: Library) -> Iterator[str]:  # noqa: ARG001 - every rule is called alike
    title, gist, body = (len(text.split()) for text in (note.title, note.gist, note.body))
    if title > _TITLE_WORDS:
        yield f"its title has {title} words, {_TITLE_WORDS} is the most"
    if gist > _GIST_WORDS:
        yield f"its gist has {gist} words, {_GIST_WORDS} is the most"
    if body not in _BODY_WORDS:
        yield f"its body has {body} words, it needs {_BODY_WORDS.start} to {_BODY_WORDS.stop - 1}"
    if len(note.questions) not in _QUESTIONS:
        yield f"it has {len(note.questions)} questions, {_QUESTIONS.stop - 1} is the most"
    if isinstance(note, Exercise) and len(note.steps) not in _STEPS:
        yield f"it has {len(note.steps)} steps, it needs {_STEPS.start} to {_STEPS.stop - 1}"


def _ease(note: Note, library: Library) -> Iterator[str]:  # noqa: ARG001 - every rule is called alike
    for name, text, most in (("gist", note.gist, _GIST_GRADE), ("body", note.body, _BODY_GRADE)):
        grade = reading.grade(text)
        if grade > most:
            yield f"its {name} reads at grade {grade:.1f}, {most:.0f} is the most"


def _never_said(note: Note, library: Library) -> Iterator[str]:  # noqa: ARG001 - every rule is called alike
    text = " \n".join(_texts(note)).lower().replace("\u2019", "'")
    for rule in _wording().never:
        spared = text
        for stretch in rule.but:
            spared = spared.replace(stretch, "")
        if found := rule.pattern.search(spared):
            yield f'it says "{found.group().strip()}" ({rule.id})'
    if any(re.search(r"\bwhy\b", question.lower()) for question in note.questions):
        yield "one of its questions asks why"


def _own_words(note: Note, library: Library) -> Iterator[str]:  # noqa: ARG001 - every rule is called alike
    from assistant import shingles

    shared = sum(bool(shingles.shingles(text) & shingles.article_hashes()) for text in _texts(note))
    if shared:
        yield f"{shared} of its texts share eight words in a row with the source article"


_RULES: tuple[Callable[[Note, Library], Iterator[str]], ...] = (_known_words, _placed, _evidence, _lengths, _ease, _never_said, _own_words)


def _texts(note: Note) -> tuple[str, ...]:
    steps = (*note.steps, note.closing) if isinstance(note, Exercise) else ()
    return (note.title, note.gist, *note.questions, *steps, *note.paragraphs)


def _whole(library: Library) -> Iterator[Problem]:
    """Check what no single file can show."""
    notes = tuple(note for note in library.notes if not note.own)
    exercises = tuple(exercise for exercise in library.exercises if not exercise.own)
    kinds: tuple[tuple[str, tuple[Note, ...], int], ...] = (("guidance", notes, _NOTES), ("exercises", exercises, _EXERCISES))
    for name, kind, least in kinds:
        if len(kind) < least:
            yield Problem(name, f"there are {len(kind)} files, {least} is the least")
        covered = {topic for note in kind for topic in note.topics}
        yield from (Problem(name, f"no file has the topic {topic}") for topic in sorted(set(_wording().topics) - covered))
    main = {note.topics[0] for note in notes if note.topics}
    yield from (
        Problem("guidance", f"no note is mainly about {topic}, which the source article is about")
        for topic in sorted(_wording().article_topics - main)
    )
    strange = sorted(set(cues.shipped().topics) - set(_wording().topics))
    yield from (Problem("cues.toml", f"the topic {topic} is not on the list") for topic in strange)
    used = {key for note in (*notes, *exercises) for key in note.sources}
    yield from (Problem("sources.toml", f"no file uses the source {key}") for key in sorted(set(library.sources) - used))
    ids = {note.id for note in notes}
    voices = sorted(path for path in (library.folder / "voices").glob("*") if path.suffix != ".txt" or path.stem not in ids)
    yield from (Problem(f"voices/{path.name}", "no note has this name") for path in voices)
    yield from _twice("gist", [(note.gist, note) for note in (*notes, *exercises)])
    yield from _twice("first step", [(exercise.steps[0], exercise) for exercise in exercises if exercise.steps])


def _twice(what: str, texts: Sequence[tuple[str, Note]]) -> Iterator[Problem]:
    """Find texts that stand in two files: a reply would say the same thing twice in one conversation."""
    seen: dict[str, str] = {}
    for text, note in texts:
        if (first := seen.setdefault(text, note.id)) != note.id:
            yield Problem(f"{note.id}.md", f"it has the same {what} as {first}")


@cache
def _wording() -> _Wording:
    try:
        table: dict[str, Any] = tomllib.loads(_FILE.read_text("utf-8"))
        never = tuple(_Never(row["id"], re.compile(row["pattern"]), tuple(row.get("but", ()))) for row in table["never"])
        return _Wording(tuple(table["topics"]), frozenset(table["article_topics"]), frozenset(table["tags"]), never)
    except (OSError, ValueError, KeyError, re.error) as error:
        raise RulesBroken(_FILE, type(error).__name__) from None
