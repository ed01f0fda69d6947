"""The composition root: the only place where real parts are put together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import prompts, resources
from assistant.errors import ModelError

if TYPE_CHECKING:
    from assistant.companion import Companion, Reviews
    from assistant.embedding import WorkerEmbeddings
    from assistant.engine.chat_model import LocalChatModel
    from assistant.library import Retriever
    from assistant.library.search import Mix
    from assistant.planning import Planner
    from assistant.review import Reviewer
    from assistant.screening import Screener
    from assistant.settings import Settings
    from assistant.worker import Worker


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a reply is made with. `model` is None when there is none, and `why_no_model` then says it in a sentence."""

    companion: Companion
    library: Retriever
    model: LocalChatModel | None
    embedder: Worker
    why_no_model: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Plain sentences about parts that are not as they should be: an unknown model, library files that were skipped."""
        of_model = (self.model.warning,) if self.model is not None and self.model.warning else ()
        return (*of_model, *map(str, self.library.library.skipped))


@contextmanager
def parts(settings: Settings, *, use_model: bool = True, review: Reviews | None = None) -> Iterator[Parts]:
    """Put the real parts together and take them apart again; the workers start with their first job.

    `review` stands in the place of the reviewer, for an evaluation that wants to see what is dropped.
    """
    from assistant.companion import Companion, Night

    model, why = _model_or_reason(settings) if use_model else (None, "")
    searching = _embedding_worker(settings)
    guide = _library(settings, searching, model.worker if model else None)
    companion = Companion(
        screener=screener(),
        guide=guide,
        planner=planner(),
        reviewer=review or reviewer(),
        prompts=prompts.shipped(),
        model=model,
        night=Night(settings.sleep_from, settings.sleep_until),
        why_no_model=why,
    )
    try:
        yield Parts(companion, guide, model, searching, why)
    finally:
        guide.close()
        searching.close()
        if model is not None:
            model.worker.close()


def screener(*, rules_only: bool = False) -> Screener:  # noqa: ARG001 - the classifier of a later release will ask
    """Make the screener."""
    from assistant.screening import default_screener

    return default_screener()


def reviewer() -> Reviewer:
    """Make the reviewer."""
    from assistant.review import default_reviewer

    return default_reviewer()


def planner() -> Planner:
    """Make the planner, with a country guessed from the computer's language where nobody chose one."""
    from assistant import helplines
    from assistant.planning import Planner

    return Planner(prompts.shipped(), helplines.load(), helplines.country_from_locale(os.environ))


def chat_model(settings: Settings) -> LocalChatModel:
    """Make the local model that the settings name; its process starts with the first job.

    Raises:
        ModelError: it is unknown, missing or broken.
    """
    from assistant import writing
    from assistant.engine import catalogue
    from assistant.engine.chat_model import LocalChatModel, laid_out
    from assistant.engine.service import StartEngine
    from assistant.worker import Worker

    _no_tracing()
    file = catalogue.resolve(settings)
    mirror = prompts.shipped().mirror
    start = StartEngine(
        path=file.path,
        identity=file.identity,
        context_tokens=settings.context_tokens,
        threads=settings.threads or settings.cores,
        static=laid_out(writing.static(mirror)),
        state_dir=settings.state_dir,
    )
    return LocalChatModel(
        name=file.name,
        worker=Worker("language model", start),
        temperature=settings.temperature,
        seed=settings.seed,
        opening=mirror.opening,
        warning=file.warning or "",
    )


@contextmanager
def library(settings: Settings, mix: Mix | None = None) -> Iterator[Retriever]:
    """Make the library and its search, with an embedder of its own; needs no language model. Evaluations give another `mix`."""
    searching = _embedding_worker(settings)
    guide = _library(settings, searching, None, mix)
    try:
        yield guide
    finally:
        guide.close()
        searching.close()


@contextmanager
def embeddings(settings: Settings) -> Iterator[WorkerEmbeddings]:
    """Make the search model by itself."""
    worker = _embedding_worker(settings)
    try:
        yield _embeddings(settings, worker, None)
    finally:
        worker.close()


def _model_or_reason(settings: Settings) -> tuple[LocalChatModel | None, str]:
    try:
        return chat_model(settings), ""
    except ModelError as error:
        return None, str(error)


def _embedding_worker(settings: Settings) -> Worker:
    from assistant.embedding import StartEmbedder
    from assistant.worker import Worker

    return Worker("search model", StartEmbedder(settings.cache_dir))


def _embeddings(settings: Settings, worker: Worker, decoding: Worker | None) -> WorkerEmbeddings:
    from assistant.embedding import WorkerEmbeddings

    return WorkerEmbeddings(worker, lambda: 1 if decoding is not None and decoding.busy else settings.cores)


def _no_tracing() -> None:
    import langsmith

    langsmith.configure(enabled=False)  # a developer's shell may have switched tracing on


def _library(settings: Settings, worker: Worker, decoding: Worker | None, mix: Mix | None = None) -> Retriever:
    from assistant.library import Retriever, load, with_own
    from assistant.library.search import Mix, Search

    _no_tracing()
    notes = with_own(load(resources.folder("knowledge")), settings.own_library_dir)
    embedder = _embeddings(settings, worker, decoding)
    return Retriever(notes, Search(notes, embedder, embedder.identity, settings.index_dir, mix or Mix()))
