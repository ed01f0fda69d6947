"""Chat formats: how the turns of a conversation become pieces of a prompt.

Only scaffolding may become control tokens. What a person or a file wrote is plain text, always, so a journal that holds
"<|im_end|>" cannot forge a turn (docs/decisions/0003-token-ids.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn for the model. `text` is never shown by repr."""

    role: Role
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a prompt; `scaffolding` may become control tokens, anything else may not."""

    text: str = field(repr=False)
    scaffolding: bool = False


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """The marks of one family of models. `opening` is written per role, `answer` opens the model's own turn."""

    name: str
    start: str
    opening: dict[Role, str]
    closing: str
    answer: str
    must_hold: str  # what the model's own template text has to contain

    def turns(self, messages: Iterable[Message]) -> list[Segment]:
        """Lay out whole turns."""
        laid: list[Segment] = [Segment(self.start, scaffolding=True)] if self.start else []
        for message in messages:
            laid += [
                Segment(self.opening[message.role], scaffolding=True),
                Segment(message.text),
                Segment(self.closing, scaffolding=True),
            ]
        return laid

    def prompt(self, messages: Iterable[Message]) -> list[Segment]:
        """Lay out the turns and open the model's answer."""
        return [*self.turns(messages), Segment(self.answer, scaffolding=True)]


CHATML = ChatFormat(
    name="chatml",
    start="",
    opening={role: f"<|im_start|>{role}\n" for role in ("system", "user", "assistant")},
    closing="<|im_end|>\n",
    answer="<|im_start|>assistant\n",
    must_hold="<|im_start|>",
)
LLAMA3 = ChatFormat(
    name="llama3",
    start="<|begin_of_text|>",
    opening={role: f"<|start_header_id|>{role}<|end_header_id|>\n\n" for role in ("system", "user", "assistant")},
    closing="<|eot_id|>",
    answer="<|start_header_id|>assistant<|end_header_id|>\n\n",
    must_hold="<|start_header_id|>",
)
FORMATS = (CHATML, LLAMA3)


def detect(template: str) -> ChatFormat | None:
    """Name the format of a GGUF's own chat template, which is read as text and never run; None if it is not ours."""
    return next((known for known in FORMATS if known.must_hold in template), None)
