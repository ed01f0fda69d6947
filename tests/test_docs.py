"""The documents say what is true: commands, targets, settings, tests and files that they name are there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.core import TyperGroup
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "knowledge" / "LICENSE.md", *sorted((ROOT / "docs").glob("*.md")), *DECISIONS]
PURPOSE = "any condition, and not for emergencies"
# What needs the network, a person at the keyboard, half a minute or a file of the reader's own is not run here.
RUN = ["helplines GB", "helplines", "library show surf-the-urge", "model list", "remove --dry-run"]

_CODE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TEST = re.compile(r"tests/(test_\w+\.py)::(test_\w+)")
_NOT_OURS = re.compile(r"\b(?:therapy|therapists?|clinical|patients?|heal faster|detects your emotions)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Called:
    """A command line that a document names; it prints as where it stands."""

    document: str
    line: str

    def __str__(self) -> str:
        """Return the words of the line."""
        return f"{self.document}: {self.line}"


def told() -> Iterator[Called]:
    """Yield every line of code in the documents that a reader might type: in backquotes, and in shell fences."""
    for path in DOCS:
        text = path.read_text("utf-8")
        for fence in _FENCE.findall(text):
            yield from (Called(path.name, line.partition("#")[0].strip()) for line in fence.splitlines())
        yield from (Called(path.name, code) for code in _CODE.findall(text))


def words(called: Called, program: str) -> list[str]:
    """Return what follows `program` in a line, or nothing when the line is about something else."""
    found = re.search(rf"(?:^|[ /]){program} (.+)$", called.line)
    return shlex.split(found[1]) if found else []


COMMANDS = [called for called in told() if words(called, "afterword")]
TARGETS = [called for called in told() if words(called, "make")]


def settings_table() -> str:
    """Lay out the fields of Settings as docs/architecture.md must show them."""
    lines = ["| setting | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        lines.append(f"| `{name}` | {default(field)} | {field.description} |")
    return "\n".join(lines)


def default(field: FieldInfo) -> str:
    """Say what a setting is when nobody set it; a folder differs from system to system."""
    if field.default is PydanticUndefined:
        return "the platform's folder"
    return "not set" if field.default is None else f"`{field.default}`"


@pytest.mark.parametrize("called", COMMANDS, ids=str)
def test_a_command_that_is_named_exists_with_its_options(called: Called) -> None:
    command = typer.main.get_command(app)
    given = words(called, "afterword")
    while isinstance(command, TyperGroup) and given and not given[0].startswith("-"):
        assert given[0] in command.commands, f"no command {given[0]}"
        command = command.commands[given.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    assert {word for word in given if re.match("-.", word)} <= known


@pytest.mark.parametrize("called", TARGETS, ids=str)
def test_a_make_target_that_is_named_exists(called: Called) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert words(called, "make")[0] in targets


@pytest.mark.parametrize("command", RUN)
def test_a_command_of_the_readme_runs_as_written(command: str) -> None:
    done = CliRunner().invoke(app, shlex.split(command))
    assert done.exit_code == 0
    assert done.stdout


def test_files_that_a_command_names_are_there() -> None:
    named = {word for called in COMMANDS for word in words(called, "afterword") if word.startswith("examples/")}
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    top = typer.main.get_command(app)
    assert isinstance(top, TyperGroup)
    assert [name for name in top.commands if f"`afterword {name}" not in readme] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_inside_the_repository_resolve(path: Path) -> None:
    targets = [link.partition("#")[0] for link in _LINK.findall(path.read_text("utf-8")) if "://" not in link]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


def test_the_table_of_settings_is_the_settings() -> None:
    assert settings_table() in (ROOT / "docs" / "architecture.md").read_text("utf-8")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_test_that_is_named_exists(path: Path) -> None:
    for file, name in _TEST.findall(path.read_text("utf-8")):
        assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_has_its_number_date_parts_and_guard(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:4]} ")
    assert re.search(r"^20\d\d-\d\d-\d\d$", text, re.MULTILINE)
    assert re.findall("^## (.+)$", text, re.MULTILINE) == ["Problem", "Decision", "Consequence", "Guard"]
    assert _TEST.search(text)


def test_decisions_that_the_code_names_are_there() -> None:
    code = [path for folder in ("assistant", "tests") for path in (ROOT / folder).rglob("*.py")]
    named = {name for path in code for name in re.findall(r"docs/[\w/-]+\.md", path.read_text("utf-8"))}
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("name", ["README.md", "docs/architecture.md"])
def test_the_intended_purpose_is_said(name: str) -> None:
    assert PURPOSE in " ".join((ROOT / name).read_text("utf-8").split())


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_words_of_a_practice_are_not_used(path: Path) -> None:
    assert _NOT_OURS.findall(path.read_text("utf-8")) == []
