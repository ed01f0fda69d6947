"""Feelings: named in the writer's own words, or not at all."""

from __future__ import annotations

import re

from assistant.review.ground import Ground
from assistant.review.lexicon import Lexicon
from assistant.review.words import stem, words

_FRAME = re.compile(r"\byou(?:'ve| have)?(?: \w+)? (?:wrote|write|said|say|named|described|mentioned|called)\b", re.IGNORECASE)
_SAID_OF_YOU = frozenset({"are", "feel", "felt", "feeling", "seem", "sound", "look", "be", "been", "were", "got", "get", "being"})
_BEFORE = 6  # words between "you are" and the feeling: "you are feeling a bit lost"
_OWN_REACH = 6  # words between "I" and a feeling that the writer names: "I think I am still so angry"
_OPEN = frozenset(
    {
        "if",
        "when",
        "whenever",
        "whether",
        "may",
        "might",
        "do",
        "did",
        "how",
        "what",
        "or",
        "can",
        "could",
        "someone",
        "once",
        "while",
        "allowed",
        "need",
        "not",
    }
)


def told(sentence: str, entry: Ground | None, lexicon: Lexicon) -> bool:
    """Say whether a mirror names a feeling that the writer did not name.

    With no entry, a feeling may stand only in reported speech ("you wrote that you feel...").
    """
    tokens = words(sentence, lexicon)
    named = _strong(tokens, lexicon) | _weak(tokens, lexicon)
    if entry is None:
        return bool(named) and _FRAME.search(sentence) is None
    denied = {tokens[place] for place in range(len(tokens)) if _is_denied(tokens, place)}
    of_others = {tokens[place] for place in range(len(tokens)) if _is_anothers(tokens, place)}
    return any(
        not (entry.holds(stem(word, lexicon)) if word in of_others else _is_own(word, word in denied, entry, lexicon)) for word in named
    )


def asserted(sentence: str, lexicon: Lexicon) -> bool:
    """Say whether a sentence states a feeling as a fact about the reader; "if you feel sad" does not."""
    tokens = words(sentence, lexicon)
    return any(
        _follows_you(tokens, place) and not _OPEN & set(tokens[max(0, place - _BEFORE - 4) : place])
        for place, token in enumerate(tokens)
        if token in lexicon.feelings or token in lexicon.weak_feelings
    )


def _strong(tokens: list[str], lexicon: Lexicon) -> set[str]:
    return {token for token in tokens if token in lexicon.feelings}


def _weak(tokens: list[str], lexicon: Lexicon) -> set[str]:
    return {token for place, token in enumerate(tokens) if token in lexicon.weak_feelings and _follows_you(tokens, place)}


def _follows_you(tokens: list[str], place: int) -> bool:
    """Say whether the word is said of "you": `you`, a form of being or feeling, at most a few small words, the word."""
    before = tokens[max(0, place - _BEFORE) : place]
    if "you" not in before:
        return False
    after_you = before[len(before) - before[::-1].index("you") :]
    return any(token in _SAID_OF_YOU for token in after_you[:3])


def _is_own(word: str, denied: bool, entry: Ground, lexicon: Lexicon) -> bool:
    same = {stem(other, lexicon) for group in lexicon.groups if word in group for other in group} | {stem(word, lexicon)}
    places = [place for place, token in enumerate(entry.tokens) if stem(token, lexicon) in same]
    return any(_is_denied(entry.tokens, place) == denied and _is_writers(word, entry.tokens, place) for place in places)


def _is_writers(word: str, tokens: tuple[str, ...] | list[str], place: int) -> bool:
    """Say whether a feeling in the entry is the writer's: "he betrayed me" is a deed, "I feel betrayed" a feeling."""
    if not word.endswith("ed"):
        return True
    before = tokens[max(0, place - _OWN_REACH) : place]
    subjects = [token for token in before if token in ("i", "he", "she", "they", "you", "who", "me")]
    feeling = any(token.startswith(("feel", "felt")) for token in before)
    return feeling or not subjects or subjects[-1] in ("i", "me")


def _is_anothers(tokens: list[str], place: int) -> bool:
    """Say whether a feeling is said of somebody else; whether that may stand is for the rules on mind reading."""
    before = [token for token in tokens[max(0, place - _BEFORE) : place] if token in ("he", "she", "they", "you")]
    return bool(before) and before[-1] != "you"


def _is_denied(tokens: tuple[str, ...] | list[str], place: int) -> bool:
    return any(token in ("not", "never", "no") for token in tokens[max(0, place - 3) : place])
