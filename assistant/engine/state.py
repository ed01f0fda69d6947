"""The KV state of the static prompt on disk: public text only, so that a start need not read it again."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from assistant.engine.llama import LlamaContext
from assistant.settings import private_folder


class StaticState:
    """One file per model, prompt and settings in `folder`, with its SHA-256 beside it.

    llama.cpp reads such a file without doubting it, so a file whose hash does not match is never handed to it.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self._folder = folder
        self._identity = identity

    def restore(self, context: LlamaContext, tokens: list[int]) -> bool:
        """Bring `context` to hold `tokens`, from the file if it is good, else by reading them; say whether it came from the file.

        A folder that cannot be written costs only time.
        """
        path = self._path(context, tokens)
        if self._sound(path) and context.load(path, tokens):
            return True
        context.prefill(tokens, lambda: False)
        with contextlib.suppress(OSError):
            self._keep(context, path)
        return False

    def _path(self, context: LlamaContext, tokens: list[int]) -> Path:
        key = f"{self._identity}|{context.version}|{','.join(map(str, tokens))}"
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.kv"

    def _sound(self, path: Path) -> bool:
        try:
            return _hash(path) == path.with_suffix(".sha256").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return False

    def _keep(self, context: LlamaContext, path: Path) -> None:
        private_folder(self._folder)
        for old in self._folder.glob("*.kv"):
            old.unlink()
            old.with_suffix(".sha256").unlink(missing_ok=True)
        part = path.with_suffix(".part")
        context.save(part)
        part.chmod(0o600)
        path.with_suffix(".sha256").write_text(_hash(part), "ascii")
        part.replace(path)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
