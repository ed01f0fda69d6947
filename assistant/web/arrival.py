"""How far the installation has come, when `make run` opens the page before everything is there.

`install.py` writes one small JSON file, {"step", "minutes", "pid", "since"}, and takes it away when all is done. Nothing here is private.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

FILE = "arriving.json"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is still being installed. `step` is search, engine, model, failed or done; `minutes` is how long the rest may take."""

    step: str = "done"
    minutes: int = 0

    @property
    def is_under_way(self) -> bool:
        """Say whether more is to come by itself."""
        return self.step not in ("done", "failed")


DONE = Arrival()


def read(folder: Path) -> Arrival:
    """Read the note of an installation that runs now; one whose process is gone counts as failed, an unreadable one as done."""
    try:
        told = json.loads((folder / FILE).read_text("utf-8"))
        passed = int(max(0.0, time.time() - float(told["since"])) / 60)
        arrival = Arrival(str(told["step"]), max(0, int(told["minutes"]) - passed))
        return arrival if _is_running(int(told["pid"])) else Arrival("failed")
    except (OSError, ValueError, KeyError, TypeError):
        return DONE


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
