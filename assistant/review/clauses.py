"""Who does what in a text: pairs of a subject and the word that follows it, by position alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from assistant.review.lexicon import Lexicon
from assistant.review.words import stem, words

_REACH = 6  # words between a subject and its verb: "I still do not really want"
_INSIDE = re.compile(r"(?<=[a-z,;:] )([A-Z][a-z]+)\b")
_OPENING = re.compile(r"(?:^|(?<=[.!?] ))([A-Z][a-z]+)\b", re.MULTILINE)
_UNSAID_I = re.compile(r"((?:^|[.!?]\s+)(?:and |then )?)([a-z]+)\b(?! by\b)", re.IGNORECASE | re.MULTILINE)  # "Saw her at the stop."
_BEFORE_TARGET = frozenset({"the", "a", "an", "my", "your", "his", "her", "their", "our", "to", "back"})
_JOINING = frozenset({"and"})
_RELATIVE = frozenset({"who"})
_NO_DEEDS = frozenset(
    [
        "and",
        "or",
        "but",
        "on",
        "in",
        "at",
        "of",
        "with",
        "by",
        "for",
        "from",
        "about",
        "that",
        "what",
        "who",
        "where",
        "when",
        "because",
        "if",
        "the",
        "a",
        "an",
        "as",
        "than",
    ]
)
WRITER_AS_TARGET = "@writer"
_THIRD = frozenset({"he", "she", "they"})
_LETTER = re.compile(
    r"^\s*(?:dear|hey|hi)\b|\b(?:miss|love|hate|told|want|wish|loved|missed|knew|forgive|blame|met) (?:you|u)\b", re.IGNORECASE
)


class Subject(Enum):
    """Whose deed it is."""

    WRITER = "writer"
    THIRD = "third"
    ADDRESSED = "addressed"


@dataclass(frozen=True, slots=True)
class Clause:
    """A subject, the word it stands in the text as, the stem of what it does or is, to what, and whether that is denied."""

    subject: Subject
    who: str
    verb: str
    target: str
    denied: bool


def is_letter(text: str) -> bool:
    """Say whether an entry speaks to the ex as "you"."""
    return _LETTER.search(text) is not None


def of_entry(text: str, lexicon: Lexicon) -> tuple[Clause, ...]:
    """Read an entry, where "I" is the writer."""
    told = _UNSAID_I.sub(lambda match: f"{match[1]}I {match[2]}" if _is_past([match[2].lower()], lexicon) else match[0], text)
    return _read(words(told, lexicon), {"i": Subject.WRITER, "we": Subject.WRITER, "you": Subject.ADDRESSED}, names(text, lexicon), lexicon)


def of_sentence(text: str, lexicon: Lexicon, known_names: frozenset[str] = frozenset()) -> tuple[Clause, ...]:
    """Read a sentence to the writer, where "you" is the writer."""
    return _read(words(text, lexicon), {"you": Subject.WRITER}, names(text, lexicon) | known_names, lexicon)


def names(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Return lower-case words that stand with a capital letter and are no plain words."""
    inside = {name.lower() for name in _INSIDE.findall(text)}
    opening = {name.lower() for name in _OPENING.findall(text)}
    plain = lexicon.frame | lexicon.hard | lexicon.openers | lexicon.skipped | lexicon.irregular.keys()
    return frozenset(inside | {name for name in opening if name not in plain and not name.endswith(("ing", "ed", "ly"))})


def _read(tokens: list[str], subjects: dict[str, Subject], third: frozenset[str], lexicon: Lexicon) -> tuple[Clause, ...]:
    others = _THIRD | third | lexicon.relations
    found: list[Clause] = []
    last = ""
    for place, token in enumerate(tokens):
        who = _one_who(tokens, place) if token in _RELATIVE else token
        if token in _JOINING and _is_past(tokens[place + 1 : place + 2], lexicon):
            who = last  # "I packed and left": the second deed is by the same person
        subject = subjects.get(who) or (Subject.THIRD if who in others else None)
        if subject is not None and tokens[max(0, place - 1)] not in ("if", "whether"):
            last = who
            found.extend(_deeds(tokens[place + 1 : place + 1 + _REACH], subject, who, lexicon))
    return tuple(found)


def _is_past(after: list[str], lexicon: Lexicon) -> bool:
    return any(word.endswith("ed") or lexicon.irregular.get(word, word) != word for word in after if word not in lexicon.skipped)


def _one_who(tokens: list[str], place: int) -> str:
    """Return who is meant in "I was the one who"."""
    return tokens[place - 4] if place >= 4 and tokens[place - 2 : place] == ["the", "one"] else ""


def _deeds(ahead: list[str], subject: Subject, who: str, lexicon: Lexicon) -> list[Clause]:
    denied = False
    for place, token in enumerate(ahead):
        denied = denied or token in ("not", "never", "no")
        if token in lexicon.skipped:
            continue
        if token in _NO_DEEDS:
            return []
        after = ahead[place + 1 :]
        deeds = [Clause(subject, who, stem(token, lexicon), _target(after, lexicon), denied)]
        if after[:1] == ["to"] and len(after) > 1:
            deeds.append(Clause(subject, who, stem(after[1], lexicon), _target(after[2:], lexicon), denied))
        return deeds
    return []


def _target(after: list[str], lexicon: Lexicon) -> str:
    first = next((token for token in after[:2] if token not in _BEFORE_TARGET), "")
    if first in ("me", "you"):
        return WRITER_AS_TARGET
    return "" if first in lexicon.frame else stem(first, lexicon)
