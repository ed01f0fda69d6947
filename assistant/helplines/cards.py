"""Makes cards of a country's lines: the few that fit a moment, in the words of prompts/fixed/card-*.md."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from assistant import prompts
from assistant.helplines.table import CountryLines, Kind, Line

CardKind = Literal["crisis", "protect", "restraint", "youth", "pinned"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `afterword helplines`, ready to print. `free` is "yes", "no" or "not known"."""

    country: str
    kind: Kind
    name: str
    ways: str
    hours: str
    free: str
    note: str
    checked: date
    sources: tuple[str, ...]


def rows(lines: CountryLines) -> tuple[Row, ...]:
    """Return every line of a country as a row, in the order of the file; none for the fallback."""
    return tuple(
        Row(
            lines.code or "",
            line.kind,
            line.name,
            _ways(line),
            line.hours,
            {True: "yes", False: "no", None: "not known"}[line.free],
            "; ".join(part for part in (line.language, line.audience and f"for {line.audience}", line.note) if part),
            line.checked,
            line.sources,
        )
        for line in lines.lines
    )


def card(kind: str, lines: CountryLines) -> str:
    """Return the card of a kind as plain text lines, for a terminal and a page.

    Without lines (no country chosen, or one that is not in the table) it holds the directories and "your local emergency
    number".

    Raises:
        ValueError: there is no such kind of card.
    """
    if kind not in get_args(CardKind):
        raise ValueError(f"no card is called {kind}")
    around = {"country": lines.name, "directories": _directories(lines), "guessed": "yes" if lines.guessed else ""}
    if not lines.lines:
        return _words("card-pinned-no-country" if kind == "pinned" else "card-no-country", around)
    chosen = _CHOICES[cast(CardKind, kind)](lines)
    return _words(f"card-{kind}", around | {"emergency": _emergency(lines), "lines": chosen, "place": _place(lines)})


def _crisis(lines: CountryLines) -> str:
    shown = _first_of_each_language(lines.of("crisis"))
    if not any(line.text or line.chat for line in shown):
        shown += tuple(line for line in lines.of("crisis") if line.text or line.chat)[:1]
    return _listed(lines, shown)


def _protect(lines: CountryLines) -> str:
    abuse = lines.of("abuse")[:3]
    stalking = tuple(line for line in lines.of("stalking") if line.name not in {other.name for other in abuse})
    shown = abuse + stalking[:1]
    if not shown:
        return _instead("card-no-abuse-line", lines)
    open_to = {line.audience for line in shown}
    if "" in open_to or open_to == {"women", "men"}:
        return _listed(lines, shown)
    anyone = _words("card-for-anyone", {"line": _line(lines.of("crisis")[0])})
    return "\n".join([*(f"- {_line(line)}" for line in shown), anyone])


def _restraint(lines: CountryLines) -> str:
    shown = _first_of_each_language(lines.of("own_behaviour"))
    return _listed(lines, shown) if shown else _instead("card-no-own-behaviour-line", lines)


def _youth(lines: CountryLines) -> str:
    shown = lines.of("youth")[:2]
    return _listed(lines, shown) if shown else _instead("card-no-youth-line", lines)


def _pinned(lines: CountryLines) -> str:
    return " ".join(_short(line) for line in _first_of_each_language(lines.of("crisis")))


_CHOICES: dict[CardKind, Callable[[CountryLines], str]] = {
    "crisis": _crisis,
    "protect": _protect,
    "restraint": _restraint,
    "youth": _youth,
    "pinned": _pinned,
}


def _first_of_each_language(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    first = dict[str, Line]()
    for line in lines:
        first.setdefault(line.language, line)
    return tuple(first.values())


def _instead(name: str, lines: CountryLines) -> str:
    return _words(name, {"country": lines.name, "directories": _directories(lines), "lines": _crisis(lines)})


def _listed(lines: CountryLines, shown: tuple[Line, ...]) -> str:
    return "\n".join([*(f"- {_line(line)}" for line in shown), *_when_closed(lines, shown)])


def _when_closed(lines: CountryLines, shown: tuple[Line, ...]) -> list[str]:
    """Say where to turn at the hours when none of the shown lines answers; a crisis line first, where one is open."""
    if any(line.always_open for line in shown):
        return []
    night = [line for line in lines.of("crisis") if line.always_open]
    if night:
        return [_words("card-closed", {"line": _line(night[0])})]
    return [_words("card-closed-no-night-line", {"emergency": _emergency(lines), "directories": _directories(lines)})]


def _place(lines: CountryLines) -> str:
    oldest = min(line.checked for line in lines.lines)
    name = "card-place-guess" if lines.guessed else "card-place"
    day = f"{oldest.day} {calendar.month_name[oldest.month]} {oldest.year}"
    return _words(name, {"country": lines.name, "checked": day, "directories": _directories(lines)})


def _emergency(lines: CountryLines) -> str:
    parts = [_ways(line) + (f" ({line.note or line.name})" if line.name != "emergency" else "") for line in lines.of("emergency")]
    return " or ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _directories(lines: CountryLines) -> str:
    return " or ".join(directory.web for directory in lines.directories)


def _short(line: Line) -> str:
    hours = "" if line.always_open else line.hours
    return _words("card-pinned-line", {"name": line.name, "ways": _ways(line), "hours": hours, "language": line.language})


def _line(line: Line) -> str:
    about = {"name": line.name, "ways": _ways(line), "hours": line.hours, "free": "yes" if line.free else ""}
    return _words("card-line", about | {"language": line.language, "audience": line.audience, "note": line.note})


def _ways(line: Line) -> str:
    return _words("card-ways", {"call": line.call, "text": line.text, "chat": line.chat, "web": line.web})


def _words(name: str, variables: Mapping[str, str]) -> str:
    return prompts.shipped().fixed(name, variables=variables)
