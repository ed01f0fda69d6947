"""Sentences of a text, by sentencex."""

from __future__ import annotations

from functools import cache


@cache
def _segmenter() -> object:
    import sentencex

    return sentencex


def split(text: str) -> list[str]:
    """Split English text into sentences; a line end always ends one."""
    segment = getattr(_segmenter(), "segment")  # noqa: B009 - sentencex has no types
    found: list[str] = []
    for line in text.splitlines():
        found.extend(piece.strip() for piece in segment("en", line) if piece.strip())
    return found
