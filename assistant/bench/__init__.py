"""Measures this machine: the engine's speed, how long a reply and a search take, the page, what it needs of memory. Public texts only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.bench.figure import Figure

if TYPE_CHECKING:
    from assistant.settings import Settings

__all__ = ["Figure", "measure"]


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures as they are measured; about three minutes with the default model on two cores."""
    from assistant.bench import engine, page, replies, search

    yield from engine.figures(settings)
    yield from replies.figures(settings)
    yield from search.figures(settings)
    yield from page.figures(settings)
