"""Sentences and clauses of normalised text, with what stands in quotation marks and who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MAX_WORDS = 60  # night writing often has no full stop: a longer sentence is cut, and the pieces overlap
OVERLAP = 20  # longer than the longest stretch a rule can match

_OPEN, _CLOSE = "\x02", "\x03"
_DOUBLE = re.compile(r'"([^"\n]{1,600})"')
_SINGLE = re.compile(r"(?<![^\s:,(])'([a-z0-9](?:[^'\n]|(?<=[a-z])'(?=[a-z])){1,300})'(?=[\s.,;:!?)]|$)", re.MULTILINE)
_LABEL = re.compile(
    r"^[ >*-]{0,4}(?P<stamp>\[?\d{1,2}[:.\d/, ]{2,18}(?:[ap]m)?\]?[ -]{0,3})?(?P<who>[a-z]{1,12}(?: [a-z]{1,12})?) ?: "
    r"(?=\S)",
    re.MULTILINE,
)
_TOKEN = re.compile(r"[\x02\x03\n.!?;,:()\u2013\u2014-]|[^\W_]+(?:_[^\W_]+)*")
_ENDS = frozenset("\n.!?;")
_MARKS = frozenset(",:()\u2013\u2014-")
_JOINTS_TEXT = "but because cause cuz coz bc so and then while although though if when since yet until except unless pero mais aber "
_JOINTS = frozenset(_JOINTS_TEXT.split())
_SUBJECTS = frozenset("i im ive id ill he hes she shes they theyre you youre we".split())
# "i dont think i want to die": what stands before these words still belongs to the clause.
_SUBORDINATE_TEXT = "think thought believe say said saying mean guess feel like that if sure know how why what wish hope and told tell "
_SUBORDINATE = frozenset(_SUBORDINATE_TEXT.split())
_WRITER = re.compile(
    r"\b(?:i|ive|im|id|me) (?:\w{1,15} ){0,3}(?:said|say|told|wrote|texted|sent|typed|replied|think|thinking|thought|answered|"
    r"screamed|whispered)\b|\bmy (?:text|message|note|letter|head|brain)\b"
)
_OTHER = re.compile(
    r"\b(?:said|says|say|told|tells|wrote|texted|texts|sent|sends|replied|answered|called|yelled|screamed|shouted|goes|went|"
    r"like|messaged)\b"
)
_WORK = re.compile(
    r"\b(?:songs?|track|lyrics?|film|movie|book|novel|poem|show|episode|band|album|playlist|title|titled|called|game|quote|"
    r"chorus|verse|line|series|article|post|meme)\b"
)
_OTHER_LABELS = frozenset(["him", "her", "he", "she", "ex", "them", "they", "my ex", "the ex"])
_OWN_LABELS = frozenset(["me", "i", "myself"])


class Speaker(StrEnum):
    """Whose words a quotation holds."""

    WRITER = "writer"
    OTHER = "other"
    WORK = "work"  # a song, a film, a book
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted stretch of a sentence, in characters of its text."""

    start: int
    end: int
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words parted by single blanks, without marks. `clauses` are the characters where clauses start."""

    text: str = field(repr=False)
    clauses: tuple[int, ...]
    quotes: tuple[Quote, ...]
    question: bool

    def clause_of(self, position: int) -> int:
        """Return where the clause starts that ends at `position` or holds it."""
        return max((at for at in self.clauses if at < position), default=0)


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of normalised `text`, none longer than MAX_WORDS words."""
    building = _Building()
    for token in _TOKEN.finditer(_marked(text)):
        mark = token[0]
        if mark in (_OPEN, _CLOSE):
            building.turn_quote(mark == _OPEN)
        elif mark in _ENDS:
            yield from building.finished(question=mark == "?")
            building.line_ended(mark)
        elif mark in _MARKS:
            building.cut()
        else:
            building.add(mark)
            if len(building.words) == MAX_WORDS:
                yield from building.finished(question=False, keep=OVERLAP)
    yield from building.finished(question=False)


def _marked(text: str) -> str:
    text = _DOUBLE.sub(rf"{_OPEN}\1{_CLOSE}", text)
    text = _SINGLE.sub(rf"{_OPEN}\1{_CLOSE}", text)
    return _LABEL.sub(_label, text.replace("'", ""))


def _label(line: re.Match[str]) -> str:
    """Turn the label of another speaker in a pasted chat into a quotation; it closes with the line."""
    who = line["who"]
    if who in _OWN_LABELS:
        return " "
    return f" they said {_OPEN}" if who in _OTHER_LABELS or line["stamp"] else line[0]


class _Building:
    """The sentence that is being put together."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._quoted: list[bool] = []
        self._cuts: list[int] = [0]
        self._in_quote = False
        self._before = ""
        self._speaker: Speaker | None = None

    def add(self, word: str) -> None:
        """Add a word, and start a clause before it where one starts."""
        last = self.words[-1] if self.words else ""
        if word in _JOINTS or (word in _SUBJECTS and last and last not in _SUBORDINATE and last not in _JOINTS):
            self.cut()
        self.words.append(word)
        self._quoted.append(self._in_quote)

    def cut(self) -> None:
        """Start a clause at the next word."""
        self._cuts.append(len(self.words))

    def turn_quote(self, opens: bool) -> None:
        """Go into a quotation, or out of it."""
        if opens:
            self._before = " ".join(self.words[-8:])
        self._in_quote = opens
        self.cut()

    def line_ended(self, mark: str) -> None:
        """Close a quotation that its line left open."""
        if mark == "\n":
            self._in_quote = False
            self._before = ""

    def finished(self, question: bool, keep: int = 0) -> Iterator[Sentence]:
        """Yield what was put together, if there is any, and begin anew with the last `keep` words."""
        if not self.words:
            return
        starts: list[int] = []
        length = 0
        for word in self.words:
            starts.append(length)
            length += len(word) + 1
        clauses = tuple(sorted({starts[cut] for cut in self._cuts if cut < len(starts)}))
        yield Sentence(" ".join(self.words), clauses, self._quotes(starts), question)
        gone = len(self.words) - keep if keep else len(self.words)
        self.words, self._quoted = self.words[gone:], self._quoted[gone:]
        self._cuts = [0] + [cut - gone for cut in self._cuts if cut > gone]

    def _quotes(self, starts: list[int]) -> tuple[Quote, ...]:
        found: list[Quote] = []
        first: int | None = None
        for index, quoted in enumerate([*self._quoted, False]):
            if quoted and first is None:
                first = index
            elif not quoted and first is not None:
                end = starts[index - 1] + len(self.words[index - 1])
                found.append(Quote(starts[first], end, self._speaker_of(first, index)))
                first = None
        return tuple(found)

    def _speaker_of(self, first: int, end: int) -> Speaker:
        before = " ".join(self.words[max(0, first - 8) : first]) or self._before
        after = " ".join(self.words[end : end + 4])
        if _WRITER.search(before) or (not before and _WRITER.search(after)):
            return Speaker.WRITER
        if _WORK.search(before):
            return Speaker.WORK
        if _OTHER.search(before) or _OTHER.search(after):
            return Speaker.OTHER
        return Speaker.UNKNOWN
