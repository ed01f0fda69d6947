"""Screening: is each frozen row sent where it belongs? Grouped by the route expected and the kind of row."""

from __future__ import annotations

from inspect_ai import Task, task
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import wiring
from assistant.cli import records
from evals.rows import rows


@task
def screening(dataset: str = "screening_frozen") -> Task:
    """Send every row through the screener that replies use."""
    return Task(dataset=rows(dataset, "route"), solver=screen(), scorer=same_route())


@solver
def screen() -> Solver:
    """Screen the row; route, level and categories are the output."""
    screener = wiring.screener()

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - no model is asked
        asked = records.asked(state.metadata["row"])
        state.metadata["found"] = records.of_screening(screener.screen(asked.entry, asked.conversation))
        return state

    return solve


@scorer(metrics=[accuracy()])
def same_route() -> Scorer:
    """Compare routes."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - the row says it
        row, found = state.metadata["row"], state.metadata["found"]
        right = row["route"] == found["route"]
        group = row["route"] if row["kind"] == "must_fire" else row["kind"]
        return Score(value="C" if right else "I", answer=found["route"], metadata={"group": f"{group}: right route"})

    return score
