"""`afterword doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import settings

if TYPE_CHECKING:
    from assistant.checks import Finding


def doctor(
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the reply that is made with the network cut off.")] = False,
) -> None:
    """Look at everything that can go wrong, one line each, and change nothing. Exit status 1 when something needs doing.

    It reads a whole model and makes one reply with the network cut off, so it takes about half a minute.

    Examples:
      afterword doctor
      afterword doctor --quick
    """
    needed = 0
    for finding in _findings(settings.load(), quick):
        typer.echo(str(finding))
        needed += finding.state == "do"
    if needed:
        raise typer.Exit(1)


def _findings(chosen: settings.Settings, quick: bool) -> Iterator[Finding]:
    from assistant.checks import models, privacy, shelf

    yield from models.language_model(chosen)
    yield models.embedder()
    yield models.threads(chosen)
    yield from privacy.folders(chosen)
    yield privacy.shell()
    yield shelf.library()
    yield shelf.own_library(chosen)
    yield shelf.helplines()
    yield shelf.disk(chosen)
    if not quick:
        yield privacy.no_way_out()
