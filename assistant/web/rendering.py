"""Turns what a tab shows into the messages of Gradio's chat; everything people or models wrote goes in as plain characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from assistant import prompts
from assistant.errors import NoteUnknown
from assistant.library.collection import Library
from assistant.library.notes import Exercise, Note
from assistant.web.tab import Exchange, View

Message = dict[str, Any]
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def escaped(text: str) -> str:
    """Return Markdown that shows exactly `text`: a backslash before every sign that Markdown or HTML could read (CommonMark 2.4)."""
    return _INDENT.sub(lambda found: "\u00a0" * len(found[0]), _PUNCTUATION.sub(r"\\\1", text))


def messages(view: View, library: Library | None) -> list[Message]:
    """Return the chat: each entry, its answer so far, and what the answer's passages say in full, folded."""
    return [message for exchange in view.exchanges for message in _exchange(exchange, library)]


def _exchange(exchange: Exchange, library: Library | None) -> Iterator[Message]:
    yield {"role": "user", "content": escaped(exchange.text)}
    if exchange.parts:
        yield {"role": "assistant", "content": _answer(exchange)}
    if library is not None:
        for note in _notes(library, exchange):
            title = f"{prompts.shipped().page('labels.sources')}: {note.title}"
            yield {"role": "assistant", "content": passage(note, library), "metadata": {"title": title, "status": "done"}}


def _answer(exchange: Exchange) -> str:
    """Join the parts; pieces of one part that came one by one stand in one paragraph."""
    text, kind = "", ""
    for part in exchange.parts:
        text += ("" if not text else " " if part.kind == kind == "mirror" else "\n\n") + escaped(part.text)
        kind = part.kind
    return text


def _notes(library: Library, exchange: Exchange) -> Iterable[Note]:
    for note_id in dict.fromkeys(note_id for part in exchange.parts for note_id in part.sources):
        try:
            yield library.find(note_id)
        except NoteUnknown:
            continue  # help lines name their source on the card


def passage(note: Note, library: Library) -> str:
    """Lay out a note in full: its words, an exercise's steps, what kind of evidence stands behind it, and the citation."""
    steps = [f"{i}. {escaped(step)}" for i, step in enumerate(note.steps, start=1)] if isinstance(note, Exercise) else []
    evidence = prompts.shipped().page(f"evidence.{note.evidence}")
    body = [_block(block) for block in note.body.split("\n\n")]
    behind = f"*{escaped(evidence)}*  \n{escaped(library.citation(note))}"
    return "\n\n".join([f"**{escaped(note.gist)}**", *body, *(["\n".join(steps)] if steps else []), behind])


def _block(block: str) -> str:
    """Lay out a paragraph, or a list whose items may run over several lines."""
    lines: list[str] = []
    for line in map(str.strip, block.strip().splitlines()):
        item = line.removeprefix("- ")
        if item != line or not lines:
            lines.append(f"- {escaped(item)}" if item != line else escaped(line))
        else:
            lines[-1] += f" {escaped(line)}"
    return "\n".join(lines)
