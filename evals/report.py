"""Figures of a run: k of n for each group with a Wilson interval, never one pooled number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from inspect_ai.log import EvalLog

Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """k of n, with the Wilson interval in percent."""

    group: str
    k: int
    n: int

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
        return f"  {self.group:38} {self.k:4d} of {self.n:4d}  {100 * self.k / self.n:5.1f} %  ({low:.1f} to {high:.1f})"


def shares(log: EvalLog) -> Iterable[Share]:
    """Count the right answers of each group of a log."""
    right, every = Counter[str](), Counter[str]()
    for sample in log.samples or []:
        for score in (sample.scores or {}).values():
            group = str((score.metadata or {}).get("group", "all"))
            every[group] += 1
            right[group] += score.value == "C"
    return [Share(group, right[group], every[group]) for group in sorted(every)]
