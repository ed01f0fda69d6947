"""Fixtures that many tests share. Everything else is real."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.embeddings import Embeddings
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant import environment, settings

environment.prepare()
_REAL_MODELS = Path(os.environ.get("AFTERWORD_TEST_MODELS") or settings.load().models_dir)
_REQUIRED = os.environ.get("AFTERWORD_REQUIRE") == "1"
SMALL_MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
DEFAULT_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"


def required(why: str) -> NoReturn:
    """Skip a test that lacks something of this computer; CI makes it a failure."""
    if _REQUIRED:
        pytest.fail(why)
    pytest.skip(why)


def _model(name: str) -> Path:
    path = _REAL_MODELS / name
    if not path.is_file():
        required(f"{name} is not in {_REAL_MODELS.name}; `afterword model pull` brings it")
    return path


@pytest.fixture(scope="session")
def small_model() -> Path:
    """The real 135M test model."""
    return _model(SMALL_MODEL)


@pytest.fixture(scope="session")
def default_model() -> Path:
    """The real default model."""
    return _model(DEFAULT_MODEL)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home of its own: no setting, model or index of the person who runs the tests is touched."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("AFTERWORD_")]:
        monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("AFTERWORD_CONFIG", str(folder / "config.toml"))
    monkeypatch.setenv("AFTERWORD_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("AFTERWORD_CACHE_DIR", str(folder / "cache"))
    return folder


@pytest.fixture(autouse=True)
def no_network(socket_disabled: None) -> Iterator[None]:
    """Let no test reach anything but loopback (pytest-socket, with the hosts of pyproject.toml)."""
    yield


@pytest.fixture(scope="session")
def made_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the real library's index in it, made once."""
    from assistant import wiring

    folder = tmp_path_factory.mktemp("cache")
    with wiring.parts(settings.load().model_copy(update={"cache_dir": folder}), use_model=False) as parts:
        parts.library.warm()
    return folder


@pytest.fixture
def warm_cache(made_index: Path, home: Path) -> Path:
    """Give a test its own copy of the made index, as on the second day of use."""
    return Path(shutil.copytree(made_index, home / "cache"))


class FakeEmbeddings(Embeddings):
    """Vectors you can compute in your head: one axis per word stem, hashed into 384 places; shared words mean nearness."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed each text as its normalised bag of words."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Embed one text."""
        vector = np.zeros(384)
        for word in text.casefold().split():
            vector[int(hashlib.sha256(word.strip(".,!?'\"")[:5].encode()).hexdigest(), 16) % 384] += 1
        return list(map(float, vector / (np.linalg.norm(vector) or 1)))


@pytest.fixture
def fake_embedder() -> FakeEmbeddings:
    """An embedder without a model."""
    return FakeEmbeddings()


class QueuedModel(BaseChatModel):
    """Another LangChain chat model: answers from a queue, keeps what it was asked, raises when the queue is empty."""

    name: str | None = "queued"
    answers: list[str | Exception] = []  # noqa: RUF012 - pydantic copies it
    asked: list[list[BaseMessage]] = []  # noqa: RUF012 - pydantic copies it

    @property
    def _llm_type(self) -> str:
        return "queued"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.asked.append(messages)
        if not self.answers:
            raise AssertionError("the model was asked more often than the test allows")
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        for word in answer.split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=word + " "))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


@pytest.fixture
def fake_model() -> QueuedModel:
    """A model with an empty queue; put answers into `answers`."""
    return QueuedModel()


@dataclass
class Shelf:
    """A guide with a fixed shelf: gives what it holds and keeps the tags it was asked with."""

    notes: tuple[Any, ...] = ()
    steps: tuple[Any, ...] = ()
    by_words_only: bool = False
    tags: list[frozenset[str]] = field(default_factory=list)

    def passages(self, text: str, tags: frozenset[str], k: int) -> tuple[Any, ...]:
        """Return the notes."""
        self.tags.append(tags)
        return self.notes[:k]

    def exercises(self, text: str, tags: frozenset[str], shown: frozenset[str], k: int) -> tuple[Any, ...]:
        """Return the exercises."""
        return tuple(step for step in self.steps if step.note_id not in shown)[:k]
