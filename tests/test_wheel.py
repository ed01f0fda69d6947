"""The built wheel carries every text and works from an empty folder outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("warm_cache")

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_answers_from_an_empty_folder(tmp_path: Path) -> None:
    built, site, empty = tmp_path / "dist", tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    python = [sys.executable, "-m"]
    subprocess.run([*python, "build", "--wheel", "--no-isolation", "--outdir", str(built), str(ROOT)], check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    subprocess.run(
        [*python, "pip", "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)], check=True, capture_output=True
    )
    program = "import assistant; print(assistant.__file__)\nfrom assistant.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "reflect", "-", "--no-model"],
        input=b"I still set out two mugs and I miss her tonight.",
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(site).encode() in done.stdout
    assert b"Where this comes from" in done.stdout
    shipped = site / "assistant" / "_shipped"
    for folder in ("prompts", "knowledge"):
        here = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {path.relative_to(shipped / folder) for path in (shipped / folder).rglob("*") if path.is_file()} == here
