"""Where Afterword keeps things on this computer, and which of it is safe to delete."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import resources, settings
from assistant.engine import catalogue
from assistant.errors import RemovalRefused
from assistant.settings import Settings

# What Afterword itself puts into its folders. A folder that a person chose may hold other things; then nothing of it is deleted.
_IN_DATA = {"models", "journal", "notice-seen", "page", "page.lock", "page.json"}
_IN_CACHE = {"index", "state", "verified", "embedder-verified.json", "arriving.json"}
_IN_MODELS = (".part", ".lock", "")


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder of Afterword; `size` in bytes."""

    path: Path
    what: str
    size: int


def found(chosen: Settings) -> Iterator[Place]:
    """Yield what is there, but for the program itself."""
    listed = [
        (chosen.data_dir, "models, and what you kept in a journal"),
        (chosen.cache_dir, "the search index and other things that can be made again"),
        (settings.config_file(), "your settings"),
    ]
    for path, what in listed:
        if os.path.lexists(path):
            yield Place(path, what, size(path))


def program() -> Place | None:
    """Return the .venv of the checkout that this program runs from, if it does.

    It is no part of `found`: a `remove --yes` in a script must not take away the program that runs it.
    """
    checkout = resources.folder("knowledge").parent
    venv = checkout / ".venv"
    ours = (checkout / "pyproject.toml").is_file() and Path(sys.prefix) == venv
    return Place(venv, "the program's parts, made by `make run`", size(venv)) if ours else None


def delete(place: Place, chosen: Settings) -> None:
    """Delete a place of `found`.

    Raises:
        RemovalRefused: it is not clearly Afterword's own; nothing of it was deleted.
    """
    path = place.path
    _refuse_strange(path)
    if path == chosen.data_dir:
        _refuse_others(path, _IN_DATA, settings.DIRS.user_data_dir)
        _refuse_others_models(chosen)
    elif path == chosen.cache_dir:
        _refuse_others(path, _IN_CACHE, settings.DIRS.user_cache_dir)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
        _drop_if_empty(path.parent)


def size(path: Path) -> int:
    """Add up the bytes of a file or of everything in a folder; links are not followed."""
    if path.is_symlink() or not path.is_dir():
        return path.lstat().st_size
    inside = (Path(root) / name for root, _, names in os.walk(path) for name in names)
    return sum(each.lstat().st_size for each in inside)


def _refuse_strange(path: Path) -> None:
    if path.is_symlink():
        raise RemovalRefused(path, "it is a link to another place")
    real, home = path.resolve(), Path.home().resolve()
    if real == Path(real.anchor) or real == home or real in home.parents:
        raise RemovalRefused(path, "it is your whole home, or more than that")
    if path.lstat().st_uid != os.geteuid():
        raise RemovalRefused(path, "it belongs to another user")
    if (path / ".git").exists() or Path.cwd().is_relative_to(real):
        raise RemovalRefused(path, "you are working in it")


def _refuse_others(path: Path, ours: set[str], default: str) -> None:
    """Trust the platform's folder named afterword as a whole; look into a folder that a setting chose."""
    if path == Path(default):
        return
    others = sorted(child.name for child in path.iterdir() if child.name not in ours)
    if others:
        raise RemovalRefused(path, f"it also holds things that are not Afterword's, such as {others[0]}")


def _refuse_others_models(chosen: Settings) -> None:
    folder = chosen.models_dir
    if folder == Path(settings.DIRS.user_data_dir) / "models" or not folder.is_dir():
        return
    ours = {f"{model.file}{ending}" for model in catalogue.shipped().models for ending in _IN_MODELS}
    _refuse_others(folder, ours, "")


def _drop_if_empty(folder: Path) -> None:
    if folder == Path(settings.DIRS.user_config_dir) and not any(folder.iterdir()):
        folder.rmdir()
