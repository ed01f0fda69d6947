"""The rules as data: each proves itself, and a broken file says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import RulesBroken
from assistant.screening.levels import Category
from assistant.screening.needles import needles
from assistant.screening.rule_scanner import RuleScanner
from assistant.screening.rules import FOLDER, Rule, compiled, load, needed

RULES = load()
EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)

_WORDS = "[words]\nhe = 'he|she'\n"
_GOOD = "category = 'abuse'\n[[rule]]\nid = 'a'\npatterns = ['<he> hits me']\nfires = ['He hits me.']\nnear_miss = ['It hit me.']\n"


def _fires(rule: Rule, line: str) -> bool:
    scanner = RuleScanner([rule])
    return bool(scanner.scan(line)) if rule.category else bool(scanner.tags(line))


@EACH
def test_a_rule_has_a_line_that_must_fire_and_a_near_miss_that_must_not(rule: Rule) -> None:
    assert rule.fires
    assert rule.near_miss
    assert [line for line in rule.fires if not _fires(rule, line)] == []
    assert [line for line in rule.near_miss if _fires(rule, line)] == []


@EACH
def test_the_cheap_test_never_hides_a_match(rule: Rule) -> None:
    for line in rule.fires:
        for pattern in rule.patterns:
            found = compiled(pattern).search(line.lower())
            assert found is None or all(any(needle in found[0] for needle in wanted) for wanted in needed(pattern))


def test_every_category_has_a_rule() -> None:
    assert {rule.category for rule in RULES if rule.category} == set(Category)


def test_needles_know_literals_and_branches_and_ask_for_nothing_else() -> None:
    assert set(needles("kill (?:him|my cat) now")) == {frozenset(["kill "]), frozenset(["him", "my cat"]), frozenset([" now"])}
    assert needles("(?:cat|dog)") == (frozenset(["cat", "dog"]),)
    assert needles("(?:cat|[a-z]{3})") == ()
    assert needles("x{0,2}") == ()


def _folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "words.toml").write_text(_WORDS)
    (tmp_path / "abuse.toml").write_text(text)
    return tmp_path


def test_a_good_file_loads(tmp_path: Path) -> None:
    assert [rule.patterns for rule in load(_folder(tmp_path, _GOOD))] == [("(?:he|she) hits me",)]


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        _GOOD.replace("near_miss = ['It hit me.']", "near_miss = []"),
        _GOOD.replace("fires = ['He hits me.']\n", ""),
        _GOOD.replace("'abuse'", "'unheard_of'"),
        _GOOD.replace("<he>", "<nobody>"),
        _GOOD.replace("hits me", "hits (me"),
        _GOOD.replace("hits me", "hits .* me"),
        _GOOD.replace("hits me", "hits a{2,} me"),
        _GOOD + "flags = ['unknown']\n",
        _GOOD + "level = 'dreadful'\n",
        _GOOD + _GOOD.partition("\n")[2],
    ],
)
def test_a_broken_file_is_named_in_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(RulesBroken) as caught:
        load(_folder(tmp_path, text))
    assert "cannot be used" in str(caught.value)


def test_no_rules_at_all_is_broken(tmp_path: Path) -> None:
    with pytest.raises(RulesBroken):
        load(tmp_path)


def test_the_rules_lie_beside_their_loader() -> None:
    assert (FOLDER / "words.toml").is_file()
