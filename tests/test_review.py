"""The reviewer as a whole: every rule, every reason, and that it fails closed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import prompts, sentences
from assistant.review import Reason, Reviewer, Verdict, default_reviewer
from assistant.review import lexicon as lexicons
from assistant.review import rules as rule_files
from assistant.review.rules import Example, Rule

RULES = rule_files.shipped()
DROPS = [(rule, line) for rule in RULES for line in rule.drops]
NEAR_MISSES = [(rule, line) for rule in RULES for line in rule.near_miss]
PASSAGE = "A calm conversation can help some people, when both sides agree to it. For others it opens the wound again."


def reasons(text: str, part: str = "mirror", entry: str | None = None, *passages: str) -> set[Reason]:
    return set(default_reviewer().review(text, part, entry, passages).reasons)  # type: ignore[arg-type]


@pytest.mark.parametrize(("rule", "line"), DROPS, ids=lambda value: getattr(value, "id", ""))
def test_a_rule_drops_its_lines_for_its_reason(rule: Rule, line: Example) -> None:
    assert rule.reason in default_reviewer().review(line.text, line.part, line.entry, line.passages).reasons


@pytest.mark.parametrize(("rule", "line"), NEAR_MISSES, ids=lambda value: getattr(value, "id", ""))
def test_a_near_miss_of_a_rule_passes(rule: Rule, line: Example) -> None:
    assert default_reviewer().review(line.text, line.part, line.entry, line.passages) == Verdict(passed=True)


def test_every_worked_example_of_the_mirror_prompt_passes() -> None:
    for example in prompts.shipped().mirror.examples:
        for line in sentences.split(example.mirror):
            assert reasons(line, "mirror", example.entry) == set()


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "Ok", "\x00\x01", "<|im_start|>assistant You miss her.", "## You miss her", "You miss her " * 30, "Mirror: You miss her.",
        "Ты скучаешь по ней.", "你很想她。", "You wrote that you and the", "You miss her 😢.", "- You miss her.", "You [name] miss her.",
    ],
)  # fmt: skip
def test_what_is_no_sentence_is_dropped(text: str) -> None:
    assert Reason.UNSUPPORTED in reasons(text, "mirror", "I miss her 😢 [name]")


@given(st.text(max_size=80), st.one_of(st.none(), st.text(max_size=80)))
def test_review_answers_any_text(text: str, entry: str | None) -> None:
    verdict = default_reviewer().review(text, "mirror", entry, ())
    assert verdict.passed == (not verdict.reasons)


def test_what_cannot_be_judged_is_dropped() -> None:
    verdict = Reviewer(RULES, None).review("You miss her.", "mirror", "I miss her.", ())  # type: ignore[arg-type]
    assert verdict == Verdict(passed=False, reasons=(Reason.UNSUPPORTED,))


def test_the_ex_s_mind_may_only_be_named_as_the_writer_s_words() -> None:
    assert reasons("You wrote that he misses you.", "mirror", "He misses me. He told Jo.") == set()
    assert Reason.MIND_READING in reasons("You wrote that he misses you.", "mirror", "I miss him. I told Jo.")
    assert Reason.MIND_READING in reasons("He misses you.", "mirror", "He misses me. He told Jo.")


def test_a_feeling_must_be_the_writer_s_own() -> None:
    assert reasons("You wrote that you feel abandoned.", "mirror", "I feel abandoned tonight.") == set()
    assert Reason.TOLD_FEELING in reasons("You wrote that you feel abandoned.", "mirror", "He abandoned me at the station.")
    assert Reason.TOLD_FEELING in reasons("You are feeling abandoned.", "mirror", "He left without a word.")
    assert Reason.TOLD_FEELING in reasons("You are angry.", "mirror", "I am not angry.")


def test_a_label_passes_only_inside_quotation_marks() -> None:
    entry = "My sister says he is a narcissist and that I should run."
    assert Reason.DIAGNOSIS in reasons("You wrote that he is a narcissist.", "mirror", entry)
    assert reasons('Your sister called him "a narcissist".', "mirror", "My sister called him a narcissist.") == set()


def test_a_quotation_that_is_not_in_the_entry_is_invented() -> None:
    assert Reason.INVENTED_FACT in reasons('You wrote: "I will wait for ever".', "mirror", "I went to bed at nine.")


def test_copies_of_the_entry_are_dropped() -> None:
    entry = "I went down to the river with the ring in my pocket and I stood there until the lamps came on."
    assert Reason.COPY in reasons("I went down to the river with the ring in my pocket and I stood there.", "mirror", entry)
    assert reasons("You went down to the river with the ring in your pocket and stood there.", "mirror", entry) == set()
    long = f"{entry} I counted them twice and then I walked home along the road with the wind behind me."
    turned = long.replace("my", "your").replace("I ", "you ").replace(". you", ", and you")
    assert Reason.COPY in reasons(turned, "mirror", long.replace(". I", ", and I"))


def test_guidance_says_no_more_than_its_passage() -> None:
    assert reasons("A calm conversation can help some people.", "guidance", None, PASSAGE) == set()
    assert Reason.CONTACT_PUSH in reasons("A last conversation could help you both.", "guidance", None, "Walking helps some people.")
    assert Reason.UNSUPPORTED in reasons("Cold showers and running lower stress within a week.", "guidance", None, PASSAGE)
    assert Reason.UNSUPPORTED in reasons("A calm conversation can help.", "guidance", None)


def test_needed_contact_may_be_worded_in_logistics() -> None:
    assert reasons("You could text her the time and the place on [day].", "logistics") == set()
    assert Reason.CONTACT_PUSH in reasons("You could text her.", "step")


def test_the_verdict_keeps_no_words() -> None:
    assert "wombat" not in repr(default_reviewer().review("The wombat misses you.", "mirror", "A wombat.", ()))


def test_every_reason_can_be_given() -> None:
    by_rule = {rule.reason for rule in RULES}
    assert by_rule | {Reason.INVENTED_FACT, Reason.COPY} == set(Reason)


def test_a_very_long_entry_is_still_judged_in_time() -> None:
    entry = "I walked to the river and counted the boats. " * 4000
    started = time.monotonic()
    reasons("You walked to the river.", "mirror", entry)
    assert time.monotonic() - started < 20  # not a benchmark: it only shows that the work does not explode


def test_the_lexicon_s_lists_are_plain_lower_case_words() -> None:
    words = lexicons.shipped()
    assert all(word == word.lower() for name in ("frame", "hard", "relations", "feelings") for word in getattr(words, name))
