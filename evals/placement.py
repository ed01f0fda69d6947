"""Placement: does a reply ever show a note whose `not_when` holds? Once by what is true of the writer, once by what screening found."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from datetime import datetime

from inspect_ai import Task, task
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import ending, settings, wiring
from assistant.conversation import Conversation
from assistant.ending import Ending
from assistant.entry import Entry
from assistant.reply import Reply
from assistant.screening import circumstances
from evals.rows import rows


@task
def placement(dataset: str = "placement") -> Task:
    """Answer each entry without the language model and look at every note and exercise that the reply shows."""
    scorers = [in_place("true", "by what is true"), in_place("found", "by what was found")]
    return Task(dataset=rows(dataset, "true"), solver=reply(), scorer=scorers)


@solver
def reply() -> Solver:
    """Answer the entry and keep what was shown, as the `not_when` of each."""
    stack = ExitStack()
    parts = stack.enter_context(wiring.parts(settings.load(), use_model=False))
    atexit.register(stack.close)
    screener = wiring.screener()

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - no model is asked
        row = state.metadata["row"]
        since = ending.day(row["ended"]) if row.get("ended") else None
        entry = Entry.of(row["text"], datetime.fromisoformat(row["at"]), ending=Ending(since, row.get("ended_by")))
        *_, answer = parts.companion.respond(entry)
        assert isinstance(answer, Reply)
        library = parts.library.library
        notes = [library.find(source.note_id) for source in answer.sources if source.note_id != "helplines"]
        state.metadata["found"] = sorted(circumstances(entry, screener.screen(entry, Conversation())))
        state.metadata["shown"] = [sorted(note.not_when) for note in notes]
        state.metadata["true"] = row["true"]
        return state

    return solve


@scorer(metrics=[accuracy()])
def in_place(tags: str, group: str) -> Scorer:
    """Accept a reply none of whose notes is ruled out by the circumstances in the state's `tags`."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - the state says it
        holds = set(state.metadata[tags])
        right = not any(holds & set(not_when) for not_when in state.metadata["shown"])
        return Score(value="C" if right else "I", metadata={"group": group})

    return score
