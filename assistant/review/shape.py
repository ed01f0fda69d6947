"""What is no sentence at all: marks of the model's own machinery, lists, fragments, other languages, endless repeats."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60  # words in one piece; the plan asks for one or two short sentences

_MACHINERY = re.compile(
    r"<\|?/?\w+\|?>|\[/?(?:INST|SYS)\]|```|^\s*(?:assistant|system|user|entry|mirror|journal entry|response|answer|rules?|note)\s*:",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"\*\*|__|^\s*(?:[-*>]|#+|\d+[.)])\s|\*\w[^*]*\*|\[[^\]]*\]\(|`|[{}<>|\\]", re.MULTILINE)
_CUT_OFF = re.compile(r"\b(?:the|a|an|and|or|but|your|because|of|if|than|as|with|into|from|very|i)\s*$", re.IGNORECASE)
_STUMP = re.compile(r"^(?!.*\b(?:where|who|what|how)\b)(?:\w+ ){1,3}(?:was|were|is|are)\W*$", re.IGNORECASE | re.MULTILINE)
_REPEAT = re.compile(r"\b(\w+(?:\W+\w+){0,3})(?:\W+\1\b){2,}", re.IGNORECASE)
_BLANK = re.compile(r"\[[^\]]+\]")
_PLACEHOLDER = re.compile(r"\b(?:lorem|undefined|null|n/a)\b", re.IGNORECASE)
GRAMMAR = frozenset(
    """
    the a an you your and of to in is are was were it that this on for with not have had be do did no at he she they him
    her them his what who how when where which one some if can i my me or as by from but so has will would could there
    their its after before
    """.split()
)
_ENOUGH = 4  # words after which an English sentence has some grammar word in it


def is_junk(text: str, with_blanks: bool = False) -> bool:
    """Say whether a text cannot be shown as a sentence, whatever it says; `with_blanks` lets "[day]" stand, as in a form."""
    if not with_blanks and _BLANK.search(text):
        return True
    return _is_empty(text) or _is_machinery(text) or _is_foreign(text) or _is_fragment(text)


def _is_empty(text: str) -> bool:
    return len(re.findall(r"\w+", text)) < 2 or len(text.split()) > LONGEST


def _is_machinery(text: str) -> bool:
    odd = any(unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "So", "Sk") for char in text if char != "\n")
    return odd or any(pattern.search(text) for pattern in (_MACHINERY, _MARKDOWN, _PLACEHOLDER))


def _is_foreign(text: str) -> bool:
    if any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in text):
        return True
    found = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    return len(found) >= _ENOUGH and not GRAMMAR & set(found)


def _is_fragment(text: str) -> bool:
    return _CUT_OFF.search(text) is not None or _STUMP.search(text) is not None or _REPEAT.search(text) is not None
