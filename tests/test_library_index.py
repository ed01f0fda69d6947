"""The vectors' cache and the index in Chroma, real both, in a folder of the test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.errors import LibraryClosed
from assistant.library.facets import Facet, query
from assistant.library.index import LibraryIndex
from assistant.library.vectors import FacetVectors, Matrix, digests, encode, encode_many, prepare

_VECTORS = FacetVectors(("tea", "tea", "walk", "call"), np.eye(4, 8, dtype=np.float32), "first")
_CALL, _TEA = 2, 0  # columns: the owners in the order in which they first stand


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
    return [[round(float(row[column]), 3) for column in (_CALL, _TEA)] for row in index.nearest(_VECTORS.matrix[1:2])]


def test_chroma_finds_what_memory_finds(index: LibraryIndex) -> None:
    assert not index.in_memory
    assert _found(index) == [[0.0, 1.0]]
    np.testing.assert_allclose(index.nearest(_VECTORS.matrix), _VECTORS.nearest(_VECTORS.matrix), atol=1e-5)
    assert not index.in_memory


def test_a_large_index_is_searched_in_chroma_too(tmp_path: Path) -> None:
    matrix = np.random.default_rng(7).standard_normal((900, 32)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    vectors = FacetVectors(tuple(f"note{row // 9}" for row in range(900)), matrix, "large")
    index = LibraryIndex(vectors, tmp_path)
    nearest = index.nearest(matrix[:3])
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
    assert float(other.nearest(_VECTORS.matrix[:1])[0, 0]) == pytest.approx(1)
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
print(index.in_memory, float(index.nearest(np.eye(1, 8, dtype=np.float32))[0, 0]), index.notice)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.startswith("True 1.0 ")
    assert "another window" in told
    assert _found(index) == [[0.0, 1.0]]


def _prepared(
    facets: list[Facet], embedder: Embeddings, folder: Path, model: str = "model", shipped: Mapping[str, Matrix] = {}
) -> FacetVectors:
    return prepare(facets, embedder, model, cache=folder, shipped=shipped, closing=lambda: False)


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    embedder = Counting()
    first = _prepared([Facet("tea", "a"), Facet("tea", "bb")], embedder, tmp_path)
    second = _prepared([Facet("tea", "a"), Facet("walk", "ccc")], embedder, tmp_path)
    assert sorted(embedder.asked) == ["a", "bb", "ccc"]
    assert first.key != second.key
    np.testing.assert_array_equal(first.matrix[0], second.matrix[0])


def test_what_ships_is_not_encoded_and_not_kept_twice(tmp_path: Path) -> None:
    embedder = Counting()
    (digest,) = digests([Facet("tea", "a")], "model")
    shipped = {digest: np.eye(8, dtype=np.float32)[5]}
    assert _prepared([Facet("tea", "a")], embedder, tmp_path, shipped=shipped).matrix[0, 5] == 1
    assert embedder.asked == []
    assert not (tmp_path / "vectors.npz").exists()


def test_another_model_encodes_all_anew(tmp_path: Path) -> None:
    embedder = Counting()
    for model in ("one", "two"):
        _prepared([Facet("tea", "a")], embedder, tmp_path, model)
    assert embedder.asked == ["a", "a"]


def test_a_broken_vector_cache_is_encoded_anew(tmp_path: Path) -> None:
    embedder = Counting()
    facets = [Facet("tea", "a")]
    _prepared(facets, embedder, tmp_path)
    (tmp_path / "vectors.npz").write_bytes(b"PK no archive")
    assert _prepared(facets, embedder, tmp_path).matrix.shape == (1, 8)
    assert embedder.asked == ["a", "a"]


def test_closing_does_not_wait_for_a_whole_library_to_be_encoded(tmp_path: Path) -> None:
    embedder = Counting()
    many = [Facet("tea", "a" * number) for number in range(1, 1000)]
    with pytest.raises(LibraryClosed):
        prepare(many, embedder, "model", cache=tmp_path, shipped={}, closing=lambda: len(embedder.asked) > 100)
    assert 100 < len(embedder.asked) < 400


def test_many_texts_come_back_in_their_order() -> None:
    texts = ["a" * (number % 7 + 1) for number in range(500)]
    np.testing.assert_array_equal(encode_many(texts, Counting(), lambda: False), encode(texts, Counting()))


def test_no_word_of_a_long_entry_is_lost() -> None:
    words = [f"word{number}" for number in range(1000)]
    pieces = query(" ".join(words)).pieces
    assert {word for piece in pieces for word in piece.split()} == set(words)
    assert max(len(piece.split()) for piece in pieces) == 120
    assert query(" \n ").pieces == ()
