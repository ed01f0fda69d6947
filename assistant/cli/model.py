"""`afterword model`: which language models there are, bring one, choose one, take one away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import settings
from assistant.engine import catalogue
from assistant.errors import AfterwordError, ModelError, ModelMissing, ModelUnknown

if TYPE_CHECKING:
    from assistant.engine.catalogue import Model
    from assistant.engine.part import Progress
    from assistant.settings import Settings

app = typer.Typer(
    help="Show the language models, bring one to this computer, choose one, or take one away.",
    epilog="Examples: afterword model list | afterword model pull | afterword model use ~/models/some.gguf",
    no_args_is_help=True,
)
_STEP = 10  # percent between two lines where no bar can be drawn


@app.command("list")
def list_models() -> None:
    """Show the models that Afterword knows, with size and licence, and which are on this computer.

    Example: afterword model list
    """
    chosen = _settings()
    shipped, memory = catalogue.shipped(), catalogue.memory()
    for model in sorted(shipped.models, key=lambda model: (model.tests_only, model.name != shipped.default)):
        typer.echo(f"{model.name:<20} {_gigabytes(model.size):>7}  {model.licence:<11} {_state(model, chosen):<24} {_note(model, shipped)}")
    if chosen.model not in {model.name for model in shipped.models}:
        typer.echo(f"{chosen.model}  in use: a file that you chose")
    larger = shipped.largest_for(memory)
    if larger.size > shipped.get(shipped.default).size:
        typer.echo(
            f"\nThis computer has {memory / 1e9:.0f} GB of memory, so {larger.name} fits too: "
            f"afterword model pull {larger.name}, then afterword model use {larger.name}",
            err=True,
        )


@app.command()
def pull(
    name: Annotated[str | None, typer.Argument(help="A name of `afterword model list`; the default model if left out.")] = None,
) -> None:
    """Bring a model to this computer. Uses the network; nothing you wrote is sent. Goes on where an earlier try ended.

    Examples:
      afterword model pull
      afterword model pull qwen3-4b
    """
    from assistant.engine import download

    shipped = catalogue.shipped()
    model = shipped.get(name or shipped.default)
    if download.present(model, _settings()):
        typer.echo(f"{model.name} is here already and is the file we know.", err=True)
        return
    places = ", else from ".join(source.name for source in download.sources(model))
    typer.echo(f"{model.name}, {_gigabytes(model.size)}, from {places}. This uses the network; nothing you wrote is sent.", err=True)
    try:
        with _progress(model) as progress:
            path = download.pull(model, _settings(), progress)
    except KeyboardInterrupt:
        typer.echo("\nStopped. What has come so far is kept, and the same command goes on from there.", err=True)
        raise typer.Exit(130) from None
    typer.echo(f"{model.name} is here and is the file we know: {path}", err=True)


@app.command()
def use(
    name: Annotated[str, typer.Argument(metavar="NAME|PATH", help="A name of `afterword model list`, or a .gguf file.")],
) -> None:
    """Choose the model that writes from now on. It is kept in the config file.

    Examples:
      afterword model use qwen3-4b
      afterword model use ~/models/some.gguf
    """
    from assistant import config

    found = catalogue.resolve(settings.load(model=name))
    kept = found.name if found.known and name == found.name else str(found.path)
    config.write("model", kept)
    warning = found.warning or next((model.note for model in catalogue.shipped().models if model.name == name and model.tests_only), None)
    if warning:
        typer.echo(warning, err=True)
    if os.environ.get("AFTERWORD_MODEL") not in (None, "", kept):
        typer.echo("The variable AFTERWORD_MODEL is set in this shell and goes before this choice.", err=True)
    typer.echo(f"{found.name} writes from now on.", err=True)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A name of `afterword model list`.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a model's file from this computer. It can be brought again.

    Example: afterword model remove qwen3-4b
    """
    from assistant.engine import download

    model = _known(name)
    files = download.leftovers(model, _settings())
    if not files:
        raise ModelMissing(model.name)
    size = sum(path.lstat().st_size for path in files)
    if not yes:
        typer.confirm(f"Delete {model.name} ({_gigabytes(size)})?", abort=True, err=True)
    for path in files:
        path.unlink()
    typer.echo(f"{model.name} is gone; {_gigabytes(size)} are free again.", err=True)


def _settings() -> Settings:
    """Read the settings even where the chosen model is a name that no longer exists."""
    return settings.load()


def _known(name: str) -> Model:
    """Look a name up; a path is answered with why it is left alone."""
    try:
        return catalogue.shipped().get(name)
    except ModelUnknown:
        if Path(name).expanduser().exists():
            raise AfterwordError(f"{name} is a file of your own. Afterword deletes only models that it brought itself.") from None
        raise


def _state(model: Model, chosen: Settings) -> str:
    here = "on this computer" if _sound(model, chosen) else ""
    return ", ".join(filter(None, [here, "in use" if chosen.model == model.name else ""]))


def _sound(model: Model, chosen: Settings) -> bool:
    """Look at the size only: a list must not read gigabytes."""
    from assistant.engine import verify

    try:
        verify.header(model.path(chosen))
        verify.size(model.path(chosen), model.size)
    except ModelError:
        return False
    return True


def _note(model: Model, shipped: catalogue.Catalogue) -> str:
    return f"{'default: ' if model.name == shipped.default else ''}{model.note}; for {model.memory_gb} GB of memory or more"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


@contextmanager
def _progress(model: Model) -> Iterator[Progress]:
    """Draw a bar on a terminal, else print a line for every tenth."""
    if not sys.stderr.isatty():
        yield _Lines(model.name)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(model.name, total=model.size)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Lines:
    """Progress as plain lines, for logs."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said = -1

    def __call__(self, done: int, total: int) -> None:
        tenth = 100 * done // total // _STEP
        if tenth > self._said:
            self._said = tenth
            typer.echo(f"{self._name}: {tenth * _STEP} % of {_gigabytes(total)}", err=True)
