"""The turns so far, oldest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["writer", "afterword"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One side's words. `text` is never shown by repr."""

    role: Role
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns before the entry that is answered now. Nothing else is remembered: all state is derived from them."""

    turns: tuple[Turn, ...] = ()

    def by(self, role: Role) -> tuple[str, ...]:
        """Return the texts of one side, oldest first."""
        return tuple(turn.text for turn in self.turns if turn.role == role)

    def then(self, *turns: Turn) -> Conversation:
        """Return this conversation with `turns` added at the end."""
        return Conversation((*self.turns, *turns))
