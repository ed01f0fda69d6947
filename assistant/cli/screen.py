"""`afterword screen`: what screening finds, line by line."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli import records


def screen(
    jsonl: Annotated[str, typer.Option(metavar="IN", help='Lines of {"id", "text"} or {"id", "turns"}; - for standard input.')],
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Use no model at all, only the rules.")] = False,
) -> None:
    """Print route, level, categories and signals for each line. Starts no language model.

    Example: afterword screen --jsonl lines.jsonl
    """
    from assistant import wiring

    screener = wiring.screener(rules_only=rules_only)

    def answer(row: records.Json) -> records.Json:
        asked = records.asked(row)
        return records.of_screening(screener.screen(asked.entry, asked.conversation))

    records.answer_each(jsonl, answer)
