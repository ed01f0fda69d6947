"""Screening: what an entry holds and how it is to be answered. Rules today; a classifier can be added as another scanner."""

from __future__ import annotations

from assistant.screening.chunks import chunks
from assistant.screening.circumstances import circumstances
from assistant.screening.levels import RISK, Category, Finding, Level, Route, Screening
from assistant.screening.screen import Scanner, Screener


def default_screener() -> Screener:
    """Return a screener that reads by rules alone."""
    return Screener.default()


__all__ = [
    "RISK",
    "Category",
    "Finding",
    "Level",
    "Route",
    "Scanner",
    "Screener",
    "Screening",
    "chunks",
    "circumstances",
    "default_screener",
]
