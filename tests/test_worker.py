"""A worker's death costs one job and nothing else."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from assistant.errors import NotText, WorkerDied, WorkerFailed, WorkerUnavailable
from assistant.worker import Service, Worker


class Echo:
    """Answers a text with its letters; some texts make it fail in the ways a real service can."""

    def answer(self, job: object, cancelled: Callable[[], bool]) -> Iterator[object]:
        """Yield the letters of `job`."""
        if job == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if job == "refuse":
            raise NotText
        if job == "break":
            raise KeyError("a secret the person wrote")
        if job == "forever":
            while not cancelled():
                yield "."
                time.sleep(0.01)
            return
        yield from str(job)


class StartEcho:
    """Makes an Echo in the child."""

    def __call__(self) -> Service:
        """Make it."""
        return Echo()


class StartBadly:
    """Cannot start."""

    def __call__(self) -> Service:
        """Fail."""
        raise NotText("The model file")


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker around Echo."""
    made = Worker("echo", StartEcho())
    yield made
    made.close()


def test_outputs_arrive_in_order(worker: Worker) -> None:
    assert list(worker.submit("abc")) == ["a", "b", "c"]


def test_jobs_queue_behind_each_other(worker: Worker) -> None:
    first, second = worker.submit("ab"), worker.submit("cd")
    assert list(second) == ["c", "d"]
    assert list(first) == ["a", "b"]


def test_a_death_costs_one_job(worker: Worker) -> None:
    with pytest.raises(WorkerDied):
        list(worker.submit("die"))
    assert list(worker.submit("ok")) == ["o", "k"]
    assert worker.available


def test_two_deaths_in_a_row_end_it_until_it_is_revived(worker: Worker) -> None:
    for _ in range(2):
        with pytest.raises(WorkerDied):
            list(worker.submit("die"))
    with pytest.raises(WorkerUnavailable):
        list(worker.submit("ok"))
    worker.revive()
    assert list(worker.submit("ok")) == ["o", "k"]


def test_kill_from_outside_in_the_middle_of_a_job_is_one_plain_sentence(worker: Worker) -> None:
    ticket = iter(worker.submit("forever"))
    next(ticket)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerDied, match="Nothing you wrote is lost"):
        list(ticket)
    assert list(worker.submit("ok")) == ["o", "k"]


def test_an_error_of_ours_crosses_as_its_sentence(worker: Worker) -> None:
    with pytest.raises(WorkerFailed, match="does not look like text"):
        list(worker.submit("refuse"))


def test_an_unknown_error_crosses_without_its_text(worker: Worker) -> None:
    with pytest.raises(WorkerFailed) as caught:
        list(worker.submit("break"))
    assert "secret" not in str(caught.value)
    assert "KeyError" in str(caught.value)


def test_cancel_stops_a_running_job_and_the_next_one_runs(worker: Worker) -> None:
    for _ in range(20):
        ticket = worker.submit("forever")
        outputs = iter(ticket)
        next(outputs)
        ticket.cancel()
        list(outputs)
    assert list(worker.submit("ok")) == ["o", "k"]


def test_a_job_cancelled_before_it_starts_never_runs(worker: Worker) -> None:
    running = worker.submit("forever")
    waiting = worker.submit("die")
    waiting.cancel()
    running.cancel()
    assert list(waiting) == []
    assert list(worker.submit("ok")) == ["o", "k"]


def test_a_reader_who_walks_away_blocks_nobody(worker: Worker) -> None:
    abandoned = iter(worker.submit("abc"))
    next(abandoned)
    assert list(worker.submit("ok")) == ["o", "k"]


def test_a_failing_start_is_told_in_its_own_words_and_not_tried_again() -> None:
    worker = Worker("echo", StartBadly())
    for _ in range(2):
        with pytest.raises(WorkerFailed, match="does not look like text"):
            list(worker.submit("x"))
    assert not worker.available
    assert worker.pid is None
    worker.close()


def test_close_ends_the_process(worker: Worker) -> None:
    list(worker.submit("x"))
    pid = worker.pid
    assert pid is not None
    worker.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
