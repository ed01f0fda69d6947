"""What people and models wrote is shown sign by sign: no Markdown, no HTML, no link, no picture comes of it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant import prompts, resources
from assistant.library import load
from assistant.reply import Part
from assistant.web.rendering import escaped, messages, passage
from assistant.web.tab import Exchange, View

_MARKDOWN = MarkdownIt("commonmark", {"breaks": True, "html": True, "linkify": False})
_SIGNS = st.text(alphabet="ab1 \n\t!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~é\U0001f494", max_size=80)


def shown(markdown: str) -> str:
    """Return the words that a Markdown page shows; fails on anything but paragraphs and line breaks."""
    made = _MARKDOWN.render(markdown)
    tags = set(re.findall(r"</?(\w+)", made))
    assert tags <= {"p", "br"}, made
    return " ".join(html.unescape(re.sub(r"</?\w+[^>]*>", " ", made)).split())


@given(_SIGNS)
def test_every_sign_is_shown_as_it_was_typed(text: str) -> None:
    assert shown(escaped(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://evil.example/a.png)",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "<https://evil.example>",
        "    four spaces are no code",
        "1. not a list\n2. nor this",
        "- not a list",
        "# not a heading",
        "a\n===",
        "|a|b|\n|-|-|",
        "&lt;b&gt; &amp;",
        "<details open><summary>x</summary></details>",
    ],
)
def test_no_mark_becomes_anything(text: str) -> None:
    assert shown(escaped(text)) == " ".join(text.split())


def test_the_pieces_of_a_mirror_stand_in_one_paragraph_and_its_sources_are_folded_below() -> None:
    library = load(resources.folder("knowledge"))
    note = library.notes[0]
    pieces = [Part("mirror", "You wrote *this*.", "model"), Part("mirror", "And that.", "model")]
    exchange = Exchange("hello", [*pieces, Part("guidance", note.gist, "library", (note.id,))])
    asked, answered, source = messages(View((exchange,), "", running=True), library)
    assert (asked["role"], asked["content"]) == ("user", "hello")
    assert answered["content"].startswith("You wrote \\*this\\*\\. And that\\.\n\n")
    assert source["metadata"] == {"title": f"{prompts.shipped().page('labels.sources')}: {note.title}", "status": "done"}


def test_without_a_library_and_with_an_unknown_source_the_answer_is_still_shown() -> None:
    exchange = Exchange("hello", [Part("fixed", "A card.", "fixed", ("helplines",))])
    assert len(messages(View((exchange,), "", running=False), None)) == 2
    assert len(messages(View((exchange,), "", running=False), load(resources.folder("knowledge")))) == 2


def test_every_passage_shows_all_its_words_its_evidence_and_its_citation() -> None:
    library = load(resources.folder("knowledge"))
    for note in library.everything:
        words = html.unescape(re.sub(r"<[^>]+>", " ", _MARKDOWN.render(passage(note, library))))
        plain = " ".join(words.split())
        assert prompts.shipped().page(f"evidence.{note.evidence}") in plain
        for part in (note.gist, library.citation(note), *note.body.split()[:40]):
            assert " ".join(part.split()) in plain or part in "-*", (note.id, part)


def test_a_list_in_a_passage_stays_a_list() -> None:
    library = load(resources.folder("knowledge"))
    listed = next(note for note in library.everything if "\n- " in note.body)
    assert "<li>" in _MARKDOWN.render(passage(listed, library))
