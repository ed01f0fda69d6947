"""The evaluations: their scorers on cases one can count by hand, and a short run of each through the command."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import resources, settings, wiring
from assistant.entry import Entry
from assistant.library import load
from assistant.reply import Reply

pytest.importorskip("inspect_ai", reason="the evals extra is not installed")

from evals import report, retrieval, rows
from evals.replies import EXAMPLES, Watched, is_sourced, is_whole

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def reply(warm_cache: Path) -> Reply:
    """A real reply from the library."""
    with wiring.parts(settings.load(), use_model=False) as parts:
        *_, made = parts.companion.respond(Entry.of("I keep looking at his profile every night and I hate it."))
    assert isinstance(made, Reply)
    return made


def evaluate(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `afterword eval`."""
    return subprocess.run([sys.executable, "-m", "assistant", "eval", *arguments], capture_output=True, text=True, check=False, cwd=_ROOT)


def test_wilsons_interval_is_the_published_one() -> None:
    low, high = report.Share("x", 81, 263).interval  # Newcombe (1998), table I
    assert (round(low, 2), round(high, 2)) == (25.53, 36.62)
    assert report.Share("x", 0, 20).interval[0] == pytest.approx(0, abs=1e-9)


def test_recall_counts_the_best_notes_and_rank_any_note() -> None:
    relevant = {"a": 2, "b": 2, "c": 1}
    assert retrieval.recall(relevant, ["c", "a", "x", "b"]) == 0.5
    assert retrieval.rank(relevant, ["x", "c", "a"]) == 0.5
    assert retrieval.rank(relevant, ["x"]) == 0


def test_a_reply_without_a_part_or_with_a_changed_gist_is_found(reply: Reply) -> None:
    library = load(resources.folder("knowledge"))
    assert is_whole(reply)
    assert is_sourced(reply, library)
    assert not is_whole(replace(reply, parts=reply.parts[1:]))
    changed = tuple(replace(part, text=part.text + " Text him.") if part.kind == "guidance" else part for part in reply.parts)
    assert not is_sourced(replace(reply, parts=changed), library)
    assert not is_sourced(replace(reply, sources=()), library)


def test_the_watching_reviewer_keeps_what_it_drops() -> None:
    watched = Watched(wiring.reviewer())
    assert not watched.review("You should text him tonight.", "mirror", "I miss him.", ()).passed
    assert watched.review("You wrote that you miss him.", "mirror", "I miss him.", ()).passed
    assert watched.dropped == ["You should text him tonight."]


def test_every_floor_belongs_to_a_task_and_bites() -> None:
    floors = tomllib.loads(report.FLOORS.read_text("utf-8"))
    assert set(floors) == {"screening", "review", "retrieval", "placement", "replies"}
    low = list(report.under_floor("replies", [report.Share("sources real", 13, 14), report.Share("all parts there", 14, 14)]))
    assert len(low) == 1
    assert "sources real" in low[0]


def test_there_are_rows_enough() -> None:
    assert len(rows.rows("screening_frozen", "route")) >= 250
    assert len(rows.rows("review_frozen", "verdict")) >= 150
    relevant = [sample for sample in rows.rows("retrieval_tune", "relevant") if sample.metadata and sample.metadata["row"]["relevant"]]
    assert len(relevant) >= 80
    assert len(list(EXAMPLES.glob("*.txt"))) >= 12


def test_screening_and_review_keep_their_floors() -> None:
    done = evaluate("screening", "review")
    assert done.returncode == 0, done.stderr
    assert "crisis: right route" in done.stdout


@pytest.mark.model
def test_search_and_replies_run_and_are_saved_with_what_they_belong_to(small_model: Path, tmp_path: Path, warm_cache: Path) -> None:
    saved = tmp_path / "figures.json"
    done = evaluate("retrieval", "replies", "--limit", "3", "--model", str(small_model), "--save", str(saved))
    assert done.returncode == 0, done.stderr
    told = json.loads(saved.read_text("utf-8"))
    assert {"commit", "model", "prompts", "library", "rows"} <= set(told["identity"])
    by_group = {figure["group"]: figure for figure in told["results"]["replies"]}
    for group in ("all parts there", "sources real", "nothing dropped is shown"):
        assert (by_group[group]["k"], by_group[group]["n"]) == (3, 3)
    assert not (_ROOT / "logs").exists()


def test_an_unknown_task_is_wrong_usage() -> None:
    done = evaluate("nonsense")
    assert done.returncode == 2
    assert "choose from screening, review, retrieval, ablation, placement, replies" in " ".join(done.stderr.replace("│", " ").split())
