"""Installing: what is wrong is said before anything is built, a second run does nothing, a wrong build is built again."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import install

_ROOT = Path(install.__file__).parent
_PYTHON = """#!/bin/sh
echo "$*" >> {folder}/said
case "$*" in
  *"import sys, pip"*) exit 0 ;;
  *models_dir*) echo {folder}/models ;;
  *cache_dir*) echo {folder} ;;
  *checks.prefill*) [ -e {folder}/works ] || kill -SEGV $$ ;;
  *pip*) echo "$CMAKE_ARGS" > {folder}/flags; cat {folder}/arriving.json >> {folder}/told 2>/dev/null; echo >> {folder}/told; {pip} ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the test's own; install.py works in it and never in the real one."""
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(install, "ROOT", tmp_path)
    for name, path in (
        ("VENV", ".venv"),
        ("LOG", ".venv/install.log"),
        ("STAMP", ".venv/afterword-install.json"),
        ("PAGE_STAMP", ".venv/page"),
    ):
        monkeypatch.setattr(install, name, tmp_path / path)
    return tmp_path


@pytest.fixture
def environment(checkout: Path) -> Callable[[str], Path]:
    """Make an environment whose python writes down what it is asked and answers as told; returns the notes' file."""

    def make(pip: str) -> Path:
        folder = checkout / ".venv"
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "pyvenv.cfg").write_text("version = 3.11.7\n", "utf-8")
        for name in ("python", "afterword"):
            script = folder / "bin" / name
            script.write_text(_PYTHON.format(folder=checkout, pip=pip), "utf-8")
            script.chmod(0o700)
        return checkout / "said"

    return make


def pips(said: Path) -> list[str]:
    """Return what pip was asked."""
    return [line for line in said.read_text("utf-8").splitlines() if line.startswith("-m pip")]


def test_an_old_python_is_told_what_to_do() -> None:
    with pytest.raises(install.CannotInstall, match=r"Python 3\.9, and Afterword needs 3\.11 or newer"):
        install.check_python((3, 9))
    install.check_python((3, 11))


def test_a_missing_compiler_is_told_before_anything_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(install.CannotInstall, match="A C compiler is missing"):
        install.check_compiler()


def test_llama_cpp_is_built_without_amx_on_x86_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert install.build_flags() == ["-DLLAVA_BUILD=OFF"]
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(install, "compiler_knows", lambda _: True)
    assert install.build_flags()[1:] == [
        "-DCMAKE_C_FLAGS=-mno-amx-tile -mno-amx-int8 -mno-amx-bf16",
        "-DCMAKE_CXX_FLAGS=-mno-amx-tile -mno-amx-int8 -mno-amx-bf16",
    ]


def test_a_compiler_is_only_given_flags_that_it_knows() -> None:
    assert install.compiler_knows(("-O2",))
    assert not install.compiler_knows(("-mno-such-thing",))


def test_the_second_time_pip_is_not_asked(environment: Callable[[str], Path]) -> None:
    said = environment("exit 0")
    install.environment(["test"])
    assert pips(said) == ["-m pip --disable-pip-version-check install --constraint constraints.txt --editable .[test]"]
    install.environment(["test"])
    install.environment([])
    assert len(pips(said)) == 1


def test_what_a_git_pull_changed_is_installed_with_the_extras_that_are_there(environment: Callable[[str], Path], checkout: Path) -> None:
    said = environment("exit 0")
    install.environment(["test"])
    (checkout / "constraints.txt").write_text("newer", "utf-8")
    install.environment([])
    assert pips(said)[1].endswith("--editable .[test]")


def test_pip_gets_our_flags_and_the_persons_own(
    environment: Callable[[str], Path], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment("exit 0")
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_BLAS=ON")
    install.environment([])
    flags = (checkout / "flags").read_text("utf-8")
    assert flags.startswith("-DLLAVA_BUILD=OFF")
    assert "-DGGML_BLAS=ON" in flags


def test_a_failing_pip_shows_its_last_lines_and_is_tried_again(
    environment: Callable[[str], Path], checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = environment("echo no matching distribution; exit 1")
    for _ in range(2):
        assert install.main(["environment"]) == 1
    told = capsys.readouterr().err
    assert "no matching distribution" in told
    assert "install.log" in told
    assert len(pips(said)) == 2


def test_a_build_that_dies_is_built_again_without_the_cache(environment: Callable[[str], Path], checkout: Path) -> None:
    said = environment(f"touch {checkout}/works")
    (checkout / "models" / "any.gguf").touch()
    install.check_build()
    assert pips(said) == [
        "-m pip --disable-pip-version-check install --constraint constraints.txt --no-cache-dir --force-reinstall --no-deps "
        "--no-binary llama-cpp-python llama-cpp-python"
    ]


def test_a_build_that_works_is_tried_once(environment: Callable[[str], Path], checkout: Path) -> None:
    said = environment("exit 1")
    (checkout / "works").touch()
    (checkout / "models" / "any.gguf").touch()
    install.check_build()
    install.check_build()
    assert said.read_text("utf-8").count("checks.prefill") == 1
    assert pips(said) == []


def test_a_build_that_never_works_does_not_end_the_installation(
    environment: Callable[[str], Path], checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment("exit 0")
    (checkout / "models" / "any.gguf").touch()
    install.check_build()
    assert "Afterword works without its AI" in capsys.readouterr().err


def test_without_any_model_the_small_one_is_brought_for_the_trial(environment: Callable[[str], Path]) -> None:
    said = environment("exit 0")
    install.check_build()
    assert "model pull smollm2-135m" in said.read_text("utf-8")


def test_make_run_opens_the_page_first_and_tells_it_what_comes(environment: Callable[[str], Path], checkout: Path) -> None:
    (checkout / "pyproject.toml").write_bytes((_ROOT / "pyproject.toml").read_bytes())
    said = environment("exit 0")
    (checkout / "works").touch()
    (checkout / "models" / "any.gguf").touch()
    assert install.run() == 0
    light, own, heavy, whole = pips(said)
    assert "gradio" in light
    assert not any(name in light for name in install.HEAVY)
    assert "--no-deps --editable ." in own
    assert "torch" in heavy
    assert install.ENGINE not in heavy
    assert whole.endswith("--editable .")
    told = [json.loads(line)["step"] for line in (checkout / "told").read_text("utf-8").splitlines() if line]
    assert told == ["search", "engine"]
    assert "model pull" in said.read_text("utf-8")
    assert not (checkout / "arriving.json").exists()
    said.unlink()
    assert install.run() == 0
    assert pips(said) == []


def test_an_engine_that_cannot_be_built_leaves_the_page_open(
    environment: Callable[[str], Path], checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "pyproject.toml").write_bytes((_ROOT / "pyproject.toml").read_bytes())
    environment('case "$*" in *torch*) exit 1 ;; esac')
    assert install.run() == 0
    assert "pip could not install everything" in capsys.readouterr().err


def test_every_target_is_explained_by_make_help() -> None:
    shown = subprocess.run(["make", "--no-print-directory", "help"], cwd=_ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in shown.splitlines()} == {"help", "run", "test", "check", "eval", "bench", "clean"}


def test_make_without_python_is_a_plain_sentence() -> None:
    made = subprocess.run(["make", "run", "PYTHON=no-such-python"], cwd=_ROOT, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert "Python 3.11 or newer is missing" in made.stderr


def test_constraints_name_one_exact_version_each_and_no_address() -> None:
    lines = [line for line in (_ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(line.count("==") == 1 for line in lines)
    assert "torch==2.13.0" in lines
    assert not any("+" in line or "/" in line or line.startswith("-") for line in lines)


def test_the_scripts_are_sound_shell() -> None:
    subprocess.run(["bash", "-n", str(_ROOT / ".ci" / "run")], check=True)
    assert os.access(_ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(("models", "status"), [(["x", "x", None], 0), ([None, None, "x"], 1), ([], 1)])
def test_ci_wants_the_model_in_most_replies(models: list[str | None], status: int) -> None:
    replies = "\n".join(json.dumps({"route": "reflect", "model": model, "reply": "Two mugs."}, indent=2) for model in models)
    command = [sys.executable, str(_ROOT / ".ci" / "written_by_model.py")]
    assert subprocess.run(command, input=replies, text=True, capture_output=True, check=False).returncode == status
