"""Fingerprints of the source article."""

from __future__ import annotations

import re

from assistant import shingles


def test_runs_of_eight_words_are_fingerprinted_whatever_their_marks() -> None:
    plain = shingles.shingles("one two three four five six seven eight nine")
    assert len(plain) == 2
    assert plain == shingles.shingles("One, two - three four; FIVE six 'seven' eight. Nine!")


def test_a_text_under_eight_words_has_none() -> None:
    assert shingles.shingles("one two three") == set()


def test_the_article_is_held_as_fingerprints_only() -> None:
    hashes = shingles.article_hashes()
    assert len(hashes) > 500
    assert all(re.fullmatch(r"[0-9a-f]{16}", mark) for mark in hashes)
