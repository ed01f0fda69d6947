"""The page: how soon after its start each part of it answers, and what its process needs of memory. No browser takes part."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from assistant.bench.figure import Figure, resident
from assistant.settings import Settings

_PATIENCE = 60.0  # seconds; the slowest start seen took 20
_SETTLED = 15.0  # seconds after which the parts behind the page are there as well


@dataclass(frozen=True, slots=True)
class _Page:
    base: str
    cookie: str
    pid: int
    began: float

    def get(self, path: str) -> bytes:
        """Ask for a path as the browser would."""
        request = urllib.request.Request(self.base + path, headers={"Cookie": self.cookie})  # noqa: S310 - our own loopback address
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            return bytes(answer.read())

    @property
    def seconds(self) -> float:
        """Seconds since the command was started."""
        return time.perf_counter() - self.began


def figures(settings: Settings) -> Iterator[Figure]:
    """Yield the figures of a start as on the second day: index and model are there."""
    with _started(settings) as page:
        page.get("/pause")
        yield Figure("page: pause answers after", page.seconds, "s")
        page.get("/")
        yield Figure("page: there to write on after", page.seconds, "s")
        while not json.loads(page.get("/ready"))["ready"] and page.seconds < _PATIENCE:
            time.sleep(0.05)
        page.get("/talk/")
        yield Figure("page: Gradio there after", page.seconds, "s")
        began = time.perf_counter()
        page.get("/help")
        yield Figure("page: help card", 1000 * (time.perf_counter() - began), "ms")
        time.sleep(max(0.0, _SETTLED - page.seconds))
        yield Figure("memory, page", resident(page.pid), "MB")


@contextmanager
def _started(settings: Settings) -> Iterator[_Page]:
    with TemporaryDirectory() as folder:  # a data folder of its own, so that a page that is open does not stand in the way
        command = [sys.executable, "-m", "assistant", "web", "--no-browser", "--port", "0", "--model", _model(settings)]
        surroundings = {**os.environ, "AFTERWORD_DATA_DIR": folder, "AFTERWORD_CACHE_DIR": str(settings.cache_dir)}
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - this very program
            command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            base, _, token = address.partition("/?t=")
            yield _Page(base, f"afterword-{base.rpartition(':')[2]}={token}", process.pid, began)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def _model(settings: Settings) -> str:
    from assistant.engine import catalogue

    return str(catalogue.resolve(settings).path)
