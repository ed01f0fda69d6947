"""The screening of an entry within its conversation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from assistant.conversation import Conversation
from assistant.entry import Entry
from assistant.errors import WorkerUnavailable
from assistant.screening.carrying import Carried, Turned, carried, sinking
from assistant.screening.levels import RISK, Category, Finding, Level, Route, Screening
from assistant.screening.looping import loops, questions
from assistant.screening.routes import decide
from assistant.screening.rule_scanner import RuleScanner
from assistant.screening.together import together

FAILED = Finding("scanner-failed", Category.SELF_HARM, Level.POSSIBLE)
_SINKING = Finding("hopeless-turns", Category.SELF_HARM, Level.POSSIBLE)
_GOES_ON = Finding("goes-on-after-stop", Category.PURSUIT, Level.PRESENT)
_ABUSE_EARLIER = Finding("abuse-earlier", Category.ABUSE, Level.POSSIBLE)
_YOUTH_EARLIER = Finding("youth-earlier", Category.YOUTH, Level.PRESENT)

# Requests for wording, and requests pieced together from common words; whom they serve is for the other findings to say.
_DRAFTS = frozenset(
    [
        "win_back.draft",
        "win_back.request",
        "win_back.order",
        "win_back.asks-how",
        "win_back.wording-asked",
        "win_back.wording-pieced",
        "checking.pieced",
        "medical_legal.pieced",
        "diagnosis.pieced",
        "evade_block.pieced",
    ]
)
_CONTACT = frozenset(
    [Category.WIN_BACK, Category.ONCE, Category.THEY_WROTE, Category.LOGISTICS, Category.CHECKING, Category.EVADE_BLOCK, Category.PROPHECY]
)
_NEEDED = frozenset([Category.LOGISTICS, Category.THEY_WROTE, Category.ONCE])  # an answer or a plan may be worded
_STOPPED = frozenset(["asked_stop", "blocked"])  # a block alone is a no; asking for a way round it is a boundary, not yet pursuit
_REMEMBERED = 512  # turns whose findings are kept, by digest: a conversation is screened again with every entry


class Scanner(Protocol):
    """Anything that reads a text for findings."""

    def scan(self, text: str) -> list[Finding]:
        """Return what was found in the whole of `text`; scores of different scanners are never compared, only levels."""
        ...


class Screener:
    """Screens entries with several scanners; the most severe finding wins, and a scanner that fails on a text is a finding."""

    def __init__(self, scanners: Sequence[Scanner], circumstances: RuleScanner | None = None) -> None:
        self._scanners = tuple(scanners)
        self._circumstances = circumstances or RuleScanner()
        self._seen: dict[bytes, Turned] = {}

    @classmethod
    def default(cls) -> Screener:
        """Return a screener that reads by rules alone."""
        rules = RuleScanner()
        return cls([rules], rules)

    def screen(self, entry: Entry, conversation: Conversation = Conversation()) -> Screening:  # noqa: B008 - it is frozen
        """Return what the entry holds, with what the writer's earlier turns leave behind."""
        turns = [self._turned(text) for text in (*conversation.by("writer"), entry.text)]
        now, before = turns[-1], turns[:-1]
        earlier = carried(before)
        findings = _settled(now, before) + ([_SINKING] if sinking(turns) else [])
        hot = bool(now.tags & {"urge", "drunk"})
        categories = _most_severe(findings)
        stopped = any(turn.tags & _STOPPED for turn in turns)
        return Screening(
            route=_route(categories, now, earlier, hot=hot, stopped=stopped),
            level=max((level for category, level in categories.items() if category in RISK), default=Level.NONE),
            categories=categories,
            signals=tuple(dict.fromkeys(found.signal for found in findings)),
            carried=earlier.level,
            denied="takes_back" in now.tags and earlier.level > Level.NONE,
            looping="looping" in now.tags or loops(question for turn in turns for question in turn.questions),
            hot=hot or (Category.ONCE in categories and stopped),
        )

    def _turned(self, text: str) -> Turned:
        key = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        if key not in self._seen:
            while len(self._seen) >= _REMEMBERED:
                del self._seen[next(iter(self._seen))]
            turned = self._read(text)
            if FAILED in turned.findings:
                return turned
            self._seen[key] = turned
        return self._seen[key]

    def _read(self, text: str) -> Turned:
        found: list[Finding] = []
        for scanner in self._scanners:
            found.extend(_scanned(scanner, text))
        try:
            tags = self._circumstances.tags(text)
            return Turned((*found, *together(tags, text)), tags, questions(text))
        except Exception:  # noqa: BLE001 - screening fails closed: whatever breaks on a text is a finding
            return Turned((*found, FAILED), frozenset())


def _scanned(scanner: Scanner, text: str) -> list[Finding]:
    try:
        return list(scanner.scan(text))
    except WorkerUnavailable:
        return []  # an absent classifier is no finding: the rules decide alone, and the page says so
    except Exception:  # noqa: BLE001 - screening fails closed: whatever breaks on a text is a finding
        return [FAILED]


def _most_severe(findings: Iterable[Finding]) -> Mapping[Category, Level]:
    found: dict[Category, Level] = {}
    for finding in findings:
        found[finding.category] = max(found.get(finding.category, Level.NONE), finding.level)
    return {category: found[category] for category in Category if found.get(category, Level.NONE) > Level.NONE}


def _settled(now: Turned, before: Sequence[Turned]) -> list[Finding]:
    """Return the entry's findings after they are read together with each other and with earlier turns."""
    found = list(now.findings)
    present = {finding.category for finding in found}
    tags = frozenset[str]().union(*(turn.tags for turn in before), now.tags)
    if _NEEDED & present and not tags & _STOPPED:
        found = [finding for finding in found if finding.signal not in _DRAFTS]
    asked, silenced = "asked_stop" in tags, bool(tags & _STOPPED)
    if (silenced and "kept_writing" in now.tags) or (asked and {Category.EVADE_BLOCK, Category.WIN_BACK} & _categories(found)):
        found.append(_GOES_ON)
    if any(turn.level(Category.YOUTH) for turn in before) and Category.YOUTH not in present:
        found.append(_YOUTH_EARLIER)
    afraid = any(turn.level(Category.ABUSE) >= Level.PRESENT for turn in before)
    if afraid and Category.ABUSE not in present and (present & _CONTACT or "urge" in now.tags):
        found.append(_ABUSE_EARLIER)
    if Category.ABUSE in _categories(found):
        found = [finding for finding in found if finding.category is not Category.ONCE]
    return found


def _categories(findings: Iterable[Finding]) -> frozenset[Category]:
    return frozenset(finding.category for finding in findings)


def _route(categories: Mapping[Category, Level], now: Turned, earlier: Carried, *, hot: bool, stopped: bool) -> Route:
    route = decide(categories)
    if route is Route.ONCE and (hot or stopped):
        route = Route.BOUNDARY  # a contact for a calm day, or none at all: tonight's urge waits a day
    if earlier.level >= Level.PRESENT:
        still = Route.CRISIS if earlier.open and not now.steps_back else Route.CHECK_IN
        route = max(route, still)
    return route
