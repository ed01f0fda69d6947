"""Rows of evals/datasets as inspect-ai samples; the row itself is the sample's metadata."""

from __future__ import annotations

import json
from pathlib import Path

from inspect_ai.dataset import MemoryDataset, Sample

FOLDER = Path(__file__).resolve().parent / "datasets"


def rows(name: str, target: str) -> MemoryDataset:
    """Read `name`.jsonl; `target` is the field that holds what is expected."""
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return MemoryDataset([_sample(json.loads(line), target) for line in lines if line.strip()], name=name)


def _sample(row: dict[str, object], target: str) -> Sample:
    return Sample(id=str(row["id"]), input=str(row["id"]), target=json.dumps(row[target]), metadata={"row": row})
