"""Words of a sentence or an entry, made comparable: plain marks, full forms, stems, numbers as digits."""

from __future__ import annotations

import re

from assistant.review.lexicon import Lexicon

_MARKS = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u00a0": " ", "\u2026": "..."}
)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.]\d\d)?\s?([ap])\.?m\b\.?", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBER_UNIT = re.compile(r"\b(\d+)([a-z]{1,3})\b", re.IGNORECASE)  # 2h, 5km
_DOUBLED = re.compile(r"([bdfglmnprt])\1$")

SWAP = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "am": "are", "was": "were", "is": "are",
    "we": "you", "us": "you", "our": "your", "ours": "yours", "ourselves": "yourself",
}  # fmt: skip


def plain(text: str) -> str:
    """Return the text with straight quotation marks, apostrophes and hyphens."""
    return text.translate(_MARKS)


def words(text: str, lexicon: Lexicon) -> list[str]:
    """Return the lower-case words with short forms written out ("don't" as "do not") and clock times as number and half of the day."""
    text = _CLOCK.sub(r"\1 \2mclock", plain(text))
    text = _NUMBER_UNIT.sub(lambda m: m[0] if m[2].lower() in ("st", "nd", "rd", "th") else f"{m[1]} {m[2]}", _ORDINAL.sub(r"\1", text))
    found: list[str] = []
    for token in _TOKEN.findall(text):
        found.extend(_full(token.lower(), lexicon))
    return found


def _full(token: str, lexicon: Lexicon) -> list[str]:
    if token in lexicon.short_forms:
        return lexicon.short_forms[token].split()
    if token.endswith("n't"):
        return [token[:-3], "not"]
    head, mark, tail = token.rpartition("'")
    if mark:
        return {"re": [head, "are"], "ll": [head, "will"], "ve": [head, "have"], "d": [head, "would"], "m": [head, "am"]}.get(tail, [head])
    return [token]


def stem(word: str, lexicon: Lexicon) -> str:
    """Return a rough stem, the same for a word's usual forms; number words become digits."""
    if word in lexicon.numbers:
        return lexicon.numbers[word]
    word = lexicon.irregular.get(word, word)
    word = _without_ending(word)
    word = _DOUBLED.sub(r"\1", word)
    return word[:-1] if len(word) > 3 and word[-1] in "ei" else word


def _without_ending(word: str) -> str:
    for ending, least, instead in (
        ("iness", 6, "y"), ("ness", 7, ""), ("ies", 5, "y"), ("ied", 5, "y"), ("ily", 6, "y"), ("ly", 6, ""),
        ("ing", 6, ""), ("ed", 5, ""), ("sses", 6, "ss"), ("shes", 6, "sh"), ("ches", 6, "ch"), ("xes", 5, "x"), ("s", 4, ""),
    ):  # fmt: skip
        if len(word) >= least and word.endswith(ending) and not (ending == "s" and word.endswith(("ss", "us", "is"))):
            word = word[: len(word) - len(ending)] + instead
            break
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def swapped(tokens: list[str]) -> list[str]:
    """Return the words as another person would say them to the writer: "I" as "you"."""
    return [SWAP.get(token, token) for token in tokens]
