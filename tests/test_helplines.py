"""A number shown is one that the table holds for that country, with two sources and a date."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import helplines
from assistant.errors import HelplinesBroken
from assistant.helplines import CardKind, CountryLines, Guess, Line

TABLE = helplines.load()
NO_COUNTRY = TABLE.pick(None)
KINDS = get_args(CardKind)
COUNTRIES = pytest.mark.parametrize("country", TABLE.countries, ids=lambda country: str(country.code))

GOOD = """
[[directories]]
name = "A directory"
web = "directory.example"
checked = 2026-11-23

[countries.XA]
name = "Testland"

[[countries.XA.lines]]
kind = "emergency"
name = "emergency"
call = "1"
hours = "24 hours a day, every day"
sources = ["one.example/a", "two.example/a"]
checked = 2026-11-23

[[countries.XA.lines]]
kind = "crisis"
name = "Listeners"
call = "0800 2"
hours = "24 hours a day, every day"
free = true
sources = ["one.example/b", "two.example/b"]
checked = 2026-11-23
"""


def _digits(text: str) -> set[str]:
    return {re.sub(r"\D", "", found) for found in re.findall(r"\d[\d -]*\d|\d", text)}


def _reachable_in(country: CountryLines) -> set[str]:
    known = _digits("; ".join(f"{line.name}; {line.call}; {line.text}; {line.hours}; {line.note}; {line.chat}" for line in country.lines))
    return known | {str(part) for line in country.lines for part in (line.checked.day, line.checked.year)}


@COUNTRIES
def test_every_country_has_an_emergency_number_and_a_crisis_line_to_call(country: CountryLines) -> None:
    assert any(line.call for line in country.of("emergency"))
    assert any(line.call for line in country.of("crisis"))


@COUNTRIES
def test_every_line_has_two_independent_sources_and_a_date(country: CountryLines) -> None:
    for line in country.lines:
        assert len(set(line.sources)) >= 2, line.name
        assert date(2026, 1, 1) <= line.checked


@COUNTRIES
def test_a_number_is_written_so_that_it_can_be_dialled(country: CountryLines) -> None:
    for line in country.lines:
        assert re.fullmatch(r"[\d][\d -]*|", line.call), line.name
        assert re.fullmatch(r"([A-Z]+ to )?\d[\d ]*( on WhatsApp)?|", line.text), line.name
        for host in (line.chat, line.web):
            assert re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}|", host), line.name


def test_the_six_countries_of_the_language_are_there_and_more() -> None:
    codes = {country.code for country in TABLE.countries}
    assert {"US", "GB", "IE", "CA", "AU", "NZ"} <= codes
    assert len(codes) >= 12


@pytest.mark.parametrize(
    ("country", "kind", "number"),
    [
        ("US", "crisis", "988"),
        ("US", "abuse", "1-800-799-7233"),
        ("GB", "crisis", "116 123"),
        ("GB", "stalking", "0808 802 0300"),
        ("GB", "own_behaviour", "0808 802 4040"),
        ("GB", "youth", "0800 1111"),
        ("IE", "abuse", "1800 341 900"),
        ("AU", "crisis", "13 11 14"),
        ("NZ", "crisis", "1737"),
        ("FR", "crisis", "3114"),
    ],
)
def test_a_number_that_people_know_by_heart_is_the_one_in_the_table(country: str, kind: helplines.Kind, number: str) -> None:
    assert number in [line.call for line in TABLE.pick(country).of(kind)]


def test_the_small_table_that_the_refusals_start_from_is_accepted(tmp_path: Path) -> None:
    assert [line.name for line in _load(tmp_path, GOOD).pick("XA").lines] == ["emergency", "Listeners"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('sources = ["one.example/b", "two.example/b"]\n', "", "sources"),
        ('["one.example/b", "two.example/b"]', '["one.example/b"]', "two independent sources"),
        ('["one.example/b", "two.example/b"]', '["one.example/b", "www.one.example/c"]', "two independent sources"),
        ('["one.example/b", "two.example/b"]', '["github.com/a/b x.js", "github.com/a/b y.js"]', "two independent sources"),
        ('["one.example/b", "two.example/b"]', '["one.example/b", ""]', "sources"),
        ('free = true\nsources = ["one.example/b", "two.example/b"]\nchecked = 2026-11-23', 'sources = ["a/b", "c/d"]', "checked"),
        ('"two.example/b"]\nchecked = 2026-11-23', '"two.example/b"]\nchecked = "2026-11-23"', "checked"),
        ('"two.example/b"]\nchecked = 2026-11-23', '"two.example/b"]\nchecked = 2026-11-23T10:00:00', "checked"),
        ('kind = "crisis"', 'kind = "gossip"', "kind"),
        ('kind = "crisis"', 'kind = "abuse"', "no crisis line"),
        ('kind = "emergency"', 'kind = "abuse"', "no emergency line"),
        ('call = "0800 2"', "", "no way to reach"),
        ('call = "0800 2"', "call = 2", "call"),
        ('name = "Listeners"', "", "without a name"),
        ("free = true", 'free = "yes"', "free"),
        ("free = true", 'audience = "cats"', "audience"),
        ("free = true", 'fax = "0800 3"', "fax"),
        ("[countries.XA]", "[countries.Testland]", "two letters"),
        ('web = "directory.example"', "", "web"),
        ("[[directories]]", "[[others]]", "directory"),
        ("[[directories]]", "[[directories", "cannot be read"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_by_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert GOOD.count(old) >= 1
    with pytest.raises(HelplinesBroken, match=re.escape(says)):
        _load(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("change", [("Listeners", "Others"), ("0800 2", "0800-3")], ids=["same number", "same name"])
def test_a_line_that_is_there_twice_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    twin = GOOD[GOOD.rindex("[[countries.XA.lines]]") :].replace(*change)
    with pytest.raises(HelplinesBroken, match="twice"):
        _load(tmp_path, GOOD + twin)


def test_one_number_may_serve_two_kinds(tmp_path: Path) -> None:
    other = GOOD[GOOD.rindex("[[countries.XA.lines]]") :].replace('"crisis"', '"abuse"')
    assert len(_load(tmp_path, GOOD + other).pick("XA").lines) == 3


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HelplinesBroken, match="FileNotFoundError"):
        helplines.load(tmp_path / "helplines.toml")


@pytest.mark.parametrize("asked", ["GB", "gb", " gb ", "UK"])
def test_a_country_is_found_however_it_is_typed(asked: str) -> None:
    assert TABLE.pick(asked).code == "GB"


@pytest.mark.parametrize("asked", [None, "", "JP", "GBR"])
def test_without_lines_for_the_country_the_fallback_has_no_number(asked: str | None) -> None:
    picked = TABLE.pick(asked)
    assert picked.lines == ()
    assert [directory.web for directory in picked.directories] == ["findahelpline.com", "befrienders.org"]


@pytest.mark.parametrize(
    ("env", "guess"),
    [
        ({"LANG": "en_GB.UTF-8"}, Guess("GB", "LANG")),
        ({"LC_ALL": "de_AT", "LANG": "en_US.UTF-8"}, Guess("AT", "LC_ALL")),
        ({"LC_MESSAGES": "fr-BE@euro"}, Guess("BE", "LC_MESSAGES")),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "en_IE.UTF-8"}, Guess("IE", "LC_TIME")),
        ({"LC_ALL": "C.UTF-8", "LANG": "pt_BR.UTF-8"}, Guess("BR", "LANG")),
        ({"LC_ALL": "C", "LANG": "POSIX"}, None),
        ({"LANG": "en"}, None),
        ({"LANG": ""}, None),
        ({}, None),
    ],
)
def test_a_locale_gives_a_guess_that_says_where_it_comes_from(env: dict[str, str], guess: Guess | None) -> None:
    assert helplines.country_from_locale(env) == guess


@given(st.text())
def test_any_locale_text_gives_two_letters_or_nothing(text: str) -> None:
    guess = helplines.country_from_locale({"LANG": text})
    assert guess is None or re.fullmatch("[A-Z]{2}", guess.country)


@pytest.mark.parametrize("kind", KINDS)
@COUNTRIES
def test_a_card_shows_the_emergency_number_and_no_number_from_elsewhere(country: CountryLines, kind: str) -> None:
    text = helplines.card(kind, country)
    assert country.of("emergency")[0].call in text
    assert _digits(text) <= _reachable_in(country)
    assert country.name in text


@pytest.mark.parametrize("kind", KINDS)
@COUNTRIES
def test_a_card_is_short_plain_lines(country: CountryLines, kind: str) -> None:
    text = helplines.card(kind, country)
    assert len(text.splitlines()) <= (1 if kind == "pinned" else 8)
    assert not re.search(r"[{}<>*_#]|None|\. \.|  |: \.", text)


@COUNTRIES
def test_a_crisis_card_has_the_line_to_call_and_a_way_to_write_where_there_is_one(country: CountryLines) -> None:
    text = helplines.card("crisis", country)
    assert country.of("crisis")[0].call in text
    writing = [line.text or line.chat for line in country.of("crisis") if line.text or line.chat]
    assert not writing or any(way in text for way in writing)


def test_a_crisis_line_that_closes_is_followed_by_what_is_open_at_night() -> None:
    italy = TABLE.pick("IT")
    assert not any(line.always_open for line in italy.of("crisis"))
    assert "If nobody answers there: call 112" in helplines.card("crisis", italy)
    assert "If nobody answers" not in helplines.card("crisis", TABLE.pick("GB"))


def test_a_country_of_two_languages_gets_the_crisis_line_of_each() -> None:
    text = helplines.card("crisis", TABLE.pick("BE"))
    assert "1813" in text
    assert "0800 32 123" in text


def test_a_protect_card_of_lines_for_women_also_has_someone_for_anyone() -> None:
    assert "For anyone, about anything:\n- 3114" in helplines.card("protect", TABLE.pick("FR"))
    assert "For anyone" not in helplines.card("protect", TABLE.pick("GB"))


def test_a_protect_card_holds_the_stalking_line_once() -> None:
    assert helplines.card("protect", TABLE.pick("GB")).count("0808 802 0300") == 1
    assert helplines.card("protect", TABLE.pick("IT")).count("1522: call 1522") == 1


def test_a_restraint_card_has_the_line_for_ones_own_behaviour_or_says_that_there_is_none() -> None:
    assert "0808 802 4040" in helplines.card("restraint", TABLE.pick("GB"))
    portugal = helplines.card("restraint", TABLE.pick("PT"))
    assert "no checked line only for this" in portugal
    assert "1411" in portugal


def test_a_youth_card_has_the_youth_line_and_not_the_adults() -> None:
    text = helplines.card("youth", TABLE.pick("GB"))
    assert "0800 1111" in text
    assert "116 123" not in text


def test_where_the_youth_line_closes_the_card_says_who_is_open() -> None:
    text = helplines.card("youth", TABLE.pick("DE"))
    assert text.index("116 111") < text.index("someone to talk to at any hour") < text.index("0800 111 0 111")


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_country_a_card_has_directories_and_no_number_at_all(kind: str) -> None:
    text = helplines.card(kind, NO_COUNTRY)
    assert "your local emergency number" in text
    assert "findahelpline.com or befrienders.org" in text
    assert not _digits(text)
    assert kind == "pinned" or "No country chosen" in text


def test_a_country_that_is_not_in_the_table_is_named_and_gets_no_number() -> None:
    text = helplines.card("crisis", TABLE.pick("JP"))
    assert "no checked numbers for JP" in text
    assert not _digits(text)


def test_a_guessed_country_is_called_a_guess() -> None:
    for kind in KINDS:
        assert "a guess" in helplines.card(kind, TABLE.pick("US", guessed=True))
        assert "a guess" not in helplines.card(kind, TABLE.pick("US"))


def test_an_unknown_kind_of_card_is_refused() -> None:
    with pytest.raises(ValueError, match="no card is called"):
        helplines.card("weather", TABLE.pick("US"))


def test_rows_hold_every_line_with_its_sources_and_date() -> None:
    rows = helplines.rows(TABLE.pick("GB"))
    assert len(rows) == len(TABLE.pick("GB").lines)
    samaritans = next(row for row in rows if row.name == "Samaritans")
    assert (samaritans.ways, samaritans.free, samaritans.checked) == ("call 116 123", "yes", date(2026, 11, 23))
    assert len(samaritans.sources) >= 2
    assert helplines.rows(NO_COUNTRY) == ()


@pytest.mark.parametrize(("today", "due"), [(date(2027, 11, 23), False), (date(2027, 11, 24), True), (date(2026, 11, 23), False)])
def test_a_line_is_due_again_after_twelve_months(tmp_path: Path, today: date, due: bool) -> None:
    assert bool(helplines.overdue(_load(tmp_path, GOOD), today)) is due


def test_only_the_old_line_is_reported_with_its_country(tmp_path: Path) -> None:
    table = _load(tmp_path, GOOD.replace('two.example/b"]\nchecked = 2026-11-23', 'two.example/b"]\nchecked = 2024-02-29'))
    found = helplines.overdue(table, date(2026, 11, 23))
    assert [(entry.country, entry.line.name) for entry in found] == [("Testland", "Listeners")]


def _load(folder: Path, text: str) -> helplines.Table:
    path = folder / "helplines.toml"
    path.write_text(text, "utf-8")
    return helplines.load(path)


def test_a_line_that_never_closes_says_so_in_the_words_that_are_looked_for() -> None:
    lines: list[Line] = [line for country in TABLE.countries for line in country.lines]
    assert all(line.always_open or "24" not in line.hours for line in lines)
