"""Phrases: what the shipped weights say, and what happens without them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant import resources
from assistant.library import load, phrases
from assistant.library.facets import ELSEWHERE
from tests.library_files import write_note, write_voices


def test_words_come_before_pairs_and_a_curly_apostrophe_is_a_straight_one() -> None:
    assert phrases.grams("She\u2019s LEFT me") == ["she's", "left", "me", "she's left", "left me"]
    assert phrases.grams("...") == []


def test_the_shipped_weights_belong_to_the_shipped_notes() -> None:
    library = load(resources.folder("knowledge"))
    shipped = phrases.read(library.folder)
    assert shipped is not None
    assert list(shipped.column) == [*(note.id for note in library.notes), ELSEWHERE]
    assert not phrases.is_stale(library.notes, library.folder)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("i dreamt of him again and woke up crying", "dreams-about-them"),
        ("who keeps the dog", "who-the-pet-lives-with"),
        ("three drafts of the same message", "drafting-and-redrafting"),
    ],
)
def test_plain_words_lead_to_their_note(text: str, note: str) -> None:
    shipped = phrases.read(resources.folder("knowledge"))
    assert shipped is not None
    assert list(shipped.column)[int(shipped.scores(text).argmax())] == note


def test_a_text_of_unknown_words_says_nothing() -> None:
    shipped = phrases.read(resources.folder("knowledge"))
    assert shipped is not None
    assert not shipped.scores("\u65e9\u4e0a\u597d zyxwv").any()


def test_it_is_fitted_again_after_a_change_and_does_without_a_file(tmp_path: Path) -> None:
    for name in ("tea", "walk"):
        write_note(
            tmp_path, name, title=f"About the {name}", gist=f"The {name} is good.", situations=f"[my {name} again, the {name}, that {name}]"
        )
        write_voices(tmp_path, name)
    assert phrases.read(tmp_path) is None
    assert phrases.is_stale(load(tmp_path).notes, tmp_path)
    phrases.fit(load(tmp_path).notes, tmp_path)
    fitted = phrases.read(tmp_path)
    assert fitted is not None
    scores = fitted.scores("the walk")
    assert np.argmax(scores[:2]) == fitted.column["walk"]
    assert not phrases.is_stale(load(tmp_path).notes, tmp_path)
    write_note(tmp_path, "walk", title="Another title")
    assert phrases.is_stale(load(tmp_path).notes, tmp_path)
    (tmp_path / "phrases.npz").write_bytes(b"PK broken")
    assert phrases.read(tmp_path) is None
