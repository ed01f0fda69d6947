"""Pieces for the embedder hold every word."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.screening.chunks import OVERLAP, WORDS, chunks


def test_a_short_text_is_one_piece() -> None:
    assert list(chunks("he left  today")) == ["he left today"]


def test_no_words_no_pieces() -> None:
    assert list(chunks(" \n ")) == []


@given(st.integers(1, 1000))
def test_every_word_is_in_a_piece_and_pieces_overlap(length: int) -> None:
    words = [f"w{number}" for number in range(length)]
    pieces = [piece.split() for piece in chunks(" ".join(words))]
    assert sorted({word for piece in pieces for word in piece}, key=lambda word: int(word[1:])) == words
    assert all(len(piece) <= WORDS for piece in pieces)
    assert all(one[-OVERLAP:] == other[:OVERLAP] for one, other in pairwise(pieces))


def test_a_word_without_end_is_cut() -> None:
    assert max(map(len, " ".join(chunks("x" * 1000)).split())) <= 40
