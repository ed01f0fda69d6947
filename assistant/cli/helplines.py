"""`afterword helplines`: people to reach, by country."""

from __future__ import annotations

import os
from datetime import date
from typing import Annotated

import typer

from assistant import helplines as lines
from assistant import settings


def helplines(
    country: Annotated[str | None, typer.Argument(help="Two letters, such as GB; your setting, or a guess, if left out.")] = None,
    sources: Annotated[bool, typer.Option("--sources", help="Show where each number was read.")] = False,
) -> None:
    """Show the help lines of a country and when each was checked. Needs no network and no AI.

    Examples:
      afterword helplines
      afterword helplines IE --sources
    """
    table = lines.load()
    shown = _picked(table, country or settings.load().country)
    typer.echo(lines.card("crisis", shown))
    for row in lines.rows(shown):
        typer.echo(f"\n{row.name} ({row.kind.replace('_', ' ')}): {row.ways}\n  {row.hours}; checked {row.checked}")
        if row.note:
            typer.echo(f"  {row.note}")
        if sources:
            typer.echo("".join(f"  read at {source}\n" for source in row.sources), nl=False)
    if not shown.lines:
        typer.echo(f"\nCountries in the table: {', '.join(each.code or '' for each in table.countries)}")
    for overdue in lines.overdue(table, date.today()):
        typer.echo(f"{overdue.line.name} ({overdue.country}) was last checked over a year ago. Look it up before you rely on it.", err=True)


def _picked(table: lines.Table, country: str | None) -> lines.CountryLines:
    guess = None if country else lines.country_from_locale(os.environ)
    return table.pick(country) if guess is None else table.pick(guess.country, guessed=True)
