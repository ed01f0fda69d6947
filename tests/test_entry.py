"""Whatever is given, it becomes an entry or one plain sentence; nothing is lost and nothing of it is repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.entry import MAX_BYTES, Entry, decode
from assistant.errors import EmptyEntry, EntryTooLong, InputError, NotText


@pytest.mark.parametrize("blank", ["", " ", "\n\n\t"])
def test_nothing_is_said_to_be_nothing(blank: str) -> None:
    with pytest.raises(EmptyEntry, match="nothing to read"):
        Entry.of(blank)


def test_a_megabyte_is_read_and_two_are_too_many() -> None:
    assert len(Entry.of("ab " * 333_000).text) > 900_000
    with pytest.raises(EntryTooLong, match="Send a part"):
        Entry.of("a" * (MAX_BYTES + 1))


@pytest.mark.parametrize("raw", [b"\x7fELF\x00\x01\x02", b"PK\x03\x04\x00\x00", bytes(range(1, 32)) * 40, b"\x89PNG\r\n\x1a\n\x00"])
def test_a_binary_file_is_named_as_such(raw: bytes) -> None:
    with pytest.raises(NotText, match=r"photo\.png does not look like text"):
        Entry.of(decode(raw, "photo.png").text)


def test_latin_1_is_read_and_said_to_be_a_guess() -> None:
    decoded = decode("Ich vermisse ihn so sehr, überall".encode("latin-1"))
    assert decoded.guessed
    assert "überall" in decoded.text


def test_utf_16_and_a_byte_order_mark_are_read() -> None:
    assert decode("té quiero".encode("utf-16")).text == "té quiero"
    assert decode(b"\xef\xbb\xbfhello").text == "hello"
    assert not decode(b"\xef\xbb\xbfhello").guessed


@pytest.mark.parametrize("wordless", ["😭😭😭", "...", "💔 !!"])
def test_emoji_alone_are_an_entry_without_words(wordless: str) -> None:
    assert not Entry.of(wordless).has_words


@pytest.mark.parametrize("text", ["я скучаю", "寂しい", "أفتقدها", "x"])
def test_every_script_has_words(text: str) -> None:
    assert Entry.of(text).has_words


def test_repr_shows_nothing_that_was_written() -> None:
    assert "canary" not in repr(Entry.of("the canary sang"))


@given(st.binary(max_size=300))
def test_any_bytes_give_an_entry_or_a_plain_sentence(raw: bytes) -> None:
    try:
        entry = Entry.of(decode(raw).text)
    except InputError as error:
        assert str(error).endswith(".")
    else:
        assert entry.text.strip()


@given(st.text(max_size=300))
def test_text_that_is_accepted_can_always_be_encoded(text: str) -> None:
    try:
        Entry.of(text).text.encode("utf-8")
    except InputError:
        return
