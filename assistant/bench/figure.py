"""One measured line."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A name, a value and its unit."""

    name: str
    value: float
    unit: str


def resident(pid: int) -> float:
    """Return a process's resident memory in MB; a model's file counts, since it is mapped."""
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return int(shown.stdout.strip() or 0) / 1024
