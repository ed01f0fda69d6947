"""Replies: are the examples answered whole, with sources that are real, and is nothing shown that review dropped?"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from assistant import settings, wiring
from assistant.entry import Entry
from assistant.library import Library
from assistant.planning import HELPLINES
from assistant.reply import Reply
from assistant.review import PartName, Reviewer, Verdict
from assistant.screening.levels import Route
from evals.rows import FOLDER

EXAMPLES = FOLDER.parent.parent / "examples"
_AT = datetime(2026, 1, 5, 2, 0)
_ALWAYS = {"mirror", "step"}  # of an ordinary reply; guidance too, unless it says that nothing fits


@task
def replies() -> Task:
    """Answer every file of examples/ as the page would at night, with the model of the settings."""
    samples = [Sample(id=path.stem, input=path.stem, metadata={"text": path.read_text("utf-8")}) for path in sorted(EXAMPLES.glob("*.txt"))]
    return Task(dataset=MemoryDataset(samples, name="examples"), solver=answer(), scorer=[whole(), sourced(), reviewed(), by_model()])


@dataclass
class Watched:
    """A reviewer that keeps what it dropped, so that one can look whether it is shown all the same."""

    reviewer: Reviewer
    dropped: list[str] = field(default_factory=list)

    def review(self, sentence: str, part: PartName, entry: str | None, passages: tuple[str, ...]) -> Verdict:
        """Review as replies do."""
        verdict = self.reviewer.review(sentence, part, entry, passages)
        if not verdict.passed:
            self.dropped.append(sentence)
        return verdict


@solver
def answer() -> Solver:
    """Answer the entry."""
    opened, watched = ExitStack(), Watched(wiring.reviewer())
    parts = opened.enter_context(wiring.parts(settings.load(), review=watched))
    atexit.register(opened.close)  # the same workers for all examples

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - the Companion asks its own model
        watched.dropped.clear()
        *_, reply = parts.companion.respond(Entry.of(state.metadata["text"], _AT))
        assert isinstance(reply, Reply)
        state.metadata["faults"] = {
            "whole": not is_whole(reply),
            "sourced": not is_sourced(reply, parts.library.library),
            "reviewed": any(sentence in reply.text for sentence in watched.dropped),
            "by model": not any(part.written_by == "model" for part in reply.parts) and reply.screening.route <= Route.BOUNDARY,
        }
        return state

    return solve


def is_whole(reply: Reply) -> bool:
    """Say whether a reply has the parts of its route and no empty one."""
    kinds = {part.kind for part in reply.parts}
    if not reply.parts or not all(part.text.strip() for part in reply.parts):
        return False
    if reply.screening.route is Route.REFLECT:
        return kinds >= _ALWAYS and bool(kinds & {"guidance", "fixed"})
    return "fixed" in kinds or "logistics" in kinds


def is_sourced(reply: Reply, library: Library) -> bool:
    """Say whether every part by the library stands word for word in the note it names, and every source named is there."""
    notes = {note.id: note for note in library.everything}
    for part in reply.parts:
        if any(source not in notes and source != HELPLINES for source in part.sources):
            return False
        if part.kind == "guidance" and [notes[source].gist for source in part.sources] != [part.text]:
            return False
    named = {source.note_id for source in reply.sources}
    return named == {source for part in reply.parts for source in part.sources}


def _judged(fault: str, group: str) -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - the solver looked
        return Score(value="I" if state.metadata["faults"][fault] else "C", metadata={"group": group})

    return score


@scorer(metrics=[accuracy()])
def whole() -> Scorer:
    """Accept a reply with all parts of its route."""
    return _judged("whole", "all parts there")


@scorer(metrics=[accuracy()])
def sourced() -> Scorer:
    """Accept a reply whose guidance stands in the source it names."""
    return _judged("sourced", "sources real")


@scorer(metrics=[accuracy()])
def reviewed() -> Scorer:
    """Accept a reply that shows nothing of what review dropped."""
    return _judged("reviewed", "nothing dropped is shown")


@scorer(metrics=[accuracy()])
def by_model() -> Scorer:
    """Accept a reply in which the model's own sentence is shown, where the route has one."""
    return _judged("by model", "a sentence by the model")
