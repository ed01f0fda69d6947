"""Starts the command line; `afterword` and `python -m assistant` both come in here."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

STOPPED = "Stopped. Nothing was changed."


def main() -> None:
    """Take charge of Ctrl-C before the first slow import, then run."""
    signal.signal(signal.SIGINT, _interrupted)
    from assistant.cli.main import run

    run()


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, except in the middle of an import: libraries turn it into errors of their own there."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            sys.stderr.write(f"{STOPPED}\n")
            sys.stderr.flush()
            os._exit(128 + number)
        frame = frame.f_back
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
