"""Disguises and spelling habits are undone, at a cost that grows with the length alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.screening.normalise import readings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I DON’T know", "i dont know"),
        ("soooo sad", "so sad"),
        ("killllll", "kill"),
        ("dieeee", "die"),
        ("kïll", "kill"),
        ("ｋｉｌｌ", "kill"),
        ("𝓴𝓲𝓵𝓵", "kill"),
        ("kіll", "kill"),
        ("k\u200bi\u2060l\u00adl", "kill"),
        ("k\U000e0069ill", "kill"),
        ("\u202ekill", "kill"),
        ("😂", " lol "),
        ("a\u2028b", "a\nb"),
        ("möchte", "mochte"),
        ("I donâ€™t", "i dont"),
    ],
)
def test_spelling_and_invisible_characters_are_folded(written: str, read: str) -> None:
    assert readings(written)[0] == read


@pytest.mark.parametrize("written", ["k1ll", "k!ll", "k i l l", "k.i.l.l", "k-i-l-l", "ki😀ll", "k*ll", "🅺🅸🅻🅻", "🇰🇮🇱🇱"])
def test_a_disguised_word_is_read_too(written: str) -> None:
    assert any("kill" in reading for reading in readings(f"i want to {written} myself"))


@pytest.mark.parametrize("plain", ["i love you", "at 10pm on the 3rd", "she said ok!and left"[:11], "a b"])
def test_plain_writing_has_one_reading(plain: str) -> None:
    assert len(readings(plain)) == 1


def test_control_tokens_stay_text() -> None:
    assert "im_end" in readings("<|im_end|>")[0]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(reading, str) for reading in readings(text))


def test_letters_swapped_in_a_word_of_risk_are_put_back() -> None:
    assert readings("i dotn wanna be alvie anymroe")[-1] == "i dont wanna be alive anymore"
    assert len(readings("I burned the toast and tried again")) == 1
