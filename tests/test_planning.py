"""Which parts a reply has: by route, by hour, by what was shown before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from assistant import helplines, prompts
from assistant.conversation import Conversation, Turn
from assistant.entry import Entry
from assistant.planning import Planner, Situation
from assistant.reply import Passage
from assistant.screening.levels import Category, Level, Route, Screening

NOTE = Passage(
    "surf",
    "Surf the urge",
    "You can have the urge and not act on it.",
    "body",
    "Bowen, 2009",
    "study",
    1.0,
    ("What is nearest to your hand?",),
)
OTHER = replace(NOTE, note_id="other", gist="Nothing has to be decided at night.", questions=())
STEP = Passage("phone", "The phone sleeps elsewhere", "gist", "body", "own", "practice", 1.0, (), "Carry the phone to another room.")


def screening(route: Route, **found: Level) -> Screening:
    """Return a screening of a route with categories by name."""
    categories = {Category(name): level for name, level in found.items()}
    level = max((categories.get(c, Level.NONE) for c in (Category.SELF_HARM, Category.ABUSE, Category.PURSUIT)), default=Level.NONE)
    return Screening(route, level, categories, ())


def situation(found: Screening, text: str = "I miss her.", *past: Turn, asleep: bool = False) -> Situation:
    """Return a situation in Great Britain with one note, one more and one exercise."""
    entry = Entry(text, datetime(2026, 1, 5, 15), "GB")
    return Situation(entry, found, Conversation(past), (NOTE, OTHER), (STEP,), asleep)


@pytest.fixture
def planner() -> Planner:
    """A planner with the real texts and lines."""
    return Planner(prompts.shipped(), helplines.load())


def kinds(planner: Planner, of: Situation) -> list[str]:
    """Return the kinds of a plan's parts."""
    return [part.kind for part in planner.plan(of).parts]


def text(planner: Planner, of: Situation) -> str:
    """Return a plan's authored words."""
    return "\n".join(part.text for part in planner.plan(of).parts)


def test_ordinary_writing_gets_all_four_parts(planner: Planner) -> None:
    assert kinds(planner, situation(screening(Route.REFLECT))) == ["mirror", "guidance", "step", "question"]


def test_the_gist_stands_word_for_word_with_its_source(planner: Planner) -> None:
    plan = planner.plan(situation(screening(Route.REFLECT)))
    assert (plan.parts[1].text, plan.parts[1].sources) == (NOTE.gist, ("surf",))
    assert [passage.note_id for passage in plan.shown] == ["surf", "phone"]


def test_no_question_in_sleeping_hours(planner: Planner) -> None:
    assert "question" not in kinds(planner, situation(screening(Route.REFLECT), asleep=True))


@pytest.mark.parametrize("before", [1, 2])
def test_no_question_when_one_of_the_last_two_replies_asked(planner: Planner, before: int) -> None:
    past = [Turn("writer", "a"), Turn("afterword", "What now?")] + [Turn("writer", "b"), Turn("afterword", "Fine.")] * (before - 1)
    assert "question" not in kinds(planner, situation(screening(Route.REFLECT), "I miss her.", *past))


def test_a_question_again_after_two_replies_without(planner: Planner) -> None:
    past = [Turn("afterword", "What now?"), Turn("afterword", "Fine."), Turn("afterword", "Good.")]
    assert "question" in kinds(planner, situation(screening(Route.REFLECT), "I miss her.", *past))


def test_no_question_for_someone_who_loops(planner: Planner) -> None:
    looping = replace(screening(Route.REFLECT), looping=True)
    assert "question" not in kinds(planner, situation(looping))


def test_neither_a_gist_nor_a_step_comes_twice_in_a_conversation(planner: Planner) -> None:
    past = Turn("afterword", f"{NOTE.gist} {STEP.first_step}")
    words = text(planner, situation(screening(Route.REFLECT), "I miss her.", past))
    assert NOTE.gist not in words
    assert OTHER.gist in words
    assert STEP.first_step not in words


def test_two_views_are_shown_where_studies_disagree(planner: Planner) -> None:
    view = replace(OTHER, note_id="view", gist="A later study found no difference.")
    both = replace(situation(screening(Route.REFLECT)), passages=(replace(NOTE, other_view=view), OTHER))
    plan = planner.plan(both)
    guidance = [part for part in plan.parts if part.kind == "guidance"]
    assert [part.sources for part in guidance] == [("surf",), ("view",)]
    assert guidance[0].text == NOTE.gist
    assert view.gist in guidance[1].text
    assert "another side" in guidance[1].text
    assert {"surf", "view"} <= {passage.note_id for passage in plan.shown}


def test_a_view_that_was_shown_is_not_shown_again(planner: Planner) -> None:
    view = replace(OTHER, note_id="view", gist="A later study found no difference.")
    past = Conversation((Turn("afterword", view.gist),))
    both = replace(situation(screening(Route.REFLECT)), passages=(replace(NOTE, other_view=view),), conversation=past)
    assert [part.sources for part in planner.plan(both).parts if part.kind == "guidance"] == [("surf",)]


def test_when_all_was_shown_it_says_so_and_not_that_nothing_fits(planner: Planner) -> None:
    past = Conversation((Turn("afterword", f"{NOTE.gist} {OTHER.gist}"),))
    words = text(planner, replace(situation(screening(Route.REFLECT)), conversation=past))
    assert prompts.shipped().fixed("all-shown") in words
    assert prompts.shipped().fixed("nothing-fits") not in words


def test_nothing_fits_is_said(planner: Planner) -> None:
    empty = replace(situation(screening(Route.REFLECT)), passages=())
    assert prompts.shipped().fixed("nothing-fits") in text(planner, empty)


def test_crisis_is_fixed_text_alone_with_lines(planner: Planner) -> None:
    plan = planner.plan(situation(screening(Route.CRISIS, self_harm=Level.PRESENT)))
    assert {part.kind for part in plan.parts} == {"fixed"}
    words = "\n".join(part.text for part in plan.parts)
    assert all(word in words for word in ("suicide", "116 123", "999", "computer program"))


def test_imminent_asks_for_emergency_company_and_distance(planner: Planner) -> None:
    words = text(planner, situation(screening(Route.CRISIS, self_harm=Level.IMMINENT)))
    assert "right now" in words
    assert "999" in words


def test_a_later_turn_of_a_crisis_is_short_and_keeps_a_line(planner: Planner) -> None:
    carried = replace(screening(Route.CRISIS), carried=Level.PRESENT)
    first = len(text(planner, situation(screening(Route.CRISIS, self_harm=Level.PRESENT))))
    later = text(planner, situation(carried, "ok", Turn("afterword", "x")))
    assert "116 123" in later
    assert len(later) < first / 2


def test_a_denial_folds_the_card_and_goes_on(planner: Planner) -> None:
    denied = replace(screening(Route.CHECK_IN), carried=Level.PRESENT, denied=True)
    words = text(planner, situation(denied))
    assert "116 123" in words
    assert NOTE.gist in words


def test_check_in_asks_once_gives_no_step_and_pins_a_line(planner: Planner) -> None:
    found = situation(screening(Route.CHECK_IN, self_harm=Level.POSSIBLE))
    assert "step" not in kinds(planner, found)
    assert "116 123" in text(planner, found)


def test_abuse_beside_crisis_shows_both_lines(planner: Planner) -> None:
    words = text(planner, situation(screening(Route.CRISIS, self_harm=Level.PRESENT, abuse=Level.PRESENT)))
    assert "0808 2000 247" in words
    assert "116 123" in words


def test_protect_gives_no_exercise_and_warns_of_a_watched_device(planner: Planner) -> None:
    found = situation(screening(Route.PROTECT, abuse=Level.PRESENT))
    assert not {"step", "guidance", "mirror", "question"} & set(kinds(planner, found))
    assert "may be watched" in text(planner, found)


def test_restraint_drafts_nothing_and_gives_a_line_for_oneself(planner: Planner) -> None:
    found = situation(screening(Route.RESTRAINT, pursuit=Level.PRESENT))
    assert "mirror" not in kinds(planner, found)
    assert "0808 802 4040" in text(planner, found)


def test_youth_swaps_the_lines(planner: Planner) -> None:
    assert "0800 1111" in text(planner, situation(screening(Route.YOUTH, youth=Level.PRESENT)))
    assert "0800 1111" in text(planner, situation(screening(Route.CRISIS, youth=Level.PRESENT, self_harm=Level.PRESENT)))


def test_logistics_keeps_its_practical_form_under_a_boundary_and_not_under_protect(planner: Planner) -> None:
    mixed = screening(Route.BOUNDARY, win_back=Level.PRESENT, logistics=Level.PRESENT)
    words = text(planner, situation(mixed, "the kids pickup on friday and help me win her back"))
    assert "[child's name]" in words
    assert "cannot be sent" in words
    unsafe = screening(Route.PROTECT, abuse=Level.PRESENT, logistics=Level.PRESENT)
    assert "logistics" not in kinds(planner, situation(unsafe, "pickup"))


@pytest.mark.parametrize(
    ("category", "words"),
    [
        ("win_back", "cannot be sent"),
        ("checking", "helps with"),
        ("evade_block", "A block is an answer"),
        ("roleplay_ex", "speak as them"),
        ("diagnosis", "label"),
        ("medical_legal", "pharmacist"),
        ("prophecy", "won't pretend"),
        ("off_topic", "can't help with that"),
        ("injection", "instructions to the program"),
        ("harm_others", "hurting anyone"),
    ],
)
def test_each_boundary_has_its_own_words(planner: Planner, category: str, words: str) -> None:
    assert words in text(planner, situation(screening(Route.BOUNDARY, **{category: Level.PRESENT})))


def test_once_waits_a_day_when_it_is_tonights_urge(planner: Planner) -> None:
    calm = screening(Route.ONCE, once=Level.PRESENT)
    assert "Purpose, in a line" in text(planner, situation(calm))
    assert "Give it a full day" in text(planner, situation(replace(calm, hot=True)))


def test_contact_wanted_tonight_waits_and_contact_they_refused_is_let_be(planner: Planner) -> None:
    hot = replace(screening(Route.BOUNDARY, once=Level.PRESENT), hot=True)
    assert "Give it a full day" in text(planner, situation(hot))
    refused = replace(situation(hot), tags=frozenset({"asked_stop"}))
    assert "You can keep to that from now" in text(planner, refused)


def test_the_caring_question_is_not_repeated_once_risk_is_carried(planner: Planner) -> None:
    going_on = replace(screening(Route.CHECK_IN), carried=Level.PRESENT)
    words = text(planner, situation(going_on))
    assert "plain question" not in words
    assert "116 123" in words


def test_they_wrote_owes_nothing_tonight(planner: Planner) -> None:
    words = text(planner, situation(screening(Route.THEY_WROTE, they_wrote=Level.PRESENT)))
    assert words.count("You don't have to answer") >= 2


def test_the_same_situation_gives_the_same_plan(planner: Planner) -> None:
    found = situation(screening(Route.REFLECT))
    assert planner.plan(found) == planner.plan(found)


@pytest.mark.parametrize("route", list(Route))
def test_every_route_has_words_without_a_country_and_without_a_library(planner: Planner, route: Route) -> None:
    bare = Situation(Entry("hello there"), screening(route), Conversation(), (), (), asleep=False)
    assert planner.plan(bare).parts


def test_emoji_alone_get_a_gentle_line(planner: Planner) -> None:
    bare = Situation(Entry("😭😭"), screening(Route.REFLECT), Conversation(), (), (), asleep=False)
    assert "No words yet" in planner.plan(bare).parts[0].text
