"""Retrieval: the best notes among the first three, the order of the first five, and "nothing fits" where nothing does."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from math import log2

from inspect_ai import Task, task
from inspect_ai.scorer import Score, Scorer, Target, accuracy, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import settings, wiring
from evals.rows import rows

_K = 10  # how far down a note still counts for the reciprocal rank


@task
def retrieval(dataset: str = "retrieval_test") -> Task:
    """Search for every query with the real index. The search was tuned on retrieval_tune, never on retrieval_test."""
    means = [of_first("recall@3 of the best"), of_first("nDCG@5"), of_first("mean reciprocal rank")]
    return Task(dataset=rows(dataset, "relevant"), solver=search(), scorer=[among_three(), says_something(), *means])


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


def ndcg(relevant: dict[str, int], found: list[str], k: int = 5) -> float:
    """Return the discounted gain of the first `k` (2 to the grade, less 1) as a share of the best that could be."""
    best = sorted(relevant.values(), reverse=True)[:k]
    return _gain([relevant.get(note, 0) for note in found[:k]]) / _gain(best)


def rank(relevant: dict[str, int], found: list[str]) -> float:
    """Return 1 over the place of the first relevant note, 0 when none is there."""
    places = [place for place, note in enumerate(found, start=1) if note in relevant]
    return 1 / places[0] if places else 0.0


MEASURES = {"recall@3 of the best": recall, "nDCG@5": ndcg, "mean reciprocal rank": rank}


@scorer(metrics=[accuracy()])
def among_three() -> Scorer:
    """Accept any relevant note among the first three, or no note where none is relevant."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - the row says it
        relevant, found = state.metadata["row"]["relevant"], state.metadata["found"]
        right = bool(set(relevant) & set(found[:3])) if relevant else not found
        return Score(value="C" if right else "I", metadata={"group": "a fitting note in three" if relevant else "nothing fits, said so"})

    return score


@scorer(metrics=[accuracy()])
def says_something() -> Scorer:
    """Accept any note where one is relevant: "nothing fits" would be false. Other rows are left out."""

    async def score(state: TaskState, target: Target) -> Score | None:  # noqa: ARG001 - the row says it
        if not state.metadata["row"]["relevant"]:
            return None
        return Score(value="C" if state.metadata["found"] else "I", metadata={"group": "something fits, not denied"})

    return score


@scorer(metrics=[mean(), stderr()])
def of_first(measure: str, found: str = "found", label: str = "") -> Scorer:
    """Give a measure of MEASURES over the ids in the state's `found`; rows without a relevant note are left out."""

    async def score(state: TaskState, target: Target) -> Score | None:  # noqa: ARG001 - the row says it
        relevant = state.metadata["row"]["relevant"]
        if not relevant:
            return None
        return Score(value=MEASURES[measure](relevant, state.metadata[found]), metadata={"mean": f"{label}{measure}"})

    return score


def _gain(grades: list[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, start=1))
