"""The command line as people and other programs call it, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("warm_cache")

ENTRY = "It has been five weeks. I still set out two mugs in the morning and then I put one back. Nobody at work knows."


def afterword(*arguments: str, given: bytes = b"", seconds: float = 240) -> subprocess.CompletedProcess[bytes]:
    """Run the command with `given` on standard input."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=given, capture_output=True, timeout=seconds, check=False, env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip


def objects(out: bytes) -> list[dict[str, object]]:
    """Read JSON lines."""
    return [json.loads(line) for line in out.decode().splitlines()]


def one_plain_sentence(err: bytes) -> bool:
    """Say whether stderr is one line in plain words, without a trace."""
    lines = [line for line in err.decode().splitlines() if line.strip()]
    return len(lines) == 1 and "Traceback" not in lines[0] and lines[0].endswith(".")


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from assistant.cli import main; sys.argv=['afterword','--help']\n"
        "try: main.run()\nexcept SystemExit: pass\n"
        "heavy = {'llama_cpp', 'torch', 'sentence_transformers', 'chromadb', 'gradio', 'sqlcipher3'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stderr.decode().strip() == "[]"


@pytest.mark.parametrize(
    "command", ["reflect", "screen", "review", "helplines", "doctor", "remove", "bench", "library search", "model pull"]
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = afterword(*command.split(), "--help")
    assert done.returncode == 0
    assert b"Example" in done.stdout


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", b"nothing to read"),
        (b"  \n", b"nothing to read"),
        (b"\x7fELF\x00\x00", b"does not look like text"),
        (b"x" * 2_100_000, b"Send a part"),
    ],
)
def test_bad_input_is_one_plain_sentence_and_status_1(raw: bytes, words: bytes) -> None:
    done = afterword("reflect", "-", "--no-model", given=raw)
    assert done.returncode == 1
    assert words in done.stderr
    assert one_plain_sentence(done.stderr)
    assert done.stdout == b""


def test_a_missing_file_is_one_plain_sentence() -> None:
    done = afterword("reflect", "no-such-file.txt")
    assert done.returncode == 1
    assert one_plain_sentence(done.stderr)


@pytest.mark.parametrize("arguments", [["reflect", "--nonsense"], ["screen"], ["nonsense"], ["screen", "--jsonl", "-", "extra"]])
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    assert afterword(*arguments).returncode == 2


def test_reflect_json_names_sources_and_writers_without_a_model() -> None:
    done = afterword("reflect", "-", "--json", "--no-model", given=ENTRY.encode())
    assert done.returncode == 0, done.stderr
    reply = json.loads(done.stdout)
    assert set(reply) >= {"route", "level", "reply", "parts", "sources", "dropped", "model", "timing"}
    assert reply["model"] is None
    assert {part["written_by"] for part in reply["parts"]} <= {"model", "library", "fixed", "writer"}
    named = {source["id"] for source in reply["sources"]}
    assert all(set(part["sources"]) <= named for part in reply["parts"] if part["written_by"] == "library")


def test_latin_1_is_answered_and_said_to_be_a_guess() -> None:
    done = afterword("reflect", "-", "--no-model", given="Ich vermisse ihn so sehr, überall in der Küche. I miss him.".encode("latin-1"))
    assert done.returncode == 0
    assert b"not UTF-8" in done.stderr


def test_emoji_alone_are_answered() -> None:
    done = afterword("reflect", "-", "--no-model", given="😭😭😭".encode())
    assert done.returncode == 0
    assert "No words yet" in done.stdout.decode()


def test_not_saved_is_said_and_nothing_is_stored(home: Path) -> None:
    done = afterword("reflect", "-", "--no-model", given=b"the canary sat on the green piano and I miss her so much tonight")
    assert b"Not saved yet" in done.stderr
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert kept
    assert not any(b"canary" in path.read_bytes() for path in kept)


def test_a_batch_goes_on_after_bad_lines() -> None:
    rows = [
        '{"id": "a", "text": "I miss her."}',
        "not json",
        '{"id": "c"}',
        '{"id": "d", "turns": [{"role": "writer", "text": "hi"}, {"role": "afterword", "text": "x"}]}',
        '{"id": "e", "turns": [{"role": "writer", "text": "i want to kill myself"}], "country": "IE"}',
        '{"id": "f", "text": "x", "at": "yesterday"}',
        '{"id": "g", "text": ""}',
    ]
    done = afterword("reflect", "--jsonl", "-", "--no-model", given="\n".join(rows).encode())
    out = objects(done.stdout)
    assert done.returncode == 0
    assert [row["id"] for row in out] == ["a", 2, "c", "d", "e", "f", "g"]
    assert ["error" in row for row in out] == [False, True, True, True, False, True, True]
    assert out[4]["route"] == "crisis"
    assert "116 123" in str(out[4]["reply"])


def test_screen_and_review_answer_by_the_line() -> None:
    screened = objects(afterword("screen", "--jsonl", "-", "--rules-only", given=b'{"id": 1, "text": "will he come back?"}\n').stdout)
    assert set(screened[0]) == {"id", "route", "level", "categories", "signals"}
    reviewed = objects(afterword("review", "--jsonl", "-", given=b'{"id": 1, "text": "You should text her."}\n').stdout)
    assert reviewed[0]["verdict"] == "drop"
    assert reviewed[0]["reasons"]


def test_a_model_file_that_is_cut_short_leaves_a_whole_reply(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(b"GGUF\x03\x00\x00\x00" + b"\0" * 64)
    done = afterword("reflect", "-", "--model", str(cut), given=ENTRY.encode())
    assert done.returncode == 0
    assert b"cut.gguf" in done.stderr
    assert b"two mugs" in done.stdout


def test_helplines_show_a_country_and_otherwise_the_directories() -> None:
    assert b"116 123" in afterword("helplines", "GB").stdout
    assert b"findahelpline" in afterword("helplines", "XX").stdout


def test_a_closed_pipe_is_quiet() -> None:
    program = f"{sys.executable} -m assistant helplines GB --sources | head -c 10"
    done = subprocess.run(["bash", "-c", program], capture_output=True, check=False)
    assert b"Traceback" not in done.stderr


def test_a_search_is_screened_too_and_help_stands_before_what_was_found() -> None:
    done = afterword("library", "search", "-", "--json", given=b"i want to kill myself")
    assert "suicide" not in str(json.loads(done.stdout)["results"])
    assert json.loads(done.stdout)["help"]
    assert json.loads(afterword("library", "search", "-", "--json", given=b"i keep looking at his page").stdout)["help"] == []


@pytest.mark.model
@pytest.mark.parametrize("seconds", [1.0, 3.0, 6.0])
def test_ctrl_c_is_one_plain_sentence_at_any_moment(small_model: Path, seconds: float) -> None:
    """The whole process group gets the signal, as from a terminal; no trace from any of its processes."""
    program = [sys.executable, "-m", "assistant", "reflect", "-", "--model", str(small_model)]
    running = subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )  # fmt: skip
    with running:
        assert running.stdin is not None
        running.stdin.write(ENTRY.encode())
        running.stdin.close()
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGINT)
        assert running.stderr is not None
        err = running.stderr.read()
    assert running.returncode in {0, 130}
    assert b"Traceback" not in err
    assert running.returncode == 0 or b"Stopped" in err
