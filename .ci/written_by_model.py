"""Reads one reply as JSON from standard input and fails unless a part of it was written by the model."""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Count the model's parts."""
    reply = json.load(sys.stdin)
    written = [part for part in reply["parts"] if part["written_by"] == "model" and part["text"].strip()]
    sys.stderr.write(f"route {reply['route']}, model {reply['model']}, {len(reply['parts'])} parts, {len(written)} by the model\n")
    return 0 if written else 1


if __name__ == "__main__":
    sys.exit(main())
