"""`afterword reflect`: journal text in, a reply out."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import ending, prompts, settings
from assistant.cli import records
from assistant.conversation import Conversation, Turn
from assistant.entry import Entry, decode
from assistant.errors import EmptyEntry
from assistant.reply import Reply, Retrieved, Screened, Sentence

if TYPE_CHECKING:
    from assistant.companion import Companion
    from assistant.settings import Settings


def reflect(  # noqa: PLR0917 - typer reads the signature
    file: Annotated[str | None, typer.Argument(metavar="[FILE|-]", help="A text file, or - for standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as one JSON object.")] = False,
    no_model: Annotated[bool, typer.Option("--no-model", help="Answer from the library alone.")] = False,
    model: Annotated[str | None, typer.Option(help="A model's name, or a path to a .gguf file.", metavar="NAME|PATH")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters; decides the help lines.")] = None,
    jsonl: Annotated[str | None, typer.Option(metavar="IN", help="Many entries, one JSON object a line; - for standard input.")] = None,
    ended: Annotated[str | None, typer.Option(metavar="DAY|MONTH", help="When it ended; decides what is offered first.")] = None,
    ended_by: Annotated[str | None, typer.Option(metavar="them|me|both", help="Who ended it.")] = None,
    seed: Annotated[int | None, typer.Option(help="Give the same number to get the same sentences.", min=0)] = None,
) -> None:
    """Answer what you wrote: a short mirror, guidance with its source, one small step.

    Nothing is kept. With no FILE it asks you to write.

    Examples:
      afterword reflect entry.txt
      afterword reflect - --json < entry.txt
      afterword reflect --jsonl entries.jsonl --no-model
    """
    from assistant import wiring

    since = ending.day(ended) if ended else None
    chosen = settings.load(model=model, country=country.upper() if country else None, seed=seed, ended=since, ended_by=ended_by)
    with wiring.parts(chosen, use_model=not no_model) as parts:
        companion = parts.companion
        for warning in parts.warnings:
            typer.echo(warning, err=True)
        companion.read_ahead(Conversation())  # the model starts while the entry is read, screened and looked up
        if jsonl is not None:
            records.answer_each(jsonl, lambda row: _one(companion, row, chosen))
        elif file is None and sys.stdin.isatty():
            _converse(companion, chosen)
        else:
            _answer_file(companion, file or "-", chosen, as_json)


def _one(companion: Companion, row: records.Json, chosen: Settings) -> records.Json:
    told = {"country": chosen.country, "ended": chosen.ended, "ended_by": chosen.ended_by}
    asked = records.asked({**told, **row})
    return records.of_reply(_last(companion, asked.entry, asked.conversation))


def _last(companion: Companion, entry: Entry, conversation: Conversation) -> Reply:
    *_, reply = companion.respond(entry, conversation)
    assert isinstance(reply, Reply)  # noqa: S101 - the path's last event is the reply
    return reply


def _answer_file(companion: Companion, source: str, chosen: Settings, as_json: bool) -> None:
    raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    decoded = decode(raw, "This" if source == "-" else Path(source).name)
    if decoded.guessed:
        typer.echo("This is not UTF-8; it was read as Western European text. If letters look wrong, save it as UTF-8.", err=True)
    entry = Entry.of(decoded.text, datetime.now().astimezone(), chosen.country, chosen.ending)
    if as_json:
        typer.echo(json.dumps(records.of_reply(_last(companion, entry, Conversation())), ensure_ascii=False, indent=2))
    else:
        _show(companion, entry, Conversation())


def _converse(companion: Companion, chosen: Settings) -> None:
    """Write and be answered, turn by turn, until an empty entry or Ctrl-D."""
    fixed = prompts.shipped().fixed
    typer.echo(f"{fixed('first-run')}\n{fixed('not-saved')}\n", err=True)
    conversation = Conversation()
    while True:
        typer.echo("Write. A line with only a full stop sends it; Ctrl-D ends.", err=True)
        written = "\n".join(_typed())
        with contextlib.suppress(EmptyEntry):
            entry = Entry.of(written, datetime.now().astimezone(), chosen.country, chosen.ending)
            reply = _show(companion, entry, conversation)
            conversation = conversation.then(Turn("writer", entry.text), Turn("afterword", reply.text))
            companion.read_ahead(conversation)
            continue
        return


def _typed() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip() == ".":
            return
        yield line.rstrip("\n")


def _show(companion: Companion, entry: Entry, conversation: Conversation) -> Reply:
    """Print each reviewed piece as it is ready; notices and progress go to stderr."""
    kind = ""
    for event in companion.respond(entry, conversation):
        if isinstance(event, Screened):
            _status("reading")
        elif isinstance(event, Retrieved):
            _status("writing")
        elif isinstance(event, Sentence):
            _status("")
            same = event.part.kind == kind == "mirror"
            typer.echo(("" if not kind else " " if same else "\n\n") + event.part.text, nl=False)
            sys.stdout.flush()
            kind = event.part.kind
        else:
            _footer(event)
            return event
    raise AssertionError


def _footer(reply: Reply) -> None:
    typer.echo("\n")
    if reply.sources:
        typer.echo("Where this comes from:")
    for source in reply.sources:
        typer.echo(f"- {source.title}: {source.citation}")
    notices = [*reply.notices, prompts.shipped().fixed("help-always"), prompts.shipped().fixed("not-saved")]
    typer.echo("\n" + "\n".join(notices), err=True)


def _status(word: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{word}{'...' if word else ''}", err=True, nl=False)
