"""The text that a sentence is held against: the entry, or the passages."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.review import clauses
from assistant.review.clauses import Clause, Subject
from assistant.review.lexicon import Lexicon
from assistant.review.words import stem, words

_TYPO_LENGTH = 6  # shorter words have too many neighbours one letter away


@dataclass(frozen=True, slots=True)
class Ground:
    """One text made ready for comparing. `stems` are its own words, `kin` also the words that stand for them. Never shown by repr."""

    text: str = field(repr=False)
    tokens: tuple[str, ...] = field(repr=False)
    stems: frozenset[str] = field(repr=False)
    kin: frozenset[str] = field(repr=False)
    clauses: tuple[Clause, ...] = field(repr=False)
    names: frozenset[str] = field(repr=False)

    def holds(self, word_stem: str) -> bool:
        """Say whether the text has the word, a word that stands for it, or a slip of the pen away from it."""
        return word_stem in self.kin or (len(word_stem) >= _TYPO_LENGTH and any(_near(word_stem, other) for other in self.stems))

    def by(self, subject: Subject, verb: str) -> bool:
        """Say whether somebody in the text does this."""
        return any(clause.subject is subject and clause.verb == verb for clause in self.clauses)


def of(text: str, lexicon: Lexicon) -> Ground:
    """Make a text ready."""
    tokens = tuple(words(text, lexicon))
    stems = frozenset(stem(token, lexicon) for token in tokens)
    kin = set(stems)
    for group in lexicon.groups:
        stemmed = {stem(word, lexicon) for word in group}
        if stemmed & stems:
            kin |= stemmed
    for wide, narrow in lexicon.wider.items():
        if any(stem(word, lexicon) in stems for word in narrow.split()):
            kin.add(stem(wide, lexicon))
    return Ground(text, tokens, stems, frozenset(kin), clauses.of_entry(text, lexicon), clauses.names(text, lexicon))


def _near(one: str, other: str) -> bool:
    """Say whether two words are one inserted, dropped, changed or swapped letter apart; the first letter is the same."""
    if abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
