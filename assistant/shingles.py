"""Fingerprints of the article the library started from, so that none of its wording is ever repeated."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

SIZE = 8  # words in a row; shorter runs are shared by chance between any two texts on one subject

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_FILE = Path(__file__).with_name("article_shingles.txt")


def shingles(text: str, size: int = SIZE) -> set[str]:
    """Return the fingerprints of all runs of `size` words: 16 hex digits of SHA-256 each.

    Case, punctuation and the shape of quotation marks make no difference. A text under `size` words has none.
    """
    words = _WORD.findall(text.lower().replace("\u2019", "'").replace("\u2018", "'"))
    runs = (" ".join(words[start : start + size]) for start in range(len(words) - size + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:16] for run in runs}


@cache
def article_hashes() -> frozenset[str]:
    """Return the fingerprints of the source article; its text is not part of this repository."""
    return frozenset(_FILE.read_text("ascii").split())
