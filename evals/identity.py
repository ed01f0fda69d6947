"""What a result belongs to: without it a figure means nothing a month later."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from assistant import resources
from assistant.engine import catalogue
from assistant.errors import ModelError
from assistant.library import load
from assistant.settings import Settings

_ROOT = Path(__file__).resolve().parent.parent


def of(settings: Settings) -> dict[str, str]:
    """Name the commit, the model, and the hashes of prompts, library, rules and rows."""
    return {
        "commit": _commit(),
        "model": _model(settings),
        "seed": str(settings.seed),
        "prompts": _hash(resources.folder("prompts")),
        "library": load(resources.folder("knowledge")).identity,
        "screening rules": _hash(_ROOT / "assistant" / "screening"),
        "review rules": _hash(_ROOT / "assistant" / "review"),
        "rows": _hash(_ROOT / "evals" / "datasets"),
    }


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    told = subprocess.run(asked, cwd=_ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return told.stdout.strip() or "not known"


def _model(settings: Settings) -> str:
    try:
        file = catalogue.resolve(settings)
    except ModelError:
        return "none"
    return f"{file.name} {file.identity}"


def _hash(folder: Path) -> str:
    """Hash every file of a folder with its name; files that Python makes of its own are left out."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
