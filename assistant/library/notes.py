"""A note, an exercise, a source: their file format, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import frontmatter

from assistant.errors import NoteBroken

Evidence = Literal["study", "review", "expert", "practice"]
Hour = Literal["any", "night", "day"]
Place = Literal["any", "tonight", "tomorrow", "weekly", "later"]

_NOTE = ("id", "title", "topics", "when", "not_when", "evidence", "sources", "disagrees", "gist", "questions", "checked")
_EXERCISE = (*_NOTE, "minutes", "hour", "steps", "closing")
_MAY = ("place", "situations")
_OWN_MAY_LACK = ("topics", "when", "not_when", "sources", "disagrees", "questions")
_MOST = 200_000  # signs; the longest shipped file has 4 000


# Circumstances of a life, in the words of screening.circumstances; the others are hours, routes and moods.
SITUATIONS = frozenset(
    """
    children living_together same_place drunk bereaved new_partner left leaver ghosted cheated_on cheated asked_stop logistics
    they_wrote once mutual
    """.split()
)
_HOURS = frozenset({"night", "day", "hot"})


@dataclass(frozen=True, slots=True)
class Note:
    """One file of knowledge/guidance. `gist` and `questions` are shown as they stand.

    `place` is where it stands on the path from the first night to later; `situations` are lines in the voice of an entry that
    should find it, never shown. `own` says that the person added it; it is nobody's finding but theirs.
    """

    id: str
    title: str
    topics: tuple[str, ...]
    when: frozenset[str]
    not_when: frozenset[str]
    evidence: Evidence
    sources: tuple[str, ...]
    disagrees: tuple[str, ...]
    gist: str
    questions: tuple[str, ...]
    checked: date
    body: str
    place: Place
    situations: tuple[str, ...]
    own: bool

    @property
    def is_situational(self) -> bool:
        """Say whether it is made for certain situations only, such as a shared home, whatever the hour."""
        return bool(self.when & SITUATIONS) and self.when - SITUATIONS <= _HOURS

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs, each on one line."""
        return tuple(" ".join(part.split()) for part in self.body.split("\n\n") if part.strip())


@dataclass(frozen=True, slots=True)
class Exercise(Note):
    """One file of knowledge/exercises: a note with steps; `minutes` is how long it takes, `hour` when it may be offered."""

    minutes: int
    hour: Hour
    steps: tuple[str, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of sources.toml; `citation` is how it is named under a reply, `fields` is all that the file says about it."""

    key: str
    citation: str
    fields: Mapping[str, object]


def read_note(path: Path, own: bool = False) -> Note:
    """Read one guidance file; of one that the person `own`s, most of the head may be left out.

    Raises:
        NoteBroken: it breaks the format; names the file and what is wrong.
    """
    return Note(**_Head(path, _NOTE, own).common())


def read_exercise(path: Path, own: bool = False) -> Exercise:
    """Read one exercise file; raises as `read_note` does."""
    head = _Head(path, _EXERCISE, own)
    return Exercise(
        **head.common(),
        minutes=head.minutes(),
        hour=head.choice("hour", get_args(Hour)),
        steps=head.texts("steps"),
        closing=head.text("closing"),
    )


class _Head:
    """The front matter of one file, and the questions asked of it."""

    def __init__(self, path: Path, keys: tuple[str, ...], own: bool = False) -> None:
        self._path = path
        self._own = own
        self._values, self._body = self._parse()
        if own:
            left_out: dict[str, Any] = {"id": path.stem, "evidence": "practice", "checked": date.fromtimestamp(path.stat().st_mtime)}
            left_out |= dict.fromkeys(_OWN_MAY_LACK)
            self._values = {**left_out, **self._values}
        missing, extra = [k for k in keys if k not in self._values], [k for k in self._values if k not in (*keys, *_MAY)]
        if missing or extra:
            raise self._broken(f"its head lacks {', '.join(missing)}" if missing else f"its head has the unknown {', '.join(extra)}")

    def _parse(self) -> tuple[Mapping[str, Any], str]:
        try:
            post = frontmatter.loads(self._path.read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError):
            raise self._broken("it cannot be read as UTF-8 text") from None
        except Exception as error:  # noqa: BLE001 - the YAML library raises its own family
            raise self._broken(f"its head is not valid YAML ({type(error).__name__})") from None
        if len(post.content) > _MOST:
            raise self._broken("it is far too long for a note")
        if not post.metadata or not post.content.strip():
            raise self._broken("it has no head between two --- lines, or no text after it")
        return post.metadata, post.content.strip()

    def _broken(self, why: str) -> NoteBroken:
        return NoteBroken(self._path, why)

    def common(self) -> dict[str, Any]:
        """Return the fields that notes and exercises share."""
        if self.text("id") != self._path.stem:
            raise self._broken("its id is not its file name")
        return {
            "id": self.text("id"),
            "title": self.text("title"),
            "topics": self.texts("topics"),
            "when": frozenset(self.texts("when")),
            "not_when": frozenset(self.texts("not_when")),
            "evidence": self.choice("evidence", get_args(Evidence)),
            "sources": self.texts("sources"),
            "disagrees": self.texts("disagrees"),
            "gist": self.text("gist"),
            "questions": self.texts("questions"),
            "checked": self.day("checked"),
            "body": self._body,
            "place": self.choice("place", get_args(Place)) if "place" in self._values else "any",
            "situations": self.texts("situations") if "situations" in self._values else (),
            "own": self._own,
        }

    def text(self, key: str) -> str:
        """Return a line of text."""
        value = self._values[key]
        if not isinstance(value, str) or not value.strip():
            raise self._broken(f"{key} is not a text")
        return " ".join(value.split())

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of lines; an empty key is an empty list."""
        value = self._values[key] or []
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self._broken(f"{key} is not a list of texts")
        return tuple(" ".join(item.split()) for item in value)

    def choice(self, key: str, allowed: tuple[str, ...]) -> Any:  # noqa: ANN401 - a Literal checked at run time
        """Return one of the allowed words."""
        if self._values[key] not in allowed:
            raise self._broken(f"{key} is none of {', '.join(allowed)}")
        return self._values[key]

    def day(self, key: str) -> date:
        """Return a date."""
        if not isinstance(self._values[key], date):
            raise self._broken(f"{key} is not a date such as 2026-11-23")
        return self._values[key]  # type: ignore[no-any-return]

    def minutes(self) -> int:
        """Return whole minutes, one or more."""
        value = self._values["minutes"]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._broken("minutes is not a whole number")
        return value
