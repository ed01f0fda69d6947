"""The vectors' cache and the index in Chroma, real both, in a folder of the test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.library.facets import Facet, query
from assistant.library.index import LibraryIndex
from assistant.library.vectors import FacetVectors, prepare

_VECTORS = FacetVectors(("tea", "tea", "walk", "call"), np.eye(4, 8, dtype=np.float32), "first")
_AMONG = ["call", "tea"]


class Counting(Embeddings):
    """Gives each text the axis of its length, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        return [[float(place == len(text) % 8) for place in range(8)] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LibraryIndex]:
    made = LibraryIndex(_VECTORS, tmp_path)
    yield made
    made.close()


def _found(index: LibraryIndex) -> list[list[float]]:
    return [[round(float(cosine), 3) for cosine in row] for row in index.nearest(_VECTORS.matrix[1:2], _AMONG)]


def test_chroma_finds_what_memory_finds(index: LibraryIndex) -> None:
    assert not index.in_memory
    assert _found(index) == [[0.0, 1.0]]
    np.testing.assert_allclose(index.nearest(_VECTORS.matrix, _AMONG), _VECTORS.nearest(_VECTORS.matrix, _AMONG), atol=1e-5)
    assert not index.in_memory


def test_a_large_index_is_searched_in_chroma_too(tmp_path: Path) -> None:
    matrix = np.random.default_rng(7).standard_normal((900, 32)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    vectors = FacetVectors(tuple(f"note{row // 9}" for row in range(900)), matrix, "large")
    index = LibraryIndex(vectors, tmp_path)
    nearest = index.nearest(matrix[:3], [f"note{number}" for number in range(100)])
    assert list(nearest.argmax(axis=1)) == [0, 0, 0]
    assert not index.in_memory
    index.close()


def test_the_stored_index_is_used_again(tmp_path: Path) -> None:
    LibraryIndex(_VECTORS, tmp_path).close()
    before = (tmp_path / "chroma" / "chroma.sqlite3").stat().st_ino
    again = LibraryIndex(_VECTORS, tmp_path)
    assert _found(again) == [[0.0, 1.0]]
    assert (tmp_path / "chroma" / "chroma.sqlite3").stat().st_ino == before
    again.close()


def test_another_library_gets_another_index(tmp_path: Path) -> None:
    LibraryIndex(_VECTORS, tmp_path).close()
    other = LibraryIndex(FacetVectors(("new",), np.eye(1, 8, dtype=np.float32), "second"), tmp_path)
    assert float(other.nearest(_VECTORS.matrix[:1], ["new"])[0, 0]) == pytest.approx(1)
    assert not other.in_memory
    other.close()


@pytest.mark.parametrize("harm", ["garbage", "empty", "gone"])
def test_a_corrupt_index_is_rebuilt(tmp_path: Path, harm: str) -> None:
    LibraryIndex(_VECTORS, tmp_path).close()
    database = tmp_path / "chroma" / "chroma.sqlite3"
    if harm == "gone":
        database.unlink()
    else:
        database.write_bytes(b"no database" * 1000 if harm == "garbage" else b"")
    mended = LibraryIndex(_VECTORS, tmp_path)
    assert _found(mended) == [[0.0, 1.0]]
    assert not mended.in_memory
    assert mended.notice == ""
    mended.close()


def test_an_index_deleted_while_in_use_still_answers(index: LibraryIndex) -> None:
    index._client.delete_collection("library")  # what another program could do to the folder
    assert _found(index) == [[0.0, 1.0]]
    assert not index.in_memory


def test_a_folder_that_cannot_be_written_means_memory_and_a_plain_line(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where the folder should be", "utf-8")
    index = LibraryIndex(_VECTORS, tmp_path / "index")
    assert index.in_memory
    assert "in memory" in index.notice
    assert _found(index) == [[0.0, 1.0]]


def test_a_second_process_searches_in_memory(tmp_path: Path, index: LibraryIndex) -> None:
    script = f"""
import numpy as np
from pathlib import Path
from assistant.library.index import LibraryIndex
from assistant.library.vectors import FacetVectors
index = LibraryIndex(FacetVectors(("tea",), np.eye(1, 8, dtype=np.float32), "first"), Path({str(tmp_path)!r}))
print(index.in_memory, float(index.nearest(np.eye(1, 8, dtype=np.float32), ["tea"])[0, 0]), index.notice)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.startswith("True 1.0 ")
    assert "another window" in told
    assert _found(index) == [[0.0, 1.0]]


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    embedder = Counting()
    first = prepare([Facet("tea", "a"), Facet("tea", "bb")], embedder, "model", tmp_path)
    second = prepare([Facet("tea", "a"), Facet("walk", "ccc")], embedder, "model", tmp_path)
    assert sorted(embedder.asked) == ["a", "bb", "ccc"]
    assert first.key != second.key
    np.testing.assert_array_equal(first.matrix[0], second.matrix[0])


def test_another_model_encodes_all_anew(tmp_path: Path) -> None:
    embedder = Counting()
    for model in ("one", "two"):
        prepare([Facet("tea", "a")], embedder, model, tmp_path)
    assert embedder.asked == ["a", "a"]


def test_a_broken_vector_cache_is_encoded_anew(tmp_path: Path) -> None:
    embedder = Counting()
    facets = [Facet("tea", "a")]
    prepare(facets, embedder, "model", tmp_path)
    (tmp_path / "vectors.npz").write_bytes(b"PK no archive")
    assert prepare(facets, embedder, "model", tmp_path).matrix.shape == (1, 8)
    assert embedder.asked == ["a", "a"]


def test_no_word_of_a_long_entry_is_lost() -> None:
    words = [f"word{number}" for number in range(1000)]
    pieces = query(" ".join(words)).pieces
    assert {word for piece in pieces for word in piece.split()} == set(words)
    assert max(len(piece.split()) for piece in pieces) == 120
    assert query(" \n ").pieces == ()
