"""`afterword eval`: runs the evaluations of a checkout."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from assistant.errors import EvalsMissing

TASKS = ("screening", "review", "retrieval")
_ROOT = Path(__file__).resolve().parent.parent.parent


def evaluate(
    tasks: Annotated[list[str] | None, typer.Argument(help=f"Some of: {', '.join(TASKS)}; all if left out.")] = None,
) -> None:
    """Measure what the documents claim, offline; prints k of n for each group with a 95 % Wilson interval.

    Needs a checkout with the evals extra: `make eval` brings both together.

    Example: afterword eval screening
    """
    chosen = tasks or list(TASKS)
    if unknown := set(chosen) - set(TASKS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}; choose from {', '.join(TASKS)}")
    if not (_ROOT / "evals" / "rows.py").is_file():
        raise EvalsMissing("the evaluations are not part of an installed package; run this from a checkout")
    if importlib.util.find_spec("inspect_ai") is None:
        raise EvalsMissing("the evals extra is not installed; `make eval` brings it")
    sys.path.insert(0, str(_ROOT))
    for name in chosen:
        _run(name)


def _run(name: str) -> None:
    from inspect_ai import eval as run

    report = importlib.import_module("evals.report")
    task = getattr(importlib.import_module(f"evals.{name}"), name)
    with TemporaryDirectory() as folder:  # the rows are public, but nothing is kept that nobody asked for
        (log,) = run(task(), model=None, display="none", log_dir=folder)
        typer.echo(f"{name} ({log.eval.dataset.name}, {log.status})")
        for share in report.shares(log):
            typer.echo(str(share))
