"""Retrieval: is a fitting note among the first three, and is "nothing fits" said where nothing does?"""

from __future__ import annotations

import atexit
from contextlib import ExitStack

from inspect_ai import Task, task
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import settings, wiring
from evals.rows import rows


@task
def retrieval(dataset: str = "retrieval_dev") -> Task:
    """Search for every query with the real index. The threshold was tuned on retrieval_dev: no estimate for new queries."""
    return Task(dataset=rows(dataset, "relevant"), solver=search(), scorer=among_three())


@solver
def search() -> Solver:
    """Find guidance for the query."""
    parts = ExitStack()
    library = parts.enter_context(wiring.library(settings.load()))
    atexit.register(parts.close)  # one search process for all rows

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - no model is asked
        found = library.passages(state.metadata["row"]["text"], k=3)
        state.metadata["found"] = [passage.note_id for passage in found]
        return state

    return solve


@scorer(metrics=[accuracy()])
def among_three() -> Scorer:
    """Accept any relevant note among the first three, or no note where none is relevant."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - the row says it
        relevant, found = state.metadata["row"]["relevant"], state.metadata["found"]
        right = bool(set(relevant) & set(found)) if relevant else not found
        return Score(value="C" if right else "I", metadata={"group": "a fitting note in three" if relevant else "nothing fits, said so"})

    return score
