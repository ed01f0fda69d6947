"""The switches that are set before any library is loaded."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from assistant import environment


@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="elsewhere torch reads the same variable")
def test_numpy_leaves_the_cores_to_the_search_model() -> None:
    script = "from assistant import environment as e; e.prepare(); import numpy; from threadpoolctl import threadpool_info as i; print(i())"
    clean = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=clean).stdout
    assert "'num_threads': 1" in told
    assert "openblas" in told


def test_what_the_person_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMP_SPINCOUNT", "5")
    environment.prepare()
    assert os.environ["GOMP_SPINCOUNT"] == "5"
