"""The words of review: why a sentence is dropped, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

PartName = Literal["mirror", "guidance", "step", "question", "logistics", "fixed"]


class Reason(StrEnum):
    """Why a sentence is not shown (design, section 2)."""

    CONTACT_PUSH = "contact_push"
    CHECKING_PUSH = "checking_push"
    FALSE_HOPE = "false_hope"
    MIND_READING = "mind_reading"
    TOLD_FEELING = "told_feeling"
    DIAGNOSIS = "diagnosis"
    INVENTED_FACT = "invented_fact"
    COPY = "copy"
    ADVICE_IN_MIRROR = "advice_in_mirror"
    UNSUPPORTED = "unsupported"
    THERAPY_WORD = "therapy_word"
    PROMISE = "promise"
    HUMAN_CLAIM = "human_claim"
    DEPENDENCE = "dependence"
    MINIMISING = "minimising"
    BLAME = "blame"
    WHY_QUESTION = "why_question"
    WRONG_PERSON = "wrong_person"
    LINK_OR_NUMBER = "link_or_number"
    MEDICATION = "medication"
    METHOD = "method"
    OVER_VALIDATION = "over_validation"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What review says of one sentence; it holds no text."""

    passed: bool
    reasons: tuple[Reason, ...] = ()
