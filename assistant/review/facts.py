"""Facts: what a sentence states must stand in the entry, or in the passage."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.review.ground import Ground
from assistant.review.lexicon import Lexicon
from assistant.review.words import plain, stem, words

# Unknown words that are no checkable facts, by how many words with content a sentence has: a paraphrase needs a few of its own.
_FREE = ((4, 1), (10, 2))
_FREE_AT_MOST = 3
_NAMING = re.compile(r"\bcall(?:ed|ing)? (?=yourself|it\b|this|that)", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][a-z']+")
_VERB_AFTER_NAME = re.compile(
    r"(?:is|was|has|had|said|says|left|told|wants?|wanted|and|never|didn't|doesn't|will|would|still|just|also)\b|\w+ed\b"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How the words with content of a sentence stand to a text. `hard` counts unknown ones that state a checkable fact."""

    known: int
    soft: int
    hard: int

    @property
    def invents(self) -> bool:
        """Say whether the sentence states more than the text holds."""
        content = self.known + self.soft + self.hard
        free = next((count for size, count in _FREE if content <= size), _FREE_AT_MOST)
        return self.hard > 0 or self.soft > free or (self.soft > 1 and self.soft > self.known)


def tally(sentence: str, ground: Ground, lexicon: Lexicon) -> Tally:
    """Count a sentence's words by whether the text holds them."""
    known = soft = hard = 0
    for word in words(_NAMING.sub("named ", sentence), lexicon):
        stemmed = stem(word, lexicon)
        if ground.holds(stemmed):
            known += word not in lexicon.frame
        elif (stemmed.isdigit() and word not in ("both", "couple")) or word in lexicon.hard or word in lexicon.relations:
            hard += 1
        elif word not in lexicon.frame and word not in lexicon.feelings and not _is_plain_form(word, lexicon):
            soft += 1
    return Tally(known, soft, hard + _unknown_names(sentence, ground, lexicon))


def _is_plain_form(word: str, lexicon: Lexicon) -> bool:
    """Say whether it is a form of a frame word that the list does not spell out."""
    return lexicon.irregular.get(word, word) in lexicon.frame or any(
        word.endswith(end) and word[: -len(end)] in lexicon.frame for end in ("s", "ing", "ed")
    )


def _unknown_names(sentence: str, ground: Ground, lexicon: Lexicon) -> int:
    held = set(ground.tokens)
    count = 0
    for match in _NAME.finditer(plain(sentence)):
        name = match[0].removesuffix("'s").lower()
        if name in held or name in lexicon.frame or name in lexicon.openers or "'" in name or ground.holds(stem(name, lexicon)):
            continue
        opens = not re.search(r"[\w,;:'\"]\s*$", sentence[: match.start()])
        count += not opens or "'s" in match[0] or _VERB_AFTER_NAME.match(sentence[match.end() :].lstrip()) is not None
    return count
