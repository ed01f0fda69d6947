"""`afterword bench`: this machine's figures, measured now."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant import settings


def bench(
    model: Annotated[str | None, typer.Option(help="A model's name, or a path to a .gguf file.", metavar="NAME|PATH")] = None,
) -> None:
    """Measure speed and memory on this computer, on texts of the program's own. Takes about three minutes.

    Example: afterword bench
    """
    from assistant import bench as figures

    for figure in figures.measure(settings.load(model=model)):
        typer.echo(f"{figure.name:40} {figure.value:10.2f} {figure.unit}")
