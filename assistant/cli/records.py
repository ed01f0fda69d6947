"""Schema 1 of all JSONL: lines in, and the objects that go out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import typer

from assistant import ending
from assistant.conversation import Conversation, Turn
from assistant.ending import EndedBy, Ending
from assistant.entry import Entry
from assistant.errors import AfterwordError, BadRecord
from assistant.reply import Reply
from assistant.screening.levels import Screening

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a batch, read: what is to be answered, and what came before it."""

    entry: Entry
    conversation: Conversation


def lines(source: str) -> Iterator[str]:
    """Yield the lines of a file or, for "-", of standard input; blank lines are passed over."""
    stream = sys.stdin.buffer if source == "-" else Path(source).open("rb")  # noqa: SIM115 - closed below
    with stream:
        for raw in stream:
            if raw.strip():
                yield raw.decode("utf-8", "replace")


def answer_each(source: str, answer: Callable[[Json], Json]) -> None:
    """Print one JSON object a line; a line that cannot be used gives {"id", "error"} and the rest goes on."""
    for number, line in enumerate(lines(source), 1):
        row: Json = {"id": number}
        try:
            row = _row(line, number)
            out = {"id": row["id"], **answer(row)}
        except AfterwordError as error:
            out = {"id": row["id"], "error": str(error)}
        typer.echo(json.dumps(out, ensure_ascii=False))


def asked(row: Json) -> Asked:
    """Read {"text"} or {"turns"}, with optional "at", "country", "ended" and "ended_by".

    Raises:
        InputError: a field is missing or of the wrong kind.
    """
    turns = _turns(row)
    if not turns or turns[-1].role != "writer":
        raise BadRecord('It needs "text", or "turns" of which the last is the writer\'s.')
    entry = Entry.of(turns[-1].text, _time(row.get("at")), _country(row.get("country")), _ending(row))
    return Asked(entry, Conversation(tuple(turns[:-1])))


def text_of(row: Json, key: str) -> str | None:
    """Return an optional text field."""
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise BadRecord(f'"{key}" has to be a text.')
    return value


def of_screening(screening: Screening) -> Json:
    """Lay out a screening."""
    return {
        "route": screening.route.word,
        "level": screening.level.word,
        "categories": {category.value: level.word for category, level in sorted(screening.categories.items()) if level},
        "signals": list(screening.signals),
    }


def of_reply(reply: Reply) -> Json:
    """Lay out a whole reply."""
    timing = reply.timing
    return {
        "route": reply.screening.route.word,
        "level": reply.screening.level.word,
        "reply": reply.text,
        "parts": [
            {"kind": part.kind, "text": part.text, "written_by": part.written_by, "sources": list(part.sources)} for part in reply.parts
        ],
        "sources": [{"id": s.note_id, "title": s.title, "citation": s.citation, "score": round(s.score, 5)} for s in reply.sources],
        "dropped": [{"reason": dropped.reason} for dropped in reply.dropped],
        "model": reply.model,
        "timing": {
            "screened": _seconds(timing.screened),
            "retrieved": _seconds(timing.retrieved),
            "first_sentence": _seconds(timing.first_sentence),
            "total": _seconds(timing.total),
        },
        "notices": list(reply.notices),
    }


def _row(line: str, number: int) -> Json:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRecord(f"Line {number} is not JSON.") from None
    if not isinstance(row, dict):
        raise BadRecord(f"Line {number} is not a JSON object.")
    return {"id": number, **row}


def _turns(row: Json) -> list[Turn]:
    if "turns" not in row:
        text = text_of(row, "text")
        return [] if text is None else [Turn("writer", text)]
    given = row["turns"]
    if not isinstance(given, list):
        raise BadRecord('"turns" has to be a list.')
    return [_turn(turn) for turn in given]


def _turn(turn: object) -> Turn:
    if not isinstance(turn, dict) or turn.get("role") not in ("writer", "afterword") or not isinstance(turn.get("text"), str):
        raise BadRecord('A turn needs "role" (writer or afterword) and "text".')
    return Turn(turn["role"], turn["text"])


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise BadRecord('"at" has to be a local ISO time such as 2026-01-31T02:10.') from None


def _country(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) != 2 or not value.isalpha():
        raise BadRecord('"country" has to be two letters, such as GB.')
    return value.upper()


def _ending(row: Json) -> Ending:
    by = row.get("ended_by")
    if by is not None and by not in get_args(EndedBy):
        raise BadRecord('"ended_by" has to be them, me or both.')
    return Ending(ending.day(row["ended"]) if row.get("ended") is not None else None, by)


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
