"""Checks every sentence that a model wrote before anyone sees it."""

from __future__ import annotations

from assistant.review.reviewer import Reviewer, default_reviewer
from assistant.review.verdict import PartName, Reason, Verdict

__all__ = ["PartName", "Reason", "Reviewer", "Verdict", "default_reviewer"]
