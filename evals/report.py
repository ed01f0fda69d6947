"""Figures of a run: k of n for each group with a Wilson interval, means with theirs, never one pooled number; and the floors."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

from inspect_ai.log import EvalLog
from inspect_ai.scorer import Score

FLOORS = Path(__file__).resolve().parent / "datasets" / "floors.toml"
Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """k of n, with the Wilson interval in percent."""

    group: str
    k: int
    n: int

    @property
    def value(self) -> float:
        """The share in percent."""
        return 100 * self.k / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval (Wilson, 1927), in percent."""
        p, zz = self.k / self.n, Z * Z
        middle = (p + zz / (2 * self.n)) / (1 + zz / self.n)
        half = Z * sqrt(p * (1 - p) / self.n + zz / (4 * self.n * self.n)) / (1 + zz / self.n)
        return 100 * (middle - half), 100 * (middle + half)

    def __str__(self) -> str:
        """Lay it out in columns."""
        low, high = self.interval
        return f"  {self.group:38} {self.k:4d} of {self.n:4d}  {self.value:5.1f} %  ({low:.1f} to {high:.1f})"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over n samples, with the interval of plus and minus 1.96 standard errors."""

    group: str
    value: float
    n: int
    half: float

    @property
    def interval(self) -> tuple[float, float]:
        """The interval, in the unit of the value."""
        return self.value - self.half, self.value + self.half

    def __str__(self) -> str:
        """Lay it out in columns."""
        low, high = self.interval
        return f"  {self.group:38} {self.value:7.3f} over {self.n:3d}        ({low:.3f} to {high:.3f})"


def figures(log: EvalLog) -> list[Share | Mean]:
    """Count the right answers of each group of a log, and take the means of its other scores."""
    right, every, values = Counter[str](), Counter[str](), defaultdict[str, list[float]](list)
    for score in _scores(log):
        told = score.metadata or {}
        if "mean" in told:
            values[str(told["mean"])].append(float(str(score.value)))
        else:
            group = str(told.get("group", "all"))
            every[group] += 1
            right[group] += score.value == "C"
    return [*(Share(group, right[group], every[group]) for group in sorted(every)), *(_mean(*pair) for pair in sorted(values.items()))]


def under_floor(task: str, found: Iterable[Share | Mean]) -> Iterator[str]:
    """Say of each figure that lies under its floor in floors.toml; a figure without a floor cannot."""
    floors = tomllib.loads(FLOORS.read_text("utf-8")).get(task, {})
    for figure in found:
        floor = floors.get(figure.group)
        if floor is not None and figure.value < floor:
            yield f"{task}: {figure.group}: {figure.value:.4g} is under its floor of {floor:.4g}"


def _scores(log: EvalLog) -> Iterator[Score]:
    for sample in log.samples or []:
        yield from (score for score in (sample.scores or {}).values() if score is not None)


def _mean(group: str, values: list[float]) -> Mean:
    half = Z * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    return Mean(group, fmean(values), len(values), half)
