"""`afterword` and `afterword web`: the page."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant import settings
from assistant.errors import PageOpenElsewhere

Port = Annotated[int | None, typer.Option(help="Where the page listens on this computer; 0 takes any free port.", min=0, max=65535)]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Print the address; don't open a browser.")]
NoModel = Annotated[bool, typer.Option("--no-model", help="Answer from the library alone.")]
Model = Annotated[str | None, typer.Option(help="A model's name, or a path to a .gguf file.", metavar="NAME|PATH")]


def web(port: Port = None, no_browser: NoBrowser = False, no_model: NoModel = False, model: Model = None) -> None:
    """Open the page in your browser. It runs on this computer alone; Ctrl-C closes it.

    The address it prints is a key: it works on this computer until the page is closed.

    Examples:
      afterword
      afterword web --no-browser --port 8000
    """
    from assistant.web import serve
    from assistant.web.server import open_browser

    try:
        serve(settings.load(model=model), port=port, browser=not no_browser, use_model=not no_model, tell=_tell)
    except PageOpenElsewhere as elsewhere:
        if not elsewhere.address:
            raise
        typer.echo(str(elsewhere), err=True)
        _tell(elsewhere.address)
        if not no_browser:
            open_browser(elsewhere.address)


def _tell(address: str) -> None:
    typer.echo(address)
    sys.stdout.flush()
    typer.echo("The page is open in your browser, or copy this address there. Ctrl-C closes it.", err=True)
