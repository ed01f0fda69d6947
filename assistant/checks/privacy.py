"""Checks of what keeps things private: folder modes, variables of the shell, and no way out to a network."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant import environment
from assistant.checks.finding import Finding
from assistant.settings import Settings, config_file

_LIMIT = 300  # seconds; a first run builds the library's index


def folders(settings: Settings) -> Iterator[Finding]:
    """See whether other people of this computer may look in."""
    opened = [path for path in (settings.data_dir, settings.cache_dir, config_file()) if path.exists() and _open_to_others(path)]
    for path in opened:
        yield Finding("do", "privacy", f"other people of this computer can look into {path}. Run: chmod go-rwx {path}")
    if not opened:
        yield Finding("ok", "privacy", "only you can look into Afterword's folders")


def shell() -> Finding:
    """Name variables that would make a library call out."""
    found = environment.leaking()
    if not found:
        return Finding("ok", "environment", "no variable asks a library to call out")
    said = f"{', '.join(found)} would let a library call out. Afterword switches it off for itself; unset what you do not need"
    return Finding("note", "environment", said)


def no_way_out() -> Finding:
    """Answer a made-up entry with the network cut off, and ask the kernel whether anything tried to get out."""
    about = "no network"
    cut = shutil.which("unshare")
    if cut is None or subprocess.run([cut, "-rn", "true"], capture_output=True, check=False).returncode:  # noqa: S603 - found above
        return Finding("note", about, "this computer does not let Afterword cut off the network for a trial")
    command = [cut, "-rn", sys.executable, "-m", "assistant.checks.cut_off"]
    try:
        child = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return Finding("do", about, "a reply with the network cut off took too long. Close other programs and try again")
    attempts = child.stdout.decode("ascii", "replace").strip()
    if child.returncode or not attempts.isdecimal():
        return Finding("do", about, "a reply with the network cut off did not work. Please report this")
    if attempts != "0":
        return Finding("do", about, f"something tried to reach a network {attempts} times while a reply was made. Please report this")
    return Finding("ok", about, "a reply was made with the network cut off, and nothing tried to get out")


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
