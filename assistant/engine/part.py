"""The unfinished file of a download: it only grows, is private, and stays when a download is broken off."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol

from assistant.errors import DiskFull


class Progress(Protocol):
    """Is told how far a download is, in bytes, many times a second."""

    def __call__(self, done: int, total: int) -> None:
        """Take note."""
        ...


@dataclass(frozen=True, slots=True)
class PartFile:
    """`path` grows to `total` bytes; `progress` hears of each step."""

    path: Path
    total: int
    progress: Progress

    @property
    def size(self) -> int:
        """Bytes already there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def cut(self, length: int) -> None:
        """Keep the first `length` bytes."""
        if self.size > length:
            os.truncate(self.path, length)

    def append(self, blocks: Iterable[bytes]) -> None:
        """Write blocks at the end as they come, never past `total`.

        Raises:
            DiskFull: the disk filled up; what was written stays.
        """
        done = self.size
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb", buffering=0) as file:
            for block in blocks:
                if done + len(block) > self.total:
                    return
                self._write(file, block)
                done += len(block)
                self.progress(done, self.total)
            os.fsync(file.fileno())  # its hash is remembered by size and time, so the bytes must be on the disk before it is named

    def need(self, spare: int) -> None:
        """Check that the rest of the file and `spare` bytes beside it fit on the disk.

        Raises:
            DiskFull: they do not.
        """
        needed, free = self.total - self.size + spare, shutil.disk_usage(self.path.parent).free
        if needed > free:
            raise DiskFull(needed, free, self.path.parent)

    def _write(self, file: FileIO, block: bytes) -> None:
        try:
            rest = memoryview(block)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(self.total - self.size, shutil.disk_usage(self.path.parent).free, self.path.parent) from None
            raise
