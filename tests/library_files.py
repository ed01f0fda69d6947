"""Writes library files that keep every rule, for tests that then break one."""

from __future__ import annotations

from pathlib import Path

_PLAIN = "Put the phone in the next room and make some tea. The night is long, and you do not have to fill it. "
_NOTE = {
    "title": "A cup of tea",
    "topics": "[urge, pause]",
    "when": "[urge]",
    "not_when": "[abuse]",
    "evidence": "practice",
    "sources": "[practice]",
    "disagrees": "[]",
    "gist": "Make some tea. The phone can stay in the next room for now.",
    "questions": "[What can wait until noon?]",
    "checked": "2026-11-23",
    "place": "tonight",
    "situations": "[it is late and i am up, cant put it down, what now, the kettle]",
}
_EXERCISE = {
    **_NOTE,
    "questions": "[]",
    "minutes": "5",
    "hour": "any",
    "steps": "[Put the kettle on., Sit down., Drink it.]",
    "closing": "That was enough.",
}


def write_note(folder: Path, note_id: str, body: str = _PLAIN * 6, **changes: str) -> Path:
    """Write a guidance note; `changes` replaces lines of its head."""
    head = {**_NOTE, "gist": f"Make some tea, {note_id}. The phone can stay in the next room for now."}
    return _write(folder / "guidance" / f"{note_id}.md", {"id": note_id, **head, **changes}, body)


def write_exercise(folder: Path, note_id: str, body: str = _PLAIN * 6, **changes: str) -> Path:
    """Write an exercise; `changes` replaces lines of its head."""
    head = {**_EXERCISE, "gist": f"Tea helps, {note_id}.", "steps": f"[Put the kettle on for {note_id}., Sit down., Drink it.]"}
    return _write(folder / "exercises" / f"{note_id}.md", {"id": note_id, **head, **changes}, body)


def write_voices(folder: Path, note_id: str, count: int = 40) -> Path:
    """Write lines in the voice of an entry for a note."""
    path = folder / "voices" / f"{note_id}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"it is {number} and the kettle is on\n" for number in range(count)), "utf-8")
    return path


def write_sources(folder: Path, *keys: str) -> Path:
    """Write sources.toml with a citation for each key."""
    path = folder / "sources.toml"
    path.write_text("".join(f'[{key}]\ncitation = "{key}, cited"\n' for key in keys), "utf-8")
    return path


def _write(path: Path, head: dict[str, str], body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + "".join(f"{key}: {value}\n" for key, value in head.items()) + f"---\n\n{body}\n", "utf-8")
    return path
