"""Reads knowledge/helplines.toml, refuses what breaks its rules, and finds a country's lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast, get_args

from assistant import resources
from assistant.errors import HelplinesBroken

Kind = Literal["emergency", "crisis", "abuse", "stalking", "own_behaviour", "youth"]

ROUND_THE_CLOCK = "24 hours a day, every day"
_WAYS = ("call", "text", "chat", "web")
_TEXTS = ("name", "hours", *_WAYS, "language", "audience", "note")
_AUDIENCES = ("", "women", "men")
_FIELDS = frozenset({"kind", "free", "sources", "checked", *_TEXTS})
_CODE = re.compile(r"[A-Z]{2}")
_SAME = {"UK": "GB"}  # what people write for it; ISO 3166 reserves UK
_MONTHS_VALID = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One service. `call` is as dialled inside the country; an empty field means that it has none; `free` None is unknown."""

    kind: Kind
    name: str
    call: str
    text: str
    chat: str
    web: str
    hours: str
    free: bool | None
    language: str
    audience: str
    note: str
    sources: tuple[str, ...]
    checked: date

    @property
    def always_open(self) -> bool:
        """Say whether it never closes."""
        return self.hours == ROUND_THE_CLOCK


@dataclass(frozen=True, slots=True)
class Directory:
    """A web page that lists helplines of many countries."""

    name: str
    web: str
    checked: date


@dataclass(frozen=True, slots=True)
class CountryLines:
    """The lines of one country, in the order of the file.

    The fallback has no lines: `code` is then what was asked for, or None when no country was chosen.
    `guessed` says that nobody chose the country.
    """

    code: str | None
    name: str
    lines: tuple[Line, ...]
    directories: tuple[Directory, ...]
    guessed: bool = False

    def of(self, *kinds: Kind) -> tuple[Line, ...]:
        """Return the lines of these kinds, kind by kind."""
        return tuple(line for kind in kinds for line in self.lines if line.kind == kind)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A line whose check is over a year old, and its country's name."""

    country: str
    line: Line


@dataclass(frozen=True, slots=True)
class Table:
    """Every country's lines, by code, and the directories for all others."""

    countries: tuple[CountryLines, ...]
    directories: tuple[Directory, ...]

    def pick(self, country: str | None, *, guessed: bool = False) -> CountryLines:
        """Return the lines of an ISO 3166 code in any case, or the fallback when it is None or not in the table."""
        code = (country or "").strip().upper()
        code = _SAME.get(code, code)
        for lines in self.countries:
            if lines.code == code:
                return replace(lines, guessed=guessed)
        return CountryLines(code or None, code, (), self.directories, guessed)


def load(path: Path | None = None) -> Table:
    """Read the table; this installation's when no path is given.

    Raises:
        HelplinesBroken: it is unreadable, or a line lacks two sources, a date, a known kind or a way to reach it, or is there
            twice, or a country lacks an emergency number or a crisis line. Names the country and the line.
    """
    path = path or resources.folder("knowledge") / "helplines.toml"
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise HelplinesBroken(f"{path.name} cannot be read ({type(error).__name__})") from None
    directories = tuple(_directory(entry) for entry in raw.get("directories", ()))
    if not directories:
        raise HelplinesBroken("it names no directory")
    countries = raw.get("countries", {})
    return Table(tuple(_country(code, countries[code], directories) for code in sorted(countries)), directories)


def overdue(table: Table, today: date) -> tuple[Overdue, ...]:
    """Return the lines that were checked over 12 months before `today`."""
    limit = (today.year * 12 + today.month - _MONTHS_VALID, today.day)
    return tuple(
        Overdue(country.name, line)
        for country in table.countries
        for line in country.lines
        if (line.checked.year * 12 + line.checked.month, line.checked.day) < limit
    )


def _country(code: str, raw: Mapping[str, Any], directories: tuple[Directory, ...]) -> CountryLines:
    if not _CODE.fullmatch(code):
        raise HelplinesBroken(f"{code} is not a country's two letters")
    lines = tuple(_line(code, entry) for entry in raw.get("lines", ()))
    for kind in ("emergency", "crisis"):
        if not any(line.kind == kind for line in lines):
            raise HelplinesBroken(f"{code} has no {kind} line")
    _refuse_twins(code, lines)
    return CountryLines(code, _text(code, raw, "name", needed=True), lines, directories)


def _line(code: str, raw: Mapping[str, Any]) -> Line:
    where = f"{code}, {raw.get('name', 'a line without a name')}"
    if strange := sorted(set(raw) - _FIELDS):
        raise HelplinesBroken(f"{where}: no field is called {strange[0]}")
    if raw.get("kind") not in get_args(Kind):
        raise HelplinesBroken(f"{where}: the kind is not one of {', '.join(get_args(Kind))}")
    texts = {name: _text(where, raw, name, needed=name in ("name", "hours")) for name in _TEXTS}
    if not any(texts[way] for way in _WAYS):
        raise HelplinesBroken(f"{where}: there is no way to reach it")
    if texts["audience"] not in _AUDIENCES:
        raise HelplinesBroken(f"{where}: the audience is women, men or left out")
    free = raw.get("free")
    if free is not None and not isinstance(free, bool):
        raise HelplinesBroken(f"{where}: free is true, false or left out")
    return Line(kind=cast(Kind, raw["kind"]), free=free, sources=_sources(where, raw), checked=_checked(where, raw), **texts)


def _directory(raw: Mapping[str, Any]) -> Directory:
    where = f"directory {raw.get('name', 'without a name')}"
    return Directory(_text(where, raw, "name", needed=True), _text(where, raw, "web", needed=True), _checked(where, raw))


def _text(where: str, raw: Mapping[str, Any], name: str, *, needed: bool) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise HelplinesBroken(f"{where}: {name} is missing, or not text")
    return value


def _sources(where: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
    sources = raw.get("sources")
    if not isinstance(sources, list) or not all(isinstance(source, str) and source.strip() for source in sources):
        raise HelplinesBroken(f"{where}: sources is not a list of texts")
    if len({_publisher(source) for source in sources}) < 2:
        raise HelplinesBroken(f"{where}: two independent sources are needed")
    return tuple(sources)


def _publisher(source: str) -> str:
    host, _, path = source.casefold().partition("/")
    if host == "github.com":  # each repository is its own publisher
        return "/".join(path.split()[0].split("/")[:2])
    return host.partition(":")[0].removeprefix("www.").strip()


def _checked(where: str, raw: Mapping[str, Any]) -> date:
    checked = raw.get("checked")
    if type(checked) is not date:  # a date with a time of day is a datetime, which is also a date
        raise HelplinesBroken(f"{where}: checked is not a date")
    return checked


def _refuse_twins(code: str, lines: tuple[Line, ...]) -> None:
    seen = set[tuple[str, str]]()
    for line in lines:
        digits = re.sub(r"\D", "", line.call)
        keys = {(line.kind, line.name.casefold()), (line.kind, digits or line.name.casefold())}
        if seen & keys:
            raise HelplinesBroken(f"{code}, {line.name}: it is there twice")
        seen |= keys
