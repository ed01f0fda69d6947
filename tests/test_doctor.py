"""Doctor: each line says ok or what to do, and a wrong build of llama.cpp costs a child process, nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from assistant import environment, settings
from assistant.checks import cut_off, models, privacy, shelf
from assistant.checks.finding import Finding
from assistant.checks.prefill import prefill, watch
from assistant.cli import doctor
from assistant.engine import catalogue

_SNMP = """Ip: Forwarding DefaultTTL InReceives OutDiscards OutNoRoutes ReasmTimeout
Ip: 1 64 0 0 3 0
Icmp: InMsgs
Icmp: 0
"""


def child(code: str) -> Finding:
    """Let a child run `code` in the place of the prefill."""
    return watch([sys.executable, "-c", code])


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGILL", "SIGABRT", "SIGBUS"])
def test_a_build_that_dies_in_its_prefill_is_named_with_what_to_do(name: str) -> None:
    found = child(f"import os, signal; os.kill(os.getpid(), signal.{name})")
    assert found.state == "do"
    assert f"built without the flags that your processor needs ({name}). Run `make run`" in found.said


def test_a_build_that_does_not_start_is_not_blamed_on_the_processor() -> None:
    found = child("import there_is_no_such_module")
    assert (found.state, "processor" in found.said, "make run" in found.said) == ("do", False, True)


def test_a_child_that_ends_well_is_ok() -> None:
    assert child("pass").state == "ok"


@pytest.mark.model
def test_the_installed_build_reads_sixteen_tokens(small_model: Path) -> None:
    assert prefill(small_model).state == "ok"


@pytest.mark.model
def test_a_model_that_llama_cpp_refuses_is_told_in_its_own_sentence(tmp_path: Path) -> None:
    path = tmp_path / "hollow.gguf"
    path.write_bytes(b"GGUF" + (3).to_bytes(4, "little") + bytes(200))
    found = prefill(path)
    assert (found.state, "hollow.gguf cannot be used" in found.said) == ("do", True)


def test_a_missing_model_is_named_with_what_to_do() -> None:
    model, build = models.language_model(settings.load())
    assert (model.state, build.state) == ("do", "note")
    assert "afterword model pull qwen2.5-coder-1.5b" in model.said


@pytest.mark.model
def test_without_the_chosen_model_the_small_one_tries_the_build(small_model: Path) -> None:
    chosen = settings.load()
    there = catalogue.shipped().get("smollm2-135m").path(chosen)
    settings.private_folder(there.parent)
    shutil.copy(small_model, there)
    model, build = models.language_model(chosen)
    assert (model.state, build.state) == ("do", "ok")


def test_the_embedder_is_the_one_we_know() -> None:
    assert models.embedder().state == "ok"


@pytest.mark.parametrize(
    ("variable", "value"), [("OMP_WAIT_POLICY", "active"), ("GOMP_SPINCOUNT", "infinity"), ("AFTERWORD_THREADS", "256")]
)
def test_threads_that_make_replies_slow_are_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    assert models.threads(settings.load()).state == "ok"
    monkeypatch.setenv(variable, value)
    assert models.threads(settings.load()).state == "do"


def test_a_folder_that_others_can_open_is_named(home: Path) -> None:
    chosen = settings.load()
    settings.private_folder(chosen.data_dir)
    assert [found.state for found in privacy.folders(chosen)] == ["ok"]
    chosen.data_dir.chmod(0o755)
    [found] = privacy.folders(chosen)
    assert (found.state, f"chmod go-rwx {chosen.data_dir}" in found.said) == ("do", True)


def test_a_variable_that_would_leak_is_named_even_after_it_was_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    environment.prepare()
    assert "LANGSMITH_TRACING" in privacy.shell().said
    monkeypatch.delenv("LANGSMITH_TRACING")
    environment.prepare()


def test_preparing_keeps_the_hosts_that_a_person_reaches_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "mirror.example")
    monkeypatch.setenv("no_proxy", "mirror.example")
    environment.prepare()
    environment.prepare()
    assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "mirror.example,127.0.0.1,localhost"


def test_library_and_help_lines_and_disk_have_a_line_each() -> None:
    found = [shelf.library(), shelf.helplines(), shelf.disk(settings.load())]
    assert [line.about for line in found] == ["library", "help lines", "disk"]


def test_help_lines_that_are_due_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> Later:
            return cls(2099, 1, 1)

    monkeypatch.setattr(shelf, "date", Later)
    assert "more than a year ago" in shelf.helplines().said


def test_the_kernels_count_of_attempts_is_read() -> None:
    assert cut_off.attempts(_SNMP) == 3


@pytest.mark.parametrize(("act", "counted"), [("pass", False), ("socket.socket().connect(('192.0.2.1', 443))", True)])
def test_the_kernel_counts_what_tries_to_get_out(act: str, counted: bool) -> None:
    code = f"""
import contextlib, pathlib, socket
from assistant.checks import cut_off
with contextlib.suppress(OSError):
    {act}
print(cut_off.attempts(pathlib.Path("/proc/net/snmp").read_text()))
"""
    cut = shutil.which("unshare")
    if cut is None or subprocess.run([cut, "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this computer lets nobody cut off the network")
    told = subprocess.run([cut, "-rn", sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert (int(told) > 0) is counted


def test_something_to_do_makes_the_command_fail() -> None:
    app = typer.Typer()
    app.command()(doctor.doctor)
    run = CliRunner().invoke(app, ["--quick"])
    assert run.exit_code == 1
    assert "do    language model: The model qwen2.5-coder-1.5b is not on this computer yet." in run.output
    assert all(line[:6].strip() in {"ok", "do", "note"} for line in run.output.splitlines())
