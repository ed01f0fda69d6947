"""Loads prompts/ and prompts/fixed/, and fills in their blanks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import frontmatter
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant import resources
from assistant.errors import PromptBroken

_BETWEEN = "\n***\n"  # parts the wordings of one fixed text


@dataclass(frozen=True, slots=True)
class Example:
    """An entry and the mirror that a careful person would write for it."""

    entry: str
    mirror: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One file of prompts/: its text for the model, worked examples, the words an answer opens with, and words that mark a telling line."""

    text: str
    examples: tuple[Example, ...]
    opening: str = ""
    telling: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FixedText:
    """One file of prompts/fixed/: wordings that mean the same, words that call for it, and the blanks in it."""

    name: str
    wordings: tuple[str, ...]
    cues: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    purpose: str = field(default="", compare=False)


class Prompts:
    """All texts of one prompts/ folder, read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False, autoescape=False)
        self._fixed = {path.stem: self._read_fixed(path) for path in sorted((folder / "fixed").glob("*.md"))}
        if not self._fixed:
            raise PromptBroken(folder / "fixed", "the folder is empty or missing")
        self.mirror = _read_prompt(folder / "mirror.md")

    @property
    def fixed_texts(self) -> tuple[FixedText, ...]:
        """Every fixed text, by name."""
        return tuple(self._fixed.values())

    def fixed(self, name: str, turn: int = 0, variables: Mapping[str, str] | None = None) -> str:
        """Return a fixed text; `turn` picks the wording, so that nobody reads the same words twice in a row."""
        text = self._fixed[name]
        wording = text.wordings[turn % len(text.wordings)]
        return self._environment.from_string(wording).render(dict(variables or {})).strip()

    def page(self, name: str, variables: Mapping[str, str] | None = None) -> str:
        """Return one of the page's own words, such as "labels.send", with its {blanks} filled in."""
        section, _, key = name.partition(".")
        return self._page[section][key].format_map(dict(variables or {}))

    @cached_property
    def _page(self) -> Mapping[str, Mapping[str, str]]:
        path = self._folder / "page.toml"
        try:
            read = tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise PromptBroken(path, f"it cannot be read ({type(error).__name__})") from None
        if not all(isinstance(words, dict) and all(isinstance(word, str) for word in words.values()) for words in read.values()):
            raise PromptBroken(path, "it holds something else than words in sections")
        return read

    def best_by_cues(self, prefix: str, words: frozenset[str], otherwise: str) -> str:
        """Name the fixed text starting with `prefix` whose cues meet most of `words`; `otherwise` when none does."""
        scored = [(len(text.cues & words), name) for name, text in self._fixed.items() if name.startswith(prefix)]
        hits, name = max(scored, key=lambda pair: (pair[0], pair[1] == otherwise))
        return name if hits else otherwise

    def _read_fixed(self, path: Path) -> FixedText:
        head, body = _read(path)
        wordings = tuple(part.strip() for part in body.split(_BETWEEN) if part.strip())
        declared = frozenset(head.get("variables") or ())
        try:
            used = {name for wording in wordings for name in meta.find_undeclared_variables(self._environment.parse(wording))}
        except TemplateError as error:
            raise PromptBroken(path, f"its template does not parse ({type(error).__name__})") from None
        if not wordings or used - declared:
            raise PromptBroken(path, "it is empty, or uses a variable that its head does not name")
        return FixedText(path.stem, wordings, frozenset(map(str, head.get("cues") or ())), declared, str(head.get("purpose", "")))


@cache
def shipped() -> Prompts:
    """Return the prompts of this installation."""
    return Prompts(resources.folder("prompts"))


def _read_prompt(path: Path) -> Prompt:
    head, body = _read(path)
    try:
        examples = tuple(Example(row["entry"].strip(), row["mirror"].strip()) for row in head.get("examples", ()))
    except (KeyError, TypeError, AttributeError):
        raise PromptBroken(path, "an example lacks its entry or its mirror") from None
    return Prompt(body.strip(), examples, str(head.get("opening", "")), frozenset(map(str, head.get("telling") or ())))


def _read(path: Path) -> tuple[Mapping[str, Any], str]:
    try:
        post = frontmatter.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PromptBroken(path, f"it cannot be read ({type(error).__name__})") from None
    except Exception as error:  # noqa: BLE001 - the YAML library raises its own family
        raise PromptBroken(path, f"its head is not valid YAML ({type(error).__name__})") from None
    if not post.metadata.get("purpose"):
        raise PromptBroken(path, "its head says no purpose")
    return post.metadata, post.content
