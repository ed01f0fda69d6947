"""What a person wrote, once it is known to be text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from assistant.ending import NOTHING_TOLD, Ending
from assistant.errors import EmptyEntry, EntryTooLong, NotText

MAX_BYTES = 2_000_000  # twice the largest text the tests try; above it a pasted archive is likelier than a journal
_BINARY_SHARE = 0.02  # plain text has practically no control characters; a zip or an image has many


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of writing to be answered.

    `text` is never shown by repr. `at` is the writer's local time, `country` an ISO 3166 code; both may be unknown, as may `ending`.
    """

    text: str = field(repr=False)
    at: datetime | None = None
    country: str | None = None
    ending: Ending = NOTHING_TOLD

    @classmethod
    def of(cls, text: str, at: datetime | None = None, country: str | None = None, ending: Ending = NOTHING_TOLD) -> Entry:
        """Make an entry of raw text.

        Raises:
            EmptyEntry: nothing but white space.
            EntryTooLong: over MAX_BYTES in UTF-8.
            NotText: control characters throughout, as in a binary file.
        """
        size = len(text.encode("utf-8", "replace"))
        if size > MAX_BYTES:
            raise EntryTooLong(size, MAX_BYTES)
        if _looks_binary(text):
            raise NotText
        if not text.strip():
            raise EmptyEntry
        return cls(text.encode("utf-8", "replace").decode("utf-8").strip(), at, country, ending)

    @property
    def has_words(self) -> bool:
        """Say whether there is a letter in it, in any script; emoji alone have none."""
        return any(unicodedata.category(char).startswith("L") for char in self.text)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text read from bytes, and whether it had to be read as something else than UTF-8."""

    text: str = field(repr=False)
    guessed: bool


def decode(raw: bytes, source: str = "This") -> Decoded:
    """Read bytes as UTF-8 (with or without a mark), UTF-16 with a mark, or Windows-1252, which holds all Latin-1 letters.

    Raises:
        NotText: the bytes are a binary file.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(raw.decode("utf-16", "replace"), guessed=False)
    if b"\0" in raw:
        raise NotText(source)
    try:
        text, guessed = raw.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        text, guessed = raw.decode("cp1252", "replace"), True
    if _looks_binary(text) or (guessed and text.count("�") > len(text) * _BINARY_SHARE):
        raise NotText(source)
    return Decoded(text, guessed)


def _looks_binary(text: str) -> bool:
    controls = sum(1 for char in text if unicodedata.category(char) == "Cc" and char not in "\n\r\t\f\x0b")
    return "\0" in text or controls > len(text) * _BINARY_SHARE
