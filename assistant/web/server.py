"""Starts the page on loopback: one instance, a free port, a token for this launch, and a clean end."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import PageOpenElsewhere, PortTaken
from assistant.settings import private_folder

if TYPE_CHECKING:
    import uvicorn

    from assistant.settings import Settings
    from assistant.web.guard import Guard

FIRST_PORT = 7467  # free in IANA's list of ports on 2026-11-24; the next nine are tried when it is taken
_TRIES = 10
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER")


def serve(settings: Settings, *, port: int | None, browser: bool, use_model: bool, tell: Callable[[str], None]) -> None:
    """Open the page and serve it until Ctrl-C; `tell` gets the address as soon as the page answers.

    Raises:
        PageOpenElsewhere: this person's page is open already.
        PortTaken: the port that was asked for, or every one that was tried, is in use.
    """
    from assistant.web.app import guarded
    from assistant.web.desk import Desk

    with _alone(settings.data_dir) as note, _socket(port) as listening, _own_temporary_folder(settings.data_dir):
        number = listening.getsockname()[1]
        token = secrets.token_urlsafe(32)
        address = f"http://127.0.0.1:{number}/?t={token}"
        _write(note, address)
        desk = Desk(settings, use_model)
        try:
            _run(guarded(desk, number, token), listening, lambda: _opened(address, browser, tell))
        finally:
            desk.close()


def open_browser(address: str, surroundings: Mapping[str, str] = os.environ) -> None:
    """Show a page in the person's browser, if there is one; never in a terminal's browser, which would take the terminal over."""
    if sys.platform != "darwin" and not any(surroundings.get(name) for name in _SCREENS):
        return
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(address)


def _run(app: Guard, listening: socket.socket, opened: Callable[[], None]) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,  # addresses hold tab ids
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_when_started, args=(server, opened), name="opening", daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):  # the usual way to close the page; uvicorn raises it again when it is done
        server.run(sockets=[listening])


def _when_started(server: uvicorn.Server, opened: Callable[[], None]) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.02)
    opened()


def _opened(address: str, browser: bool, tell: Callable[[str], None]) -> None:
    tell(address)
    if browser:
        open_browser(address)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Hold the lock that makes this the one page of this person; gives the file where a second copy finds the address."""
    private_folder(folder)
    note = folder / "page.json"
    with (folder / "page.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PageOpenElsewhere(_read(note)) from None
        try:
            yield note
        finally:
            note.unlink(missing_ok=True)


@contextlib.contextmanager
def _socket(port: int | None) -> Iterator[socket.socket]:
    """Listen on loopback; where no port was asked for, on the first free one."""
    for number in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + _TRIES):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", number))
        except OSError:
            listening.close()
            continue
        with listening:
            yield listening
        return
    raise PortTaken(port or FIRST_PORT)


@contextlib.contextmanager
def _own_temporary_folder(data: Path) -> Iterator[None]:
    """Give Gradio a private folder for what it puts down, empty at the start and gone at the end."""
    folder = data / "page"
    shutil.rmtree(folder, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = str(private_folder(folder))
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(note: Path, address: str) -> None:
    note.touch(mode=0o600)
    note.write_text(json.dumps({"address": address}), "utf-8")


def _read(note: Path) -> str:
    try:
        return str(json.loads(note.read_text("utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
