"""The command `afterword`: its commands, and the one place where an error becomes a plain sentence and an exit status."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from assistant import __version__, environment
from assistant.__main__ import STOPPED
from assistant.cli import bench, doctor, evals, helplines, library, model, reflect, remove, review, screen, web
from assistant.errors import AfterwordError

app = typer.Typer(
    name="afterword",
    help="A private place to write after a breakup. It runs on this computer, offline. It is a program, not a person; "
    "for adults; not for emergencies.",
    epilog="Examples: afterword | afterword reflect entry.txt | afterword helplines GB | afterword doctor",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("web")(web.web)
app.command("reflect")(reflect.reflect)
app.command("screen")(screen.screen)
app.command("review")(review.review)
app.add_typer(library.app, name="library")
app.add_typer(model.app, name="model")
app.command("helplines")(helplines.helplines)
app.command("bench")(bench.bench)
app.command("eval")(evals.evaluate)
app.command("doctor")(doctor.doctor)
app.command("remove")(remove.remove)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"afterword {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", help="Show the version and stop.", callback=_version, is_eager=True)]


@app.callback()
def main(  # noqa: PLR0917 - typer reads the signature
    ctx: typer.Context,
    port: web.Port = None,
    no_browser: web.NoBrowser = False,
    no_model: web.NoModel = False,
    model: web.Model = None,
    version: Version = False,  # noqa: ARG001 - its callback answers it
) -> None:
    """Open the page, or go on to the command."""
    if ctx.invoked_subcommand is None:
        web.web(port, no_browser, no_model, model)


def run() -> None:
    """Run the command line. Exit status: 0 done, 1 failed with one plain line on stderr, 2 wrong usage, 130 stopped by Ctrl-C."""
    os.umask(0o077)
    environment.prepare()
    try:
        app()
    except AfterwordError as error:
        sys.exit(_told(str(error), 1))
    except KeyboardInterrupt:
        sys.exit(_told(STOPPED, 130))
    except SystemExit as ended:
        if ended.code == 130:  # typer's own answer to Ctrl-C, which says nothing
            typer.echo(STOPPED, err=True)
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        sys.exit(_told(f"This did not work: {error.strerror or type(error).__name__}. Check the file or folder and try again.", 1))


def _told(line: str, status: int) -> int:
    typer.echo(line, err=True)
    return status
