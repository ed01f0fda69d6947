"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "do", "note"]  # note: it could not be tried here, or is worth knowing; nothing needs doing


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `afterword doctor`. `said` is a plain sentence; for "do" it says what to do."""

    state: State
    about: str
    said: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.state:<5} {self.about}: {self.said}"
