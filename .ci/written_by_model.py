"""Reads the JSON replies of `afterword reflect --json` one after the other and fails unless the model wrote a part in most of them.

Not in all: a sentence that does not pass review is dropped, and the writer's own line stands in its place.
"""

from __future__ import annotations

import json
import sys


def replies(text: str) -> list[dict[str, object]]:
    """Split concatenated JSON objects."""
    found, decoder = [], json.JSONDecoder()
    while text := text.lstrip():
        reply, end = decoder.raw_decode(text)
        found.append(reply)
        text = text[end:]
    return found


def main() -> int:
    """Print what was read and return the exit status."""
    read = replies(sys.stdin.read())
    by_model = [reply for reply in read if reply["model"]]
    for reply in read:
        sys.stdout.write(f"{reply['route']}: {reply['model'] or 'without the model'}\n{reply['reply']}\n\n")
    sys.stdout.write(f"{len(by_model)} of {len(read)} replies hold a sentence by the model\n")
    return 0 if 2 * len(by_model) > len(read) else 1


if __name__ == "__main__":
    sys.exit(main())
