"""Overlapping pieces of a text, short enough for the embedder to read whole."""

from __future__ import annotations

from collections.abc import Iterator

# all-MiniLM-L6-v2 cuts silently at 256 tokens; English runs to about 1.3 tokens a word, so 130 words stay under 180 tokens.
WORDS = 130
OVERLAP = 30
_LONGEST_WORD = 40  # a "word" without blanks is many tokens: it counts as one word for each stretch this long


def chunks(text: str, words: int = WORDS, overlap: int = OVERLAP) -> Iterator[str]:
    """Yield pieces of at most `words` words, each beginning with the last `overlap` words of the one before.

    Every word of `text` is in a piece; white space becomes single blanks. A text without words yields nothing.
    """
    parts = [word[at : at + _LONGEST_WORD] for word in text.split() for at in range(0, len(word), _LONGEST_WORD)]
    for start in range(0, max(1, len(parts) - overlap), words - overlap):
        if piece := " ".join(parts[start : start + words]):
            yield piece
