"""`afterword remove`: where every gigabyte lies, and how to be rid of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant import settings
from assistant.errors import RemovalRefused

if TYPE_CHECKING:
    from assistant.cli.places import Place

_PIP = "pip may keep copies of what it installed: `python3 -m pip cache info` shows how much, `python3 -m pip cache purge` deletes them."


def remove(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    program: Annotated[bool, typer.Option("--program", help="Also delete the environment that `make run` made.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what lies where.")] = False,
) -> None:
    """Show where Afterword keeps things on this computer and how large they are, then delete them after asking.

    A journal goes with it and cannot be brought back. Export it first if you want to keep it.

    Examples:
      afterword remove --dry-run
      afterword remove
    """
    from assistant.cli import places

    chosen = settings.load()
    there, environment = list(places.found(chosen)), places.program()
    _show(there, environment, program)
    there += [environment] if environment and program else []
    if dry_run or not there:
        return
    if not yes and typer.prompt("Type yes to delete all of this for good", err=True).strip().lower() != "yes":
        typer.echo("Nothing was deleted.", err=True)
        raise typer.Exit(1)
    if sum(not _deleted(place, chosen) for place in there):
        raise typer.Exit(1)
    typer.echo("Done. If you took the program from a repository, its folder is the last thing to delete.", err=True)


def _show(there: list[Place], environment: Place | None, program: bool) -> None:
    listed = [*there, environment] if environment else there
    for place in listed:
        typer.echo(f"{place.size / 1e6:>9.1f} MB  {place.path}  ({place.what})")
    typer.echo(f"{sum(place.size for place in listed) / 1e6:>9.1f} MB  in all", err=True)
    if environment and not program:
        typer.echo(f"{environment.path} is the program itself and stays; `make clean` deletes it, and so does --program here.", err=True)
    typer.echo(_PIP, err=True)


def _deleted(place: Place, chosen: settings.Settings) -> bool:
    """Delete one place; one that is refused is named, and the others still go."""
    from assistant.cli import places

    try:
        places.delete(place, chosen)
    except RemovalRefused as refused:
        typer.echo(str(refused), err=True)
        return False
    typer.echo(f"Deleted {place.path}", err=True)
    return True
