"""Reads 16 tokens with a model, in a process of its own: a wrong build of llama.cpp dies there and nowhere else.

Run as `python -m assistant.checks.prefill MODEL`; `make run` does so after it has built llama.cpp.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant import environment
from assistant.checks.finding import Finding
from assistant.errors import AfterwordError

_ABOUT = "llama.cpp"
_TOKENS = 16  # a decode of 1 token works even in the wrong build; from 8 on it uses the matrix units (docs/decisions)
_LIMIT = 180  # seconds; the largest model of the catalogue from a slow disk takes a third of it
_NATIVE = {signal.SIGSEGV, signal.SIGILL, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE}
_CANNOT = 3


def prefill(model: Path) -> Finding:
    """Try it with `model`, about a second when it was read before."""
    return watch([sys.executable, "-m", "assistant.checks.prefill", str(model)])


def watch(command: Sequence[str]) -> Finding:
    """Run the child and put its end into words."""
    try:
        child = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return Finding("do", _ABOUT, f"it did not read {_TOKENS} tokens in {_LIMIT} seconds. Close other programs and try again")
    if child.returncode == 0:
        return Finding("ok", _ABOUT, f"it reads {_TOKENS} tokens without trouble")
    if -child.returncode in _NATIVE:
        name = signal.Signals(-child.returncode).name
        return Finding(
            "do",
            _ABOUT,
            f"it was built without the flags that your processor needs ({name}). Run `make run`, which builds it again",
        )
    if child.returncode == _CANNOT:
        return Finding("do", _ABOUT, child.stdout.decode("utf-8", "replace").strip())
    return Finding("do", _ABOUT, f"it could not be started (status {child.returncode}). Run `make run` to put it back")


def main() -> int:
    """Be the child: load the model of the command line and read."""
    environment.prepare()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from assistant.engine.llama import LlamaContext

    try:
        LlamaContext(Path(sys.argv[1]), 256, 2, 1).prefill(range(100, 100 + _TOKENS), lambda: False)
    except AfterwordError as error:
        sys.stdout.write(str(error))
        return _CANNOT
    return 0


if __name__ == "__main__":
    sys.exit(main())
