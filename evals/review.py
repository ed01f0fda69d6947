"""Review: are bad sentences dropped and good ones shown? Grouped by the verdict expected."""

from __future__ import annotations

from inspect_ai import Task, task
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import wiring
from evals.rows import rows


@task
def review(dataset: str = "review_frozen") -> Task:
    """Judge every row with the reviewer that replies use."""
    return Task(dataset=rows(dataset, "verdict"), solver=judge(), scorer=same_verdict())


@solver
def judge() -> Solver:
    """Review the row's sentence."""
    reviewer = wiring.reviewer()

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - no model is asked
        row = state.metadata["row"]
        verdict = reviewer.review(row["text"], row["part"], row.get("entry"), tuple(row.get("passages") or ()))
        state.metadata["passed"] = verdict.passed
        state.metadata["reasons"] = [reason.value for reason in verdict.reasons]
        return state

    return solve


@scorer(metrics=[accuracy()])
def same_verdict() -> Scorer:
    """Compare verdicts; the reason named is reported, not scored."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - the row says it
        expected, passed = state.metadata["row"]["verdict"], state.metadata["passed"]
        group = f"{state.metadata['row']['part']}: {'bad ones dropped' if expected == 'drop' else 'good ones shown'}"
        return Score(value="C" if passed == (expected == "pass") else "I", metadata={"group": group})

    return score
