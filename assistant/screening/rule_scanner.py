"""The scanner that reads a whole text by rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.screening.context import Meaning, asks, meaning
from assistant.screening.levels import Category, Finding, Level
from assistant.screening.normalise import readings
from assistant.screening.rules import Rule, compiled, needed, negations, shipped
from assistant.screening.sentences import Sentence, Speaker, sentences

_NOTHING = Sentence("", (0,), (), question=False)


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fired, and how strongly after the words around it were read."""

    rule: Rule
    level: Level


@dataclass(frozen=True, slots=True)
class _Look:
    """One pattern of a rule, with the substrings that a match must hold besides the one it is found by."""

    rule: Rule
    pattern: str
    besides: tuple[frozenset[str], ...]

    def may_match(self, text: str) -> bool:
        """Say whether a text holds the other substrings too."""
        return all(any(needle in text for needle in wanted) for wanted in self.besides)


class RuleScanner:
    """Finds what the rules name, in every sentence of a text. One pass; time grows with the length alone."""

    def __init__(self, rules: Sequence[Rule] | None = None) -> None:
        self._given = rules
        # What the last text held, by its digest: findings and circumstances are asked for one after the other.
        self._last: tuple[bytes, list[Match]] = (b"", [])

    def scan(self, text: str) -> list[Finding]:
        """Return the findings of a text, each rule once at its most severe."""
        return [
            Finding(match.rule.id, category, match.level)
            for match in self._matches(text)
            for category in (match.rule.category, *match.rule.also)
            if category is not None
        ]

    def tags(self, text: str) -> frozenset[str]:
        """Return the circumstances that a text names."""
        return frozenset(match.rule.tag for match in self._matches(text) if match.rule.tag)

    @cached_property
    def _index(self) -> Mapping[str, Sequence[_Look]]:
        """The patterns by a substring that a match must hold; the empty string is in every text."""
        index: dict[str, list[_Look]] = {}
        for rule in shipped() if self._given is None else self._given:
            for pattern in rule.patterns:
                first, *besides = needed(pattern) or (frozenset([""]),)
                for needle in first:
                    index.setdefault(needle, []).append(_Look(rule, pattern, tuple(besides)))
        return index

    def _matches(self, text: str) -> list[Match]:
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        if self._last[0] != digest:
            reader = _Reader(self._index)
            for reading in readings(text):
                reader.read(list(sentences(reading)))
            self._last = (digest, list(reader.best.values()))
        return self._last[1]


class _Reader:
    """Goes through the sentences of one text and keeps each rule's most severe match."""

    def __init__(self, index: Mapping[str, Sequence[_Look]]) -> None:
        self.best: dict[str, Match] = {}
        self._index = index
        self._done: set[str] = set()  # rules that cannot get more severe: a long text is not read for them again

    def read(self, lines: Sequence[Sentence]) -> None:
        """Read sentences in their order."""
        # Each different word once: a text repeats itself, and looking through its words is quicker than through the text.
        words = " ".join({word for line in lines for word in line.text.split()})
        alive = {needle: looks for needle, looks in self._index.items() if all(part in words for part in needle.split())}
        seen: set[tuple[Sentence, str]] = set()  # a pasted chorus is read once
        for line, following in pairwise([*lines, _NOTHING]):
            if (line, following.text) in seen:
                continue
            seen.add((line, following.text))
            before = len(self._done)
            self._read_line(line, following.text, [look for needle in alive if needle in line.text for look in alive[needle]])
            if len(self._done) > before:
                alive = {needle: [look for look in looks if look.rule.id not in self._done] for needle, looks in alive.items()}
                alive = {needle: looks for needle, looks in alive.items() if looks}

    def _read_line(self, line: Sentence, following: str, looks: Sequence[_Look]) -> None:
        excused: dict[str, bool] = {}
        for look in dict.fromkeys(looks):
            rule = look.rule
            if rule.id in self._done or excused.get(rule.id) or not look.may_match(line.text):
                continue
            level = _level_in(look, line, following)
            if level == Level.NONE:
                continue
            if rule.id not in excused:
                excused[rule.id] = any(compiled(pattern).search(line.text) for pattern in rule.unless)
            if not excused[rule.id]:
                self._keep(Match(rule, level))

    def _keep(self, match: Match) -> None:
        known = self.best.get(match.rule.id)
        if known is None or match.level > known.level:
            self.best[match.rule.id] = match
        if match.level == match.rule.level:
            self._done.add(match.rule.id)


def _level_in(look: _Look, line: Sentence, following: str) -> Level:
    most = Level.NONE
    if "asked" in look.rule.flags and not asks(line):
        return most
    for found in compiled(look.pattern).finditer(line.text):
        meant = meaning(line, found.start(), found.end(), following, negations(look.pattern))
        most = max(most, _weighed(look.rule, meant))
        if most == look.rule.level:
            break
    return most


def _weighed(rule: Rule, meant: Meaning) -> Level:
    """Return the rule's level after the words around the match are taken into account."""
    flags = rule.flags
    if _not_counted(rule, meant):
        return Level.NONE
    level = rule.level
    if "negatable" in flags and meant.negated:
        hedged = meant.hedged and rule.category is Category.SELF_HARM
        return Level.POSSIBLE if hedged else Level.NONE
    if "past_fades" in flags and meant.past:
        level = Level.NONE if meant.fine_now else min(level, Level.POSSIBLE)
    unsaid = meant.quoted_by is Speaker.UNKNOWN and rule.category is Category.SELF_HARM
    if unsaid or ("soft" in flags and meant.laughing):
        level = min(level, Level.POSSIBLE)
    return level


def _not_counted(rule: Rule, meant: Meaning) -> bool:
    flags = rule.flags
    if "quoted_only" in flags:
        return meant.quoted_by not in (Speaker.OTHER, Speaker.UNKNOWN)
    theirs = meant.quoted_by in (Speaker.OTHER, Speaker.WORK)
    unknown = meant.quoted_by is Speaker.UNKNOWN and rule.category is not Category.SELF_HARM
    return (
        ((theirs or unknown) and "quoted_counts" not in flags)
        or ("own" in flags and meant.others)
        or ("real" in flags and meant.fiction)
        or ("soft" in flags and meant.intrusive)
    )
