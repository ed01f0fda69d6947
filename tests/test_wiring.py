"""The real parts together: both workers, the real library and index, the small model. What dies costs at most one reply."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from assistant import prompts, resources, settings, wiring
from assistant.conversation import Conversation
from assistant.entry import Entry
from assistant.reply import Reply, Retrieved
from assistant.wiring import Parts

pytestmark = pytest.mark.usefixtures("warm_cache")

TEXT = "It has been five weeks. I still set out two mugs in the morning and then I put one back. I keep wanting to text her tonight."
LOOPBACK = re.compile(r"AF_INET6?, .*(127\.0\.0\.1|::1)")


@pytest.fixture
def parts(small_model: Path) -> Iterator[Parts]:
    """Everything real, with the small model."""
    with wiring.parts(settings.load(model=str(small_model), seed=1)) as made:
        yield made


def reply_to(parts: Parts) -> Reply:
    """Answer the text."""
    *_, reply = parts.companion.respond(Entry.of(TEXT, datetime(2026, 1, 5, 2)), Conversation())
    assert isinstance(reply, Reply)
    return reply


def kill(pid: int | None) -> None:
    """End a worker as the kernel would when memory is short."""
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


@pytest.mark.model
def test_killing_the_language_worker_in_a_reply_costs_one_sentence(parts: Parts) -> None:
    assert parts.model is not None
    reply_to(parts)
    events = parts.companion.respond(Entry.of(TEXT), Conversation())
    for event in events:
        if isinstance(event, Retrieved):
            kill(parts.model.worker.pid)
        last = event
    assert isinstance(last, Reply)
    assert sum("Nothing you wrote is lost" in notice for notice in last.notices) == 1
    assert {"mirror", "guidance"} <= {part.kind for part in last.parts}
    again = reply_to(parts)
    assert not any("stopped" in notice for notice in again.notices)
    assert parts.model.worker.pid is not None


@pytest.mark.model
def test_killing_the_search_worker_leaves_a_reply_by_words_and_the_next_is_whole(parts: Parts) -> None:
    reply_to(parts)
    assert parts.embedder.pid is not None
    os.kill(parts.embedder.pid, signal.SIGSTOP)  # it holds the search until it dies: dead before the search, it would start again unseen
    threading.Timer(0.5, kill, [parts.embedder.pid]).start()
    resting = prompts.shipped().fixed("search-resting")
    assert resting in reply_to(parts).notices
    assert resting not in reply_to(parts).notices


@pytest.mark.model
def test_the_small_models_sentences_are_reviewed_and_the_reply_is_whole(parts: Parts) -> None:
    reply = reply_to(parts)
    assert [part.kind for part in reply.parts][:2] == ["mirror", "guidance"]
    assert reply.sources


def test_without_a_model_file_the_reply_is_whole_and_says_how_to_get_it() -> None:
    with wiring.parts(settings.load()) as made:
        reply = reply_to(made)
    assert any("afterword model pull" in notice for notice in reply.notices)
    assert {"mirror", "guidance", "step"} <= {part.kind for part in reply.parts}


def test_a_library_file_with_a_broken_head_is_named_and_the_rest_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(resources.folder("knowledge"), tmp_path / "knowledge")
    (tmp_path / "knowledge" / "guidance" / "being-left.md").write_text("---\nid: [\n---\nx", "utf-8")
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / name)
    with wiring.parts(settings.load(), use_model=False) as made:
        (warning,) = made.warnings
        assert "being-left.md was skipped" in warning
        assert reply_to(made).sources


@pytest.mark.model
@pytest.mark.skipif(not (shutil.which("unshare") and shutil.which("strace")), reason="needs unshare and strace")
def test_the_whole_path_runs_without_a_route_and_connects_to_nothing(small_model: Path, tmp_path: Path) -> None:
    """A network namespace without a route, and every connect of every process on record."""
    log = tmp_path / "connects"
    program = ["-m", "assistant", "reflect", "-", "--model", str(small_model)]
    traced = ["strace", "-f", "-e", "trace=connect,sendto,sendmsg", "-o", str(log), sys.executable, *program]
    probe = subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True)
    if probe.returncode:
        pytest.skip("this kernel lets no user make a network namespace")
    done = subprocess.run(["unshare", "-rn", *traced], input=TEXT.encode(), capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert b"Where this comes from" in done.stdout
    calls = [line for line in log.read_text("utf-8", "replace").splitlines() if "AF_INET" in line]
    assert [line for line in calls if not LOOPBACK.search(line)] == []
