"""Proves that a model's file is whole and is the one we know, before llama.cpp reads a byte of it."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from assistant.errors import ModelBroken, ModelMissing
from assistant.settings import private_folder

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)  # what llama.cpp still reads; 1 was dropped in 2023
_HEX = 64  # characters of a SHA-256
_HEADER = 24  # bytes: magic, version, tensor count, metadata count (the GGUF specification)


def header(path: Path) -> None:
    """Check that `path` is a regular file, not a link, and opens as a GGUF does.

    Raises:
        ModelMissing: there is no such file.
        ModelBroken: it is something else.
    """
    with opened(path) as file:
        first = file.read(_HEADER)
    if first[:4] != _MAGIC:
        raise ModelBroken(path, "it is not a GGUF file")
    if len(first) < _HEADER:
        raise ModelBroken(path, "it is cut short")
    if int.from_bytes(first[4:8], "little") not in _VERSIONS:
        raise ModelBroken(path, "it is a GGUF of a version that llama.cpp does not read")


def size(path: Path, expected: int) -> None:
    """Check the number of bytes.

    Raises:
        ModelBroken: it is another.
    """
    found = path.stat().st_size
    if found != expected:
        raise ModelBroken(path, f"it is {'cut short' if found < expected else 'too long'}: {found} bytes instead of {expected}")


def digest(path: Path, cache_dir: Path, *, fresh: bool = False) -> str:
    """Return the SHA-256 of a file in hex, reading it at most once for its inode, size and time; `fresh` reads it anyway.

    A gigabyte takes 1 to 4 seconds.
    """
    with opened(path) as file:
        stamp = _stamp(os.fstat(file.fileno()))
        note = cache_dir / "verified" / stamp
        known = None if fresh else _recall(note)
        if known is not None:
            return known
        found = hashlib.file_digest(file, "sha256").hexdigest()
        if _stamp(os.fstat(file.fileno())) == stamp:
            _remember(note, found)
    return found


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file for reading, never through a link.

    Raises:
        ModelMissing: there is no such file.
        ModelBroken: it is a link, a folder, a pipe or a device, or may not be read.
    """
    try:
        # O_NONBLOCK: a named pipe must not hang the program; it changes nothing for a regular file.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        raise ModelMissing(path.name) from None
    except OSError as error:
        why = "it is a link, not a file" if error.errno == errno.ELOOP else "it may not be read by you"
        raise ModelBroken(path, why) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ModelBroken(path, "it is not a regular file")
    with os.fdopen(handle, "rb") as file:
        yield file


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def _recall(note: Path) -> str | None:
    with suppress(OSError, ValueError):
        kept = note.read_text("ascii")
        return kept if len(kept) == _HEX else None
    return None


def _remember(note: Path, found: str) -> None:
    with suppress(OSError):  # a cache that cannot be written costs seconds at the next start, nothing else
        private_folder(note.parent)
        note.write_text(found, "ascii")
