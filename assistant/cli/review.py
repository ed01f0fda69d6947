"""`afterword review`: which sentences would be shown, line by line."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from assistant.cli import records
from assistant.errors import BadRecord
from assistant.reply import PartKind


def review(
    jsonl: Annotated[
        str, typer.Option(metavar="IN", help='Lines of {"id", "text"}, optional "part", "entry", "passages"; - for standard input.')
    ],
) -> None:
    """Print pass or drop, with reasons, for each sentence. Starts no language model.

    Example: afterword review --jsonl sentences.jsonl
    """
    from assistant import wiring

    reviewer = wiring.reviewer()

    def answer(row: records.Json) -> records.Json:
        text = records.text_of(row, "text")
        if text is None:
            raise BadRecord('It needs "text".')
        verdict = reviewer.review(text, _part(row), records.text_of(row, "entry"), _passages(row))
        return {"verdict": "pass" if verdict.passed else "drop", "reasons": [reason.value for reason in verdict.reasons]}

    records.answer_each(jsonl, answer)


def _part(row: records.Json) -> PartKind:
    given = row.get("part", "mirror")
    for kind in get_args(PartKind):
        if kind == given:
            return kind  # type: ignore[no-any-return]
    raise BadRecord(f'"part" has to be one of {", ".join(get_args(PartKind))}.')


def _passages(row: records.Json) -> tuple[str, ...]:
    given = row.get("passages", [])
    if not isinstance(given, list) or not all(isinstance(passage, str) for passage in given):
        raise BadRecord('"passages" has to be a list of texts.')
    return tuple(given)
