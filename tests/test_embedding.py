"""The real embedder in its process: what it gives, how it dies, and what is told when its files are not right."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import resources
from assistant.embedding import StartEmbedder, WorkerEmbeddings, weights
from assistant.errors import EmbedderMissing, WorkerDied
from assistant.library import Retriever, load
from assistant.library.search import Search
from assistant.worker import Worker


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    made = Worker("search model", StartEmbedder(tmp_path_factory.mktemp("cache")))
    yield made
    made.close()


@pytest.fixture
def embedder(worker: Worker) -> WorkerEmbeddings:
    return WorkerEmbeddings(worker, lambda: 1)


def test_vectors_have_length_one_and_near_texts_are_near(embedder: WorkerEmbeddings) -> None:
    vectors = embedder.encode(["I miss my ex", "I long for my former partner", "The train to Lyon was late"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


def test_it_is_an_embedder_of_langchain(embedder: WorkerEmbeddings) -> None:
    assert len(embedder.embed_query("tea")) == 384
    assert embedder.embed_documents([]) == []
    assert embedder.embed_documents(["tea"])[0] == pytest.approx(embedder.embed_query("tea"), abs=1e-5)


def test_many_texts_come_back_in_order(embedder: WorkerEmbeddings) -> None:
    texts = [f"number {number}" for number in range(100)]
    vectors = embedder.encode(texts)
    np.testing.assert_allclose(vectors[70], embedder.encode(texts[70:71])[0], atol=1e-5)


def test_threads_are_asked_for_each_time(worker: Worker) -> None:
    asked: list[int] = []

    def threads() -> int:
        asked.append(1)
        return 1

    embedder = WorkerEmbeddings(worker, threads)
    embedder.encode(["a"])
    embedder.encode(["b"])
    assert len(asked) == 2


def test_a_killed_worker_costs_one_search_and_then_works_again(worker: Worker, tmp_path: Path) -> None:
    embedder = WorkerEmbeddings(worker, lambda: 1)
    embedder.encode(["warm"])
    library = replace(load(resources.folder("knowledge")), folder=tmp_path)  # where no vectors ship
    retriever = Retriever(library, Search(library, embedder, embedder.identity, tmp_path))
    killer = threading.Thread(target=_kill_when_busy, args=(worker,))
    killer.start()
    text = "The handover of our children turns into a fight every time"
    first = retriever.passages(text)  # the library is being encoded, which takes seconds
    killer.join()
    assert retriever.by_words_only
    assert "children-together" in {passage.note_id for passage in first}
    second = retriever.passages(text)
    assert not retriever.by_words_only
    assert "children-together" in {passage.note_id for passage in second}
    retriever.close()


def _kill_when_busy(worker: Worker) -> None:
    while not worker.busy:
        time.sleep(0.01)
    time.sleep(0.3)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)


def test_no_text_is_in_an_error_or_a_job(worker: Worker) -> None:
    from assistant.embedding.service import Encode

    assert "marmalade" not in repr(Encode(("marmalade",), 1))
    assert "marmalade" not in str(WorkerDied("search model", -9))


def test_the_verified_weights_are_not_read_again(tmp_path: Path) -> None:
    model, cache = weights.folder(), tmp_path / "cache"
    weights.verify(model, cache)
    began = time.perf_counter()
    weights.verify(model, cache)
    assert (cache / "embedder-verified.json").is_file()
    assert time.perf_counter() - began < 0.05


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"others")
    with pytest.raises(EmbedderMissing, match="not the ones we know"):
        weights.verify(tmp_path, tmp_path)


def test_missing_weights_are_told_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmbedderMissing, match="cannot be read"):
        weights.verify(tmp_path / "nowhere", tmp_path)
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package_here")
    with pytest.raises(EmbedderMissing, match="not installed"):
        weights.folder()
