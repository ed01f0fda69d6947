"""Every setting and every path, from one config file and AFTERWORD_* variables."""

from __future__ import annotations

import os
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from platformdirs import PlatformDirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.ending import EndedBy, Ending
from assistant.errors import SettingsBroken

DIRS = PlatformDirs("afterword", appauthor=False)


def config_file() -> Path:
    """Return the path of the config file: AFTERWORD_CONFIG, or the platform's config folder."""
    return Path(os.environ.get("AFTERWORD_CONFIG") or Path(DIRS.user_config_dir) / "config.toml")


class Settings(BaseSettings):
    """What a person can set. Each field is also a variable: AFTERWORD_MODEL, AFTERWORD_COUNTRY and so on."""

    model_config = SettingsConfigDict(env_prefix="AFTERWORD_", extra="forbid", frozen=True)

    data_dir: Path = Field(default_factory=lambda: Path(DIRS.user_data_dir), description="models and, later, the journal")
    cache_dir: Path = Field(default_factory=lambda: Path(DIRS.user_cache_dir), description="search index and prompt state; can be deleted")
    model: str = Field(default="qwen2.5-coder-1.5b", description="a name of `afterword model list`, or a path to a .gguf file")
    country: str | None = Field(default=None, pattern="^[A-Za-z]{2}$", description="two letters; decides the help lines")
    ended: date | None = Field(default=None, description="the day it ended, such as 2026-10-01; decides what is offered first")
    ended_by: EndedBy | None = Field(default=None, description="them, me or both; decides what is offered first")
    threads: int = Field(default=0, ge=0, le=256, description="threads for the language model; 0 means one per core")
    context_tokens: int = Field(default=4096, ge=2048, le=32768, description="the language model's context window")
    temperature: float = Field(default=0.4, ge=0, le=2, description="how much the model's sentences vary")
    seed: int | None = Field(default=None, ge=0, description="set it to get the same sentences twice")
    sleep_from: int = Field(default=23, ge=0, le=23, description="no questions from this hour")
    sleep_until: int = Field(default=7, ge=0, le=23, description="until this hour")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, then variables, then the config file; no .env and no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())

    @property
    def ending(self) -> Ending:
        """When it ended and who ended it, as far as it was told."""
        return Ending(self.ended, self.ended_by)

    @property
    def models_dir(self) -> Path:
        """The folder of the GGUF files."""
        return self.data_dir / "models"

    @property
    def own_library_dir(self) -> Path:
        """The folder for the person's own notes and exercises."""
        return self.data_dir / "library"

    @property
    def index_dir(self) -> Path:
        """The folder of the Chroma index."""
        return self.cache_dir / "index"

    @property
    def state_dir(self) -> Path:
        """The folder of the saved KV state of the public prefix."""
        return self.cache_dir / "state"

    @cached_property
    def cores(self) -> int:
        """Cores this process may use."""
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load(
    model: str | None = None,
    country: str | None = None,
    seed: int | None = None,
    ended: date | None = None,
    ended_by: str | None = None,
) -> Settings:
    """Read the settings; what is given here goes before variables and file.

    Raises:
        SettingsBroken: a value cannot be used; the message names the setting, not its value.
    """
    given: dict[str, Any] = {"model": model, "country": country, "seed": seed, "ended": ended, "ended_by": ended_by}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsBroken(".".join(map(str, first["loc"])) or "config", first["msg"]) from None
    except (OSError, ValueError):
        raise SettingsBroken(str(config_file()), "it is not readable TOML") from None


def private_folder(path: Path) -> Path:
    """Make `path` (and its parents) if needed, readable by this user alone, and return it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path
