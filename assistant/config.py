"""Changes one setting in the config file and leaves every other line of it as it is."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

from assistant import settings
from assistant.errors import SettingsBroken


def write(key: str, value: str) -> None:
    """Set a top-level key to a text. The file is replaced in one step, readable by this user alone.

    Raises:
        SettingsBroken: the file is not readable TOML; it is left as it is.
    """
    path = settings.config_file()
    before = path.read_text("utf-8") if path.exists() else ""
    after = _with(before, key, value)
    try:
        expected = {**tomllib.loads(before), key: value}
        if tomllib.loads(after) != expected:
            raise SettingsBroken(str(path), "it is written in a way that cannot be changed here; change it by hand")
    except tomllib.TOMLDecodeError:
        raise SettingsBroken(str(path), "it is not readable TOML") from None
    if not path.parent.exists():
        settings.private_folder(path.parent)
    _replace(path, after)


def _with(text: str, key: str, value: str) -> str:
    """Put the line in place of the old one, or at the top: below a [table] it would belong to that table."""
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"  # a JSON text is a TOML basic string
    changed, count = re.subn(rf"(?m)\A((?:^(?!\s*\[).*\n)*?)^{key}[ \t]*=.*$", lambda found: found[1] + line, text, count=1)
    return changed if count else f"{line}\n{text}"


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
