"""The bench, with the small model: every figure is there and none is nonsense. How good they are is not tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import bench, settings

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("warm_cache")]


def test_every_figure_is_there_and_above_nothing(small_model: Path, socket_enabled: None) -> None:
    figures = list(bench.measure(settings.load(model=str(small_model))))
    names = {figure.name for figure in figures}
    assert len(names) == len(figures)
    assert {
        "decode, ours against it",
        "stop while reading",
        "page: pause answers after",
        "memory, page",
        "whole reply",
        "search, 10000 passages",
    } <= names
    mirror = "first sentence by the model"  # the small model's may all be dropped
    assert [figure.name for figure in figures if figure.name != mirror and not figure.value > 0] == []
