"""Ablation: what each way of ranking is worth, by itself and together, over the same queries."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from dataclasses import replace

from inspect_ai import Task, task
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import settings, wiring
from assistant.library.search import Mix
from evals.retrieval import of_first
from evals.rows import rows

_NONE = Mix(discriminant=0, topics=0, phrases=0, bm25=0)
_MIXES = {
    "nearest lines": replace(_NONE, said=1, topics=1),
    "discriminant": replace(_NONE, discriminant=1),
    "vectors": Mix(phrases=0, bm25=0),
    "bm25": replace(_NONE, bm25=1),
    "phrases": replace(_NONE, phrases=1),
    "vectors and bm25": Mix(phrases=0),
    "fused": Mix(),
}


@task
def ablation(dataset: str = "retrieval_test") -> Task:
    """Search for every query in seven ways."""
    scorers = [of_first(measure, way, f"{way}: ") for way in _MIXES for measure in ("recall@3 of the best", "nDCG@5")]
    return Task(dataset=rows(dataset, "relevant"), solver=each_way(), scorer=scorers)


@solver
def each_way() -> Solver:
    """Find guidance for the query in each way; which notes may be shown at all is decided alike."""
    parts = ExitStack()
    libraries = {way: parts.enter_context(wiring.library(settings.load(), mix)) for way, mix in _MIXES.items()}
    atexit.register(parts.close)

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - no model is asked
        for way, library in libraries.items():
            state.metadata[way] = [passage.note_id for passage in library.passages(state.metadata["row"]["text"], k=5)]
        return state

    return solve
