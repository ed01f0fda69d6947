"""The texts that people read are there, filled in, and keep to plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant import prompts, resources
from assistant.errors import PromptBroken
from assistant.prompts import Prompts

# Design, section 1: the intended purpose forbids these in every string.
FORBIDDEN = re.compile(r"\b(therap\w*|treatment|treats?|diagnos\w*|clinical|patients?|heal faster|detects?)\b", re.IGNORECASE)


def all_texts() -> list[tuple[str, str]]:
    return [(text.name, wording) for text in prompts.shipped().fixed_texts for wording in text.wordings]


@pytest.mark.parametrize(("name", "wording"), all_texts())
def test_no_fixed_text_uses_a_forbidden_word_or_why(name: str, wording: str) -> None:
    assert not FORBIDDEN.search(wording)
    assert not re.search(r"\bwhy\b", wording, re.IGNORECASE)


@pytest.mark.parametrize(("name", "wording"), all_texts())
def test_no_fixed_text_promises_or_tells_a_feeling(name: str, wording: str) -> None:
    assert not re.search(r"you will (heal|be fine|be ok|feel better)|it gets better|you are feeling|you must be", wording, re.IGNORECASE)


def test_crisis_texts_name_suicide_ask_and_say_what_the_program_is() -> None:
    shipped = prompts.shipped()
    for turn in range(4):
        assert "suicide" in shipped.fixed("crisis-present", turn)
        assert "?" in shipped.fixed("crisis-present", turn)
    closing = shipped.fixed("crisis-closing")
    assert "computer program" in closing
    assert "trust" in closing
    assert "doctor" in closing


def test_the_imminent_text_asks_for_help_now_company_and_distance() -> None:
    text = prompts.shipped().fixed("crisis-imminent")
    assert all(word in text for word in ("emergency number", "Be with someone", "distance"))


def test_a_wording_does_not_come_twice_in_a_row() -> None:
    shipped = prompts.shipped()
    assert shipped.fixed("crisis-present", 0) != shipped.fixed("crisis-present", 1)


def test_first_run_notice_is_short() -> None:
    assert len(prompts.shipped().fixed("first-run").split()) <= 40


def test_what_a_person_wrote_is_never_run_as_a_template() -> None:
    assert prompts.shipped().fixed("quote", variables={"sentence": "{{ 7 * 7 }}"}) == 'You wrote: "{{ 7 * 7 }}"'


def test_the_form_follows_the_words() -> None:
    shipped = prompts.shipped()
    assert shipped.best_by_cues("logistics-", frozenset({"kids", "pickup"}), "logistics-other") == "logistics-children"
    assert shipped.best_by_cues("logistics-", frozenset({"weather"}), "logistics-other") == "logistics-other"


@pytest.mark.parametrize(
    "broken",
    [
        "no front matter",
        "---\npurpose: [\n---\nx",
        "---\npurpose: p\n---\n{{ unknown }}",
        "---\npurpose: p\n---\n{% if %}",
        "---\na: b\n---\nx",
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, broken: str) -> None:
    fixed = tmp_path / "fixed"
    fixed.mkdir()
    (tmp_path / "mirror.md").write_text((resources.folder("prompts") / "mirror.md").read_text("utf-8"), "utf-8")
    (fixed / "greeting.md").write_text(broken, "utf-8")
    with pytest.raises(PromptBroken, match=r"greeting\.md"):
        Prompts(tmp_path)


def test_examples_of_the_mirror_pass_their_own_review() -> None:
    from assistant.review import default_reviewer

    reviewer = default_reviewer()
    for example in prompts.shipped().mirror.examples:
        assert reviewer.review(example.mirror.split(". ")[0] + ".", "mirror", example.entry, ()).reasons == ()
