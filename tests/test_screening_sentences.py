"""Sentences, clauses and whose words a quotation holds."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.screening.sentences import MAX_WORDS, Sentence, Speaker, sentences


def _one(text: str) -> Sentence:
    (only,) = sentences(text)
    return only


def test_marks_end_a_sentence_and_a_question_is_known() -> None:
    found = list(sentences("he left. why?\ni know"))
    assert [(line.text, line.question) for line in found] == [("he left", False), ("why", True), ("i know", False)]


def test_a_clause_starts_at_a_comma_a_joint_and_a_new_subject() -> None:
    line = _one("i dont want to hurt him i want to sleep, but he calls")
    assert [line.text[start:].split()[0] for start in line.clauses] == ["i", "i", "but"]


def test_a_clause_goes_on_after_think() -> None:
    assert _one("i dont think i want to go").clauses == (0,)


def test_the_speaker_of_a_quotation_is_known() -> None:
    assert [quote.speaker for quote in _one('he said "go away"').quotes] == [Speaker.OTHER]
    assert [quote.speaker for quote in _one('i told him "go away"').quotes] == [Speaker.WRITER]
    assert [quote.speaker for quote in _one('that "go away"').quotes] == [Speaker.UNKNOWN]


def test_a_quotation_keeps_its_speaker_over_sentences() -> None:
    assert [quote.speaker for line in sentences('he said "go away. now."') for quote in line.quotes] == [Speaker.OTHER, Speaker.OTHER]


def test_a_pasted_chat_line_is_a_quotation() -> None:
    assert [quote.speaker for quote in _one("him: go away").quotes] == [Speaker.OTHER]
    assert _one("me: i want to go").quotes == ()


def test_a_sentence_without_an_end_is_cut_with_an_overlap() -> None:
    words = [f"w{number}" for number in range(200)]
    found = list(sentences(" ".join(words)))
    assert all(len(line.text.split()) <= MAX_WORDS for line in found)
    pairs = {pair for line in found for pair in pairwise(line.text.split())}
    assert pairs == set(pairwise(words))


@given(st.text(alphabet="ab i.,\"'\n:?!", max_size=200))
def test_clauses_and_quotations_lie_inside_the_sentence(text: str) -> None:
    for line in sentences(text):
        assert all(0 <= start < len(line.text) for start in line.clauses)
        assert all(0 <= quote.start < quote.end <= len(line.text) for quote in line.quotes)
