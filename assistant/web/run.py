"""One reply on its way to a page: a thread of its own makes it, the page reads from a queue.

A Gradio generator that is cancelled while it waits never runs its `finally`, so it must hold nothing; this thread holds the turn instead.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from assistant.errors import AfterwordError
from assistant.reply import Event

Respond = Callable[[Callable[[], bool]], Iterator[Event]]
_POLL = 0.05  # seconds between two looks while waiting for the turn, and between two tries to cancel


class Waiting:
    """The reply waits until the one of another tab is done."""


class Begun:
    """The reply's turn has come."""


class Finished:
    """Nothing more will come. `error` is a plain sentence when the reply could not be made."""

    def __init__(self, error: str = "") -> None:
        self.error = error


class Run:
    """Makes one reply. `turn` lets one reply at a time ask the model; `cancel` stops the model's job."""

    def __init__(self, respond: Respond, turn: threading.Lock, cancel: Callable[[], None]) -> None:
        self._respond = respond
        self._turn = turn
        self._cancel = cancel
        self._stopped = threading.Event()
        self._holds_turn = False
        self._events: queue.SimpleQueue[Event | Waiting | Begun | Finished] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="reply", daemon=True)
        self._thread.start()

    @property
    def stopped(self) -> bool:
        """Say whether someone asked to stop."""
        return self._stopped.is_set()

    @property
    def alive(self) -> bool:
        """Say whether the thread still works."""
        return self._thread.is_alive()

    def next(self, timeout: float) -> Event | Waiting | Begun | Finished | None:
        """Return the next event, or None when `timeout` seconds brought none."""
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None

    def stop(self, wait: float = 3.0) -> bool:
        """Stop the reply: nothing more of it is shown. Return whether its thread ended within `wait` seconds."""
        self._stopped.set()
        if self._holds_turn:
            self._cancel()
        for _ in range(int(wait / _POLL)):
            if self._holds_turn:
                self._cancel()  # again and again: the model may have been asked between two looks
            self._thread.join(_POLL)
            if not self._thread.is_alive():
                return True
        return False

    def _work(self) -> None:
        error = ""
        try:
            if self._has_turn():
                try:
                    self._make()
                finally:
                    self._holds_turn = False
                    self._turn.release()
        except AfterwordError as known:
            error = str(known)
        except Exception as unknown:  # noqa: BLE001 - the thread's edge: the type is told, the text may be private
            error = f"The reply could not be made ({type(unknown).__name__}). Your text is still here. Try again."
        self._events.put(Finished(error))

    def _has_turn(self) -> bool:
        if not self._turn.acquire(blocking=False):
            self._events.put(Waiting())
            while not self._turn.acquire(timeout=_POLL):
                if self.stopped:
                    return False
        self._holds_turn = True
        return True

    def _make(self) -> None:
        self._events.put(Begun())
        for event in self._respond(self._stopped.is_set):
            if self.stopped:
                return
            self._events.put(event)
