"""Whether someone goes round the same question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.screening.normalise import readings
from assistant.screening.sentences import sentences

OFTEN = 3  # asked twice is emphasis; the third time is a loop

_ASKS = re.compile(
    r"^(?:and |but |so )?(?:why|what if|how could|how can|was it|did i|did he|did she|does he|does she|should i|will he|will "
    r"she|is it|what did)\b"
)
_WHY = re.compile(r"^(?:(?:and|but|so|just|i dont understand|i dont know|tell me) )?(?:why|what if|how could)\b")
_SMALL_TEXT = (
    "a an the and but so just to of in it that this i me my he him his she her they them is was do did does you "
    "really even ever still again "
)
_SMALL = frozenset(_SMALL_TEXT.split())


@dataclass(frozen=True, slots=True)
class Question:
    """A question as its words, whatever their order; `why` says that it asks for a reason or for another past."""

    words: frozenset[str]
    why: bool


def questions(text: str) -> tuple[Question, ...]:
    """Return the questions of a text, with or without a question mark."""
    return tuple(
        Question(frozenset(words) - _SMALL or frozenset(words), bool(_WHY.search(sentence.text)))
        for sentence in sentences(readings(text)[0])
        if (sentence.question or _ASKS.search(sentence.text)) and (words := sentence.text.split())
    )


def loops(asked: Iterable[Question]) -> bool:
    """Say whether the same question, or a question of why, comes OFTEN times or more."""
    all_asked = list(asked)
    same = Counter(question.words for question in all_asked)
    return sum(question.why for question in all_asked) >= OFTEN or any(count >= OFTEN for count in same.values())
