"""The search index in Chroma: a cache that is deleted and rebuilt at the first sign of trouble.

Chroma 1.5 is not safe for two processes and does not survive every crash, so one process holds a lock for as long as it uses the
folder, and whoever cannot have it (or whose Chroma fails twice) searches the same vectors in memory. It only ever holds the library's
public text: vectors of private text can be turned back into words.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from assistant.errors import IndexUnavailable
from assistant.library.vectors import DEEP, FacetVectors, Matrix
from assistant.settings import private_folder

_NAME = "library"
_COSINE = {"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 1000}}
_BATCH = 4000  # Chroma takes at most 5 461 at a time
_SAME = 1e-3  # how near a stored text must be to itself


class LibraryIndex:
    """Nearest notes. `notice` is a plain sentence once Chroma had to be left aside."""

    def __init__(self, vectors: FacetVectors, folder: Path) -> None:
        self._vectors = vectors
        self._folder = folder
        self._guard = threading.Lock()
        self._lock: IO[bytes] | None = None
        self._client: Any = None
        self._collection: Any = None
        self.notice = ""
        with self._guard:
            self._open()

    @property
    def in_memory(self) -> bool:
        """Say whether Chroma is left aside."""
        return self._collection is None

    def nearest(self, queries: Matrix) -> Matrix:
        """Return the best cosine of each query with any text of each owner, shape (queries, names); see FacetVectors.nearest."""
        with self._guard:
            if self._collection is not None:
                try:
                    return self._ask(queries)
                except IndexUnavailable:
                    self._rebuild()
            if self._collection is not None:
                with contextlib.suppress(IndexUnavailable):
                    return self._ask(queries)
                self._leave("it failed again after it was rebuilt")
        return self._vectors.nearest(queries)

    def close(self) -> None:
        """Let go of Chroma and the lock."""
        with self._guard:
            self._let_go()
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def _open(self) -> None:
        try:
            self._lock = _locked(private_folder(self._folder) / "lock")
            self._connect()
        except IndexUnavailable:
            self._rebuild()
        except OSError as error:
            self._leave(type(error).__name__)
            return
        if self._lock is None:
            self._leave("another window of Afterword is using it")

    def _connect(self) -> None:
        """Open the stored index and prove that it is ours and whole."""
        if self._lock is None:
            return
        with _chroma():
            self._client = _client(self._chroma_folder)
            collection = self._client.get_collection(_NAME, embedding_function=None)
            whole = (collection.metadata or {}).get("key") == self._vectors.key and collection.count() == len(self._vectors.numbers)
            if not whole:
                raise IndexUnavailable("it is of another library")
            first = collection.query(query_embeddings=self._vectors.matrix[:1], n_results=1)
            if first["distances"][0][0] > _SAME:
                raise IndexUnavailable("it does not find what is in it")
            self._collection = collection

    def _rebuild(self) -> None:
        """Delete what is there and write all vectors anew; failing that, go on in memory."""
        self._let_go()
        shutil.rmtree(self._chroma_folder, ignore_errors=True)
        try:
            with _chroma():
                _forget()
                self._client = _client(self._chroma_folder)
                self._collection = self._fill(self._client)
        except IndexUnavailable as error:
            self._leave(error.why)

    def _fill(self, client: Any) -> Any:  # noqa: ANN401 - chromadb has no types
        made = client.create_collection(_NAME, embedding_function=None, configuration=_COSINE, metadata={"key": self._vectors.key})
        ids = [str(row) for row in range(len(self._vectors.numbers))]
        for start in range(0, len(ids), _BATCH):
            made.add(ids=ids[start : start + _BATCH], embeddings=self._vectors.matrix[start : start + _BATCH])
        return made

    def _ask(self, queries: Matrix) -> Matrix:
        with _chroma():
            count = min(DEEP, len(self._vectors.numbers))
            found = self._collection.query(query_embeddings=queries, n_results=count, include=["distances"])
            rows = np.array(found["ids"]).astype(np.intp)
            return self._vectors.best(rows, 1.0 - np.array(found["distances"], np.float32))

    @property
    def _chroma_folder(self) -> Path:
        return self._folder / "chroma"

    def _let_go(self) -> None:
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            with contextlib.suppress(IndexUnavailable), _chroma():
                client.close()

    def _leave(self, why: str) -> None:
        self._let_go()
        self.notice = f"The search index is left aside ({why}). The library is searched in memory, with the same results."


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb has no types
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))


def _forget() -> None:
    """Make Chroma forget a folder it failed to open: it keeps the broken half and would hand it out again for the same path."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()


@contextlib.contextmanager
def _chroma() -> Iterator[None]:
    """Turn whatever Chroma raises into IndexUnavailable; a panic of its Rust part is no Exception, so it is known by its name."""
    try:
        yield
    except IndexUnavailable:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise IndexUnavailable(type(error).__name__) from None
        raise


def _locked(path: Path) -> IO[bytes] | None:
    """Return the open lock file, or None when another process holds it or this system has no such locks."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    held = path.open("wb")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        return None
    return held
