"""The plain pages: the page before Gradio is there, help, and pause. HTML without Gradio, model or vault."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from assistant import helplines, prompts
from assistant.helplines import CardKind, CountryLines

_HERE = Path(__file__).resolve().parent
STATIC = _HERE / "static"
_KINDS: tuple[CardKind, ...] = ("crisis", "protect", "youth", "restraint")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the items of a list."""

    text: str = ""
    listed: tuple[str, ...] = ()


def first(tab: str, draft: str, line: str) -> str:
    """Return the page that is there before Gradio is: a box to write in, the two buttons, and a line on what is going on."""
    return _render("first.html", query=_query(tab), tab=tab, draft=draft, line=line, notice=prompts.shipped().fixed("first-run"))


def help_page(tab: str, country: str | None, chosen: str | None) -> str:
    """Return the help page, which leads back to `tab`.

    `chosen` is what the person picked on it, `country` the one of the settings; both may be unknown.
    """
    table = helplines.load()
    lines = _lines(table, country, chosen)
    return _render(
        "help.html",
        query=_query(tab),
        intro=prompts.shipped().fixed("page-help").split("\n\n"),
        countries=sorted(((c.code or "", c.name) for c in table.countries), key=lambda pair: pair[1]),
        chosen=lines.code or "",
        cards=[_blocks(card) for card in dict.fromkeys(helplines.card(kind, lines) for kind in _KINDS)],
    )


def has_lines(code: str) -> bool:
    """Say whether the table has this country."""
    return any(lines.code == code for lines in helplines.load().countries)


def pause_page(tab: str) -> str:
    """Return the pause, which leads back to `tab`: ten minutes with a circle to breathe with and a hill they are walked on."""
    texts = prompts.shipped()
    return _render(
        "pause.html",
        query=_query(tab),
        opening=texts.fixed("page-pause").split("\n\n"),
        steps=[line.removeprefix("- ") for line in texts.fixed("page-pause-steps").splitlines()],
        after=texts.fixed("page-pause-after").split("\n\n"),
    )


def _query(tab: str) -> str:
    return f"?tab={tab}" if tab else ""


def _lines(table: helplines.Table, country: str | None, chosen: str | None) -> CountryLines:
    if chosen is not None:
        return table.pick(chosen or None)
    guess = None if country else helplines.country_from_locale(os.environ)
    return table.pick(guess.country, guessed=True) if guess else table.pick(country)


def _blocks(card: str) -> list[Block]:
    blocks: list[Block] = []
    for line in filter(None, map(str.strip, card.splitlines())):
        if not line.startswith("- "):
            blocks.append(Block(text=line))
        elif blocks and blocks[-1].listed:
            blocks[-1] = Block(listed=(*blocks[-1].listed, line[2:]))
        else:
            blocks.append(Block(listed=(line[2:],)))
    return blocks


def _render(name: str, **values: object) -> str:
    return _templates().get_template(name).render(word=prompts.shipped().page, **{"query": "", **values})


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined)
