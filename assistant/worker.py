"""A heavy library in a process of its own, so that a native crash costs one job and never the program.

The parent's side is `Worker`: jobs go in with `submit`, a `Ticket` brings the outputs back. One thread owns the pipe, so nobody who
waits for outputs holds a lock, and a reader who walks away blocks nobody. The child's side is `serve`.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Protocol

from assistant.errors import AfterwordError, WorkerDied, WorkerError, WorkerFailed, WorkerUnavailable

SILENCE = 180.0  # seconds without a word from a busy worker before it is taken for hung; the slowest load seen is a tenth of it
_FAILURES = 2  # one restart, then the program goes on without this worker (design, section 4)


class Service(Protocol):
    """What runs in the child: it answers a job with outputs until it is done or `cancelled()` turns true."""

    def answer(self, job: object, cancelled: Callable[[], bool]) -> Iterator[object]:
        """Yield the outputs for one job."""
        ...


class Start(Protocol):
    """A picklable recipe that makes the service inside the child."""

    def __call__(self) -> Service:
        """Make the service; may take seconds."""
        ...


@dataclass(frozen=True, slots=True)
class _Ready:
    pass


@dataclass(frozen=True, slots=True)
class _Done:
    pass


@dataclass(frozen=True, slots=True)
class _Failed:
    text: str


class Ticket:
    """One submitted job: iterate it for the outputs, `cancel` it from any thread."""

    def __init__(self, number: int, job: object, cancel_running: Callable[[int], None]) -> None:
        self.number = number
        self.job = job
        self.cancelled = threading.Event()
        self._cancel_running = cancel_running
        self._outputs: queue.SimpleQueue[object] = queue.SimpleQueue()

    def cancel(self) -> None:
        """Ask the worker to stop; outputs already made still arrive."""
        self.cancelled.set()
        self._cancel_running(self.number)

    def put(self, output: object) -> None:
        """Hand an output to whoever iterates; for the worker's thread."""
        self._outputs.put(output)

    def __iter__(self) -> Iterator[object]:
        """Yield outputs as they come.

        Raises:
            WorkerError: the process died, failed at the job, or is not available.
        """
        while not isinstance(output := self._outputs.get(), _Done):
            if isinstance(output, WorkerError):
                raise output
            yield output


class Worker:
    """The parent's side. `name` is how people read of it in an error: "language model", "search model"."""

    def __init__(self, name: str, start: Start) -> None:
        self.name = name
        self.start = start
        self._context = multiprocessing.get_context("spawn")
        self._cancelled = self._context.RawValue("q", -1)
        self._tickets: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._count = 0
        self._running = -1
        self._failures = 0
        self._unfit = ""  # why it could not even start, as a plain sentence
        self._thread: threading.Thread | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while there is none."""
        return self._process.pid if self._process else None

    @property
    def available(self) -> bool:
        """Say whether a job has a chance; False after two failures in a row."""
        return self._failures < _FAILURES

    @property
    def busy(self) -> bool:
        """Say whether a job is being worked on."""
        return self._running >= 0

    def submit(self, job: object) -> Ticket:
        """Queue a job. Starts the process if there is none."""
        with self._lock:
            ticket = Ticket(self._count, job, self._cancel)
            self._count += 1
            self._tickets.put(ticket)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=f"{self.name} worker", daemon=True)
                self._thread.start()
        return ticket

    def revive(self) -> None:
        """Forget earlier failures, so that the next job tries again; for a person who asks to."""
        self._failures, self._unfit = 0, ""

    def close(self) -> None:
        """End the process and the thread."""
        with self._lock:
            if self._thread is not None:
                self._cancel(self._running)
                self._tickets.put(None)
                self._thread.join(timeout=5)
                self._thread = None
        self._stop()

    def _cancel(self, number: int) -> None:
        if number == self._running:
            self._cancelled.value = number

    def _work(self) -> None:
        while (ticket := self._tickets.get()) is not None:
            if ticket.cancelled.is_set():
                ticket.put(_Done())
                continue
            try:
                self._run(ticket)
            except WorkerError as error:
                ticket.put(error)
            finally:
                self._running = -1

    def _run(self, ticket: Ticket) -> None:
        pipe = self._ready_pipe()
        self._running = ticket.number
        if ticket.cancelled.is_set():
            self._cancelled.value = ticket.number
        try:
            pipe.send((ticket.number, ticket.job))
            while not isinstance(message := self._receive(pipe), (_Done, _Failed)):
                ticket.put(message)
        except (EOFError, OSError):
            raise self._death() from None
        if isinstance(message, _Failed):
            raise WorkerFailed(message.text)
        self._failures = 0
        ticket.put(message)

    def _receive(self, pipe: Connection) -> object:
        if not pipe.poll(SILENCE):
            self._stop()
            raise EOFError
        return pipe.recv()

    def _ready_pipe(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._stop()
        if self._unfit:
            raise WorkerFailed(self._unfit)
        if not self.available:
            raise WorkerUnavailable(self.name, "it stopped twice in a row")
        return self._spawn()

    def _spawn(self) -> Connection:
        ours, theirs = self._context.Pipe()
        self._process = self._context.Process(target=serve, args=(theirs, self._cancelled, self.start), daemon=True)
        resource_tracker.ensure_running()  # else start() does it, and lets Ctrl-C through again before our child is made
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self._pipe = ours
        try:
            message = self._receive(ours)
        except (EOFError, OSError):
            raise self._death() from None
        if isinstance(message, _Failed):
            self._failures, self._unfit = _FAILURES, message.text
            self._stop()
            raise WorkerFailed(message.text)
        return ours

    def _death(self) -> WorkerDied:
        process = self._process
        if process is not None:
            process.join(timeout=1)
        self._failures += 1
        self._stop()
        return WorkerDied(self.name, process.exitcode if process else None)

    def _stop(self) -> None:
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.terminate()
            process.join(timeout=2)
            if process.is_alive():
                process.kill()
                process.join(timeout=2)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C in this thread, and so in a child that is made now: it inherits the mask, and ends when its pipe closes."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Flag(Protocol):
    value: int


def serve(pipe: Connection, cancelled: _Flag, start: Start) -> None:
    """Run in the child: make the service, then answer jobs until the pipe closes.

    Native code's own messages go nowhere: they may hold what a person wrote.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with contextlib.suppress(EOFError, OSError):
        service = _make(pipe, start)
        while service is not None:
            number, job = pipe.recv()
            pipe.send(_answer(pipe, service, job, _is_cancelled(cancelled, number)))


def _is_cancelled(cancelled: _Flag, number: int) -> Callable[[], bool]:
    return lambda: cancelled.value == number


def _make(pipe: Connection, start: Start) -> Service | None:
    try:
        service = start()
    except AfterwordError as error:
        pipe.send(_Failed(str(error)))
        return None
    except Exception as error:  # noqa: BLE001 - the worker's edge: any failure to start becomes one plain sentence
        pipe.send(_Failed(f"it could not start ({type(error).__name__})"))
        return None
    pipe.send(_Ready())
    return service


def _answer(pipe: Connection, service: Service, job: object, cancelled: Callable[[], bool]) -> _Done | _Failed:
    try:
        for output in service.answer(job, cancelled):
            pipe.send(output)
    except OSError:
        raise
    except AfterwordError as error:
        return _Failed(str(error))
    except Exception as error:  # noqa: BLE001 - the worker's edge: the type is told, the text may be private
        return _Failed(f"The model could not do this ({type(error).__name__}). Try again.")
    return _Done()
