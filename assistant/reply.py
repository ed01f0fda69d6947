"""What Afterword answers, and the events by which it arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from assistant.screening.levels import Screening

PartKind = Literal["fixed", "mirror", "guidance", "step", "question", "logistics"]
WrittenBy = Literal["model", "library", "fixed", "writer"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One library note or exercise found for an entry.

    `score` is the fused rank score, comparable within one search only. `first_step` is empty for a note, `questions` may be empty.
    `other_view` is the note that says otherwise, where studies disagree.
    """

    note_id: str
    title: str
    gist: str
    body: str
    citation: str
    evidence: str
    score: float
    questions: tuple[str, ...] = ()
    first_step: str = ""
    other_view: Passage | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a reply as shown; `sources` are note ids."""

    kind: PartKind
    text: str = field(repr=False)
    written_by: WrittenBy
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A library note that the reply shows or leans on."""

    note_id: str
    title: str
    citation: str
    score: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """A model sentence that was not shown. Its text is gone; the reason stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds since the entry was sent; `first_sentence` is the first one by the model, if any."""

    screened: float
    retrieved: float | None
    first_sentence: float | None
    total: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. `model` is the model's name, or None when it took no part; `notices` are plain lines about this reply.

    `cut` says that the model's process died in it, so that asking again may bring more.
    """

    parts: tuple[Part, ...]
    sources: tuple[Source, ...]
    dropped: tuple[Dropped, ...]
    screening: Screening
    model: str | None
    timing: Timing
    notices: tuple[str, ...] = ()
    cut: bool = False

    @property
    def text(self) -> str:
        """The reply as one text, parts parted by a blank line."""
        return "\n\n".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Screened:
    """Event: the route is known."""

    screening: Screening


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: the library was searched."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Event: a reviewed piece of a part, ready to be shown."""

    part: Part


Event = Screened | Retrieved | Sentence | Reply
