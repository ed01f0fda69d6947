"""Copies: of the entry, and of the article that the library started from."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import shingles
from assistant.review.lexicon import Lexicon
from assistant.review.words import swapped, words

LONGEST_RUN = 12  # words in a row that may be shared with the entry as it stands
# Words in a row that may be shared once "I" has become "you": a mirror turns lines round, so it shares more with them than a
# paraphrase would (docs/decisions/0004-telling-lines.md); two whole lines word for word are an echo.
LONGEST_TURNED_RUN = 24


def of_entry(sentence: str, entry: str, lexicon: Lexicon) -> bool:
    """Say whether a sentence repeats the entry word for word, or far too much of it with "I" turned into "you"."""
    ours, theirs = words(sentence, lexicon), words(entry, lexicon)
    return _shares_run(ours, theirs, LONGEST_RUN) or _shares_run(ours, swapped(theirs), LONGEST_TURNED_RUN)


def of_article(sentence: str) -> bool:
    """Say whether a sentence shares a run of words with the source article."""
    return not shingles.article_hashes().isdisjoint(shingles.shingles(sentence))


def _shares_run(ours: Sequence[str], theirs: Sequence[str], longest: int) -> bool:
    size = longest + 1
    runs = {tuple(theirs[start : start + size]) for start in range(len(theirs) - size + 1)}
    return any(tuple(ours[start : start + size]) in runs for start in range(len(ours) - size + 1))
