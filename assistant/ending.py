"""When it ended and who ended it: the two things a person may tell about it, once, and may leave out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.errors import BadDay

EndedBy = Literal["them", "me", "both"]

# The order of the evidence: distance and pauses first, weekly writing later, looking back once there is some distance. The studies
# give no day on which one becomes the other, so these are our own choice: four weeks and twelve.
_EARLY, _WEEKS = 28, 84  # days
_WORDS: dict[EndedBy, str] = {"them": "left", "me": "leaver", "both": "mutual"}


def day(text: object) -> date:
    """Read a day such as 2026-10-14, or a month such as 2026-10, which stands for its first day.

    Raises:
        BadDay: it is neither.
    """
    told = str(text).strip()
    try:
        return date.fromisoformat(f"{told}-01" if len(told) == len("2026-10") else told)
    except ValueError:
        raise BadDay from None


@dataclass(frozen=True, slots=True)
class Ending:
    """What was told. `since` is the day, or the first day of the month; None means that it was not told."""

    since: date | None = None
    by: EndedBy | None = None

    def tags(self, today: date | None, told: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return how long ago it is (early, weeks, months) and who ended it (left, leaver, mutual).

        `told` are the words found in the entry itself: where it says who ended it, it is believed rather than an older answer.
        A date that lies ahead is a clock or a slip of the hand, and counts as today.
        """
        found = set[str]()
        if self.since is not None and today is not None:
            days = (today - self.since).days
            found.add("early" if days < _EARLY else "weeks" if days < _WEEKS else "months")
        if self.by is not None and not told & set(_WORDS.values()):
            found.add(_WORDS[self.by])
        return frozenset(found)


NOTHING_TOLD = Ending()
