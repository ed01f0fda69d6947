"""Checks of what the AI needs: llama.cpp's build, the model's file, the embedder's file, threads."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from assistant.checks.finding import Finding
from assistant.checks.prefill import prefill
from assistant.embedding import weights
from assistant.engine import catalogue
from assistant.engine.catalogue import ModelFile
from assistant.errors import EmbedderMissing, ModelError
from assistant.settings import Settings

_TRIAL = "smollm2-135m"


def language_model(settings: Settings) -> Iterator[Finding]:
    """Read all of the model's file, then let llama.cpp read a few tokens with it, or with the small test model."""
    found = None
    try:
        found = catalogue.resolve(settings, fresh=True)
    except ModelError as error:
        yield Finding("do", "language model", str(error))
    else:
        yield Finding("ok", "language model", found.warning or f"{found.name}, byte for byte the file we know")
    trial = found or _small(settings)
    if trial is None:
        yield Finding("note", "llama.cpp", "there is no model here to try it with")
    else:
        yield prefill(trial.path)


def embedder() -> Finding:
    """Read the search model's weights and compare them with the hash we know."""
    try:
        with (weights.folder() / "model.safetensors").open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == weights.SHA256
    except (EmbedderMissing, OSError) as error:
        return Finding("do", "search model", str(error) if isinstance(error, EmbedderMissing) else "it cannot be read. Run `make run`")
    if same:
        return Finding("ok", "search model", "byte for byte the file we know")
    return Finding("do", "search model", "its weights are not the ones we know. Run `make run` to put them back")


def threads(settings: Settings) -> Finding:
    """Look at what slows llama.cpp down many-fold when another program is busy."""
    count = settings.threads or settings.cores
    if count > settings.cores:
        return Finding("do", "threads", f"{count} are set and there are {settings.cores} cores; set threads to 0")
    if os.environ.get("OMP_WAIT_POLICY", "").lower() == "active":
        return Finding("do", "threads", "OMP_WAIT_POLICY=active makes replies very slow beside other programs; unset it")
    spins = os.environ.get("GOMP_SPINCOUNT", "")
    if not spins.isdecimal() or int(spins) > _MOST_SPINS:
        return Finding("do", "threads", f"GOMP_SPINCOUNT={spins} makes replies very slow beside other programs; unset it")
    return Finding("ok", "threads", f"{count} for {settings.cores} cores")


_MOST_SPINS = 100_000  # ten times our default; GNU OpenMP's own default spins far longer (docs/decisions/0002-openmp-spin.md)


def _small(settings: Settings) -> ModelFile | None:
    path: Path = catalogue.shipped().get(_TRIAL).path(settings)
    try:
        return catalogue.resolve(settings.model_copy(update={"model": _TRIAL})) if path.exists() else None
    except ModelError:
        return None
