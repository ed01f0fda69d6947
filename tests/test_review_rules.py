"""The rule files: what a broken one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import RulesBroken
from assistant.review import lexicon, rules

GOOD = """
[[rule]]
id = "a"
reason = "promise"
patterns = ['{will} pass']
drops = ["It will pass."]
near_miss = ["It passed."]
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "macros.toml").write_text("will = '(?:will|shall)'\n")
    (tmp_path / "some.toml").write_text(text)
    return tmp_path


def test_a_good_file_is_read_with_its_macros(tmp_path: Path) -> None:
    (rule,) = rules.load(folder(tmp_path, GOOD))
    assert rule.hits("This shall pass.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml [",
        GOOD.replace('drops = ["It will pass."]', "drops = []"),
        GOOD.replace('near_miss = ["It passed."]', ""),
        GOOD.replace("{will} pass", "(pass"),
        GOOD.replace('"promise"', '"hunch"'),
        GOOD + 'excuse = "whim"\n',
        GOOD + 'parts = ["poem"]\n',
        GOOD + GOOD,
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RulesBroken):
        rules.load(folder(tmp_path, text))


def test_a_folder_without_macros_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesBroken):
        rules.load(tmp_path)


def test_a_lexicon_with_a_list_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    path.write_text('frame = "a the"\n')
    with pytest.raises(RulesBroken):
        lexicon.load(path)
