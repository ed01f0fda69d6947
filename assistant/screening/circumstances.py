"""What is true of the writer's situation and hour, as words that exercises and notes ask for."""

from __future__ import annotations

from datetime import datetime

from assistant.entry import Entry
from assistant.screening.levels import Screening
from assistant.screening.rule_scanner import RuleScanner

TAGS_TEXT = "urge children living_together same_place drunk bereaved new_partner left leaver ghosted cheated_on cheated asked_stop mutual "
TAGS = frozenset(TAGS_TEXT.split())


def circumstances(entry: Entry, screening: Screening, sleep_from: int = 23, sleep_until: int = 7) -> frozenset[str]:
    """Return the route's word, the words of the categories found, the hour and the situation, as plain words.

    `sleep_from` and `sleep_until` are hours of the writer's day. An entry without a time is neither night nor day.
    """
    words = {screening.route.word, *(category.value for category in screening.categories)}
    tags = RuleScanner().tags(entry.text)
    words |= tags & TAGS
    words |= {"asked_stop"} if "blocked" in tags else set()  # a block asks for no more contact too
    words |= {name for name, true in (("hot", screening.hot), ("looping", screening.looping)) if true}
    if entry.at is not None:
        words.add("night" if asleep(entry.at, sleep_from, sleep_until) else "day")
    words |= entry.ending.tags(entry.at.date() if entry.at is not None else None, frozenset(words))
    return frozenset(words)


def asleep(at: datetime, sleep_from: int, sleep_until: int) -> bool:
    """Say whether a time lies in the writer's sleeping hours; the two hours may lie on either side of midnight."""
    if sleep_from <= sleep_until:
        return sleep_from <= at.hour < sleep_until
    return at.hour >= sleep_from or at.hour < sleep_until
