"""Retrieval: is a fitting note among the first three, how far up, and is "nothing fits" said where nothing does?"""

from __future__ import annotations

import atexit
from contextlib import ExitStack

from inspect_ai import Task, task
from inspect_ai.scorer import Score, Scorer, Target, accuracy, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import settings, wiring
from evals.rows import rows

_K = 10  # how far down a note still counts for the reciprocal rank


@task
def retrieval(dataset: str = "retrieval_dev") -> Task:
    """Search for every query with the real index. The threshold was tuned on retrieval_dev: no estimate for new queries."""
    return Task(dataset=rows(dataset, "relevant"), solver=search(), scorer=[among_three(), recall_at_three(), reciprocal_rank()])


@solver
def search() -> Solver:
    """Find guidance for the query."""
    parts = ExitStack()
    library = parts.enter_context(wiring.library(settings.load()))
    atexit.register(parts.close)  # one search process for all rows

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - no model is asked
        found = library.passages(state.metadata["row"]["text"], k=_K)
        state.metadata["found"] = [passage.note_id for passage in found]
        return state

    return solve


def recall(relevant: dict[str, int], found: list[str], k: int = 3) -> float:
    """Return the share of the best notes of a query among the first `k`; of more than `k` best notes, `k` are all."""
    best = {note for note, grade in relevant.items() if grade == max(relevant.values())}
    return len(best & set(found[:k])) / min(len(best), k)


def rank(relevant: dict[str, int], found: list[str]) -> float:
    """Return 1 over the place of the first relevant note, 0 when none is there."""
    places = [place for place, note in enumerate(found, start=1) if note in relevant]
    return 1 / places[0] if places else 0.0


@scorer(metrics=[accuracy()])
def among_three() -> Scorer:
    """Accept any relevant note among the first three, or no note where none is relevant."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - the row says it
        relevant, found = state.metadata["row"]["relevant"], state.metadata["found"]
        right = bool(set(relevant) & set(found[:3])) if relevant else not found
        return Score(value="C" if right else "I", metadata={"group": "a fitting note in three" if relevant else "nothing fits, said so"})

    return score


@scorer(metrics=[mean(), stderr()])
def recall_at_three() -> Scorer:
    """Give the share of the best notes among the first three; rows without one are left out."""

    async def score(state: TaskState, target: Target) -> Score | None:  # noqa: ARG001 - the row says it
        relevant = state.metadata["row"]["relevant"]
        return Score(value=recall(relevant, state.metadata["found"]), metadata={"mean": "recall@3 of the best"}) if relevant else None

    return score


@scorer(metrics=[mean(), stderr()])
def reciprocal_rank() -> Scorer:
    """Give 1 over the place of the first relevant note; rows without one are left out."""

    async def score(state: TaskState, target: Target) -> Score | None:  # noqa: ARG001 - the row says it
        relevant = state.metadata["row"]["relevant"]
        return Score(value=rank(relevant, state.metadata["found"]), metadata={"mean": "mean reciprocal rank"}) if relevant else None

    return score
