"""Text as the rules read it: mojibake, disguises and spelling habits undone."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Latin letters that other scripts draw the same way; the pairs are those of Unicode's confusables.txt that people type.
_LOOK_ALIKES = dict(
    zip(
        "авекмнорстухіѕјԁһӏɡαβεηικνορτυχγωᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ",
        "abekmhopctyxisjdhlgabenikvoptuxywabcdefghijklmnoprtuvwyz",
        strict=True,
    )
)
_LETTERS = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss"}
_QUOTES = {**dict.fromkeys("‘’ʼ`´′‛", "'"), **dict.fromkeys("“”„‟«»″「」", '"')}
_WORDS = {**dict.fromkeys("😂🤣😆😹😅", "lol"), "🔪": "knife", "🔫": "gun", "💊": "pills", "🪢": "rope"}
_MARK = "\x1f"  # stands around what an emoji says, until it is known whether the emoji splits a word
_FLAG_A = 0x1F1E6  # regional indicator A: flags are spelled with these, and so are disguised words
_SQUARE_A = (0x1F150, 0x1F170)  # A in a black circle, A in a black square: NFKD leaves them alone

# Words of risk that a shaking hand writes with letters swapped ("alvie"). None is another word's anagram with the same first letter.
_SWAPPED_TEXT = (
    "dont wanna want alive anymore myself killing suicide suicidal tonight pills overdose goodbye everything nobody tablets "
    "forever hurting cutting strangled choked threatened followed hitting"
)
_SWAPPED = {(word[0], "".join(sorted(word))): word for word in _SWAPPED_TEXT.split()}
_PLAIN_WORD = re.compile(r"\b[a-z]{4,10}\b")

_LEET = str.maketrans("013457@$!*", "oieastasii")
_LEET_WORD = re.compile(r"\b[a-z]{1,15}(?:[013457@$!*]{1,2}[a-z]{1,15}){1,4}\b|\b[0-9$@][a-z]{4,15}\b")
_INSIDE_WORD = re.compile(r"(?<=[a-z])(?:\x1f[a-z]{0,6}\x1f)+(?=[a-z])")
_SPACED = re.compile(r"(?<![^\W_])[a-z](?:[ .\-_*/|,~+][a-z](?![^\W_])){2,}")
_SPACED_PAIR = re.compile(_SPACED.pattern.replace("{2,}", "{1,}"))  # "t o", once a longer run gave the habit away
_SEPARATORS = re.compile(r"[ .\-_*/|,~+]")
_LONG_SINGLE = re.compile(r"([a-z])\1{2,}")
_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")


def readings(text: str) -> tuple[str, ...]:
    """Return the text as the rules read it, and, where lines look disguised, those lines once more with the disguise undone.

    Lower case, no accents, no invisible characters, apostrophes inside words gone ("dont"), "soooo" as "so". Time grows
    with the length alone.
    """
    import ftfy

    # Normalising is left to _folded, a character at a time: NFC needs quadratic time on long runs of combining marks.
    fixed = ftfy.fix_text(text, normalization=None, uncurl_quotes=False)
    marked = fixed.translate({ord(char): _folded(char) for char in set(fixed)})
    plain = _shortened(marked.replace(_MARK, " "))
    unmasked = "\n".join(filter(None, map(_unmasked, marked.split("\n"))))
    return (plain, _shortened(unmasked)) if unmasked else (plain,)


@cache
def _folded(char: str) -> str:
    """Return what one character stands for; the empty string for what cannot be seen."""
    code = ord(char)
    if char in "\n\x0b\x0c\r\x85\u2028\u2029":
        return "\n"
    if char in _QUOTES:
        return _QUOTES[char]
    if 0 <= code - _FLAG_A < 26:
        return chr(97 + code - _FLAG_A)
    for first in _SQUARE_A:
        if 0 <= code - first < 26:
            return chr(97 + code - first)
    return _by_category(char)


def _by_category(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me", "Cs"} or char in "\u115f\u1160\u3164\uffa0":
        return ""
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    if not char.isascii() and category in {"So", "Sk", "Cn", "Co"}:
        return f"{_MARK}{_WORDS.get(char, '')}{_MARK}"
    plain = unicodedata.normalize("NFKD", char.casefold())
    return "".join(_letter(part) for part in plain.casefold() if unicodedata.category(part) not in {"Mn", "Me"})


def _letter(char: str) -> str:
    return _LETTERS.get(char) or _LOOK_ALIKES.get(char) or char


def _shortened(text: str) -> str:
    text = _APOSTROPHE.sub("", text)
    return _LONG_SINGLE.sub(_shorter, text)


def _shorter(run: re.Match[str]) -> str:
    # English doubles l and s at the end of words ("kill", "miss"); other letters said long are single ("die", "so").
    return run[1] * 2 if run[1] in "ls" else run[1]


def _unmasked(line: str) -> str:
    """Return the line with emoji inside words, leetspeak, spaced-out and swapped letters undone; empty when it holds none."""
    plain = line.replace(_MARK, " ")
    joined = _INSIDE_WORD.sub("", line).replace(_MARK, " ")
    joined = _LEET_WORD.sub(lambda word: word[0].translate(_LEET), joined)
    if _SPACED.search(joined):
        joined = _SPACED_PAIR.sub(lambda run: _SEPARATORS.sub("", run[0]), joined)
    joined = _PLAIN_WORD.sub(_unswapped, joined)
    return joined if joined != plain else ""


def _unswapped(word: re.Match[str]) -> str:
    return _SWAPPED.get((word[0][0], "".join(sorted(word[0]))), word[0])
