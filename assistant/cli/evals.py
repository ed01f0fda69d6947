"""`afterword eval`: runs the evaluations of a checkout."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from assistant import settings
from assistant.errors import EvalsMissing, EvalsUnderFloor

TASKS = ("screening", "review", "retrieval", "ablation", "placement", "replies")
_ROOT = Path(__file__).resolve().parent.parent.parent


def evaluate(
    tasks: Annotated[list[str] | None, typer.Argument(help=f"Some of: {', '.join(TASKS)}; all if left out.")] = None,
    model: Annotated[str | None, typer.Option(help="A model's name, or a path to a .gguf file.", metavar="NAME|PATH")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first rows of each task, for a quick look; no floor counts.", min=1)] = None,
    save: Annotated[Path | None, typer.Option(help="Also write the figures, with what they belong to, to this file.")] = None,
) -> None:
    """Measure what the documents claim, offline; prints k of n for each group with a 95 % Wilson interval.

    Exit status 1 when a figure is under its floor in evals/datasets/floors.toml. Needs a checkout with the evals extra:
    `make eval` brings both together.

    Example: afterword eval screening replies
    """
    chosen = tasks or list(TASKS)
    if unknown := set(chosen) - set(TASKS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}; choose from {', '.join(TASKS)}")
    if not (_ROOT / "evals" / "rows.py").is_file():
        raise EvalsMissing("the evaluations are not part of an installed package; run this from a checkout")
    if importlib.util.find_spec("inspect_ai") is None:
        raise EvalsMissing("the evals extra is not installed; `make eval` brings it")
    os.environ.setdefault("AFTERWORD_SEED", "1")  # the same sentences each time
    if model is not None:
        os.environ["AFTERWORD_MODEL"] = model
    sys.path.insert(0, str(_ROOT))
    identity = importlib.import_module("evals.identity").of(settings.load())
    found = {name: _run(name, limit) for name in chosen}
    if save is not None:
        results = {name: [_laid_out(figure) for figure in figures] for name, figures in found.items()}
        save.write_text(json.dumps({"identity": identity, "limit": limit, "results": results}, indent=2) + "\n", "utf-8")
    report = importlib.import_module("evals.report")
    low = [line for name, figures in found.items() for line in report.under_floor(name, figures)] if limit is None else []
    if low:
        raise EvalsUnderFloor(low)


def _run(name: str, limit: int | None) -> list[Any]:
    """Run a task, print its figures and return them."""
    from inspect_ai import eval as run

    report = importlib.import_module("evals.report")
    task = getattr(importlib.import_module(f"evals.{name}"), name)
    with TemporaryDirectory() as folder:  # the rows are public, but nothing is kept that nobody asked for
        (log,) = run(task(), model=None, display="none", log_dir=folder, limit=limit)
        typer.echo(f"{name} ({log.eval.dataset.name}, {log.status})")
        if log.status != "success":
            raise EvalsMissing(f"the task {name} ended with: {log.error.message if log.error else log.status}")
        found: list[Any] = report.figures(log)
    for figure in found:
        typer.echo(str(figure))
    return found


def _laid_out(figure: Any) -> dict[str, object]:  # noqa: ANN401 - evals/ is no package that this one may import
    low, high = figure.interval
    counted = {"k": figure.k} if hasattr(figure, "k") else {}
    return {"group": figure.group, **counted, "n": figure.n, "value": round(figure.value, 4), "low": round(low, 4), "high": round(high, 4)}
