"""`afterword library`: search, read and check the notes and exercises. Starts no language model."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import resources, settings
from assistant.conversation import Conversation
from assistant.entry import Entry, decode
from assistant.screening import circumstances

if TYPE_CHECKING:
    from assistant.library import Library, Problem
    from assistant.library.notes import Note
    from assistant.reply import Passage

app = typer.Typer(
    help="Search, read and check the library: the notes and exercises that replies are made of.",
    epilog='Examples: afterword library search "I keep looking at his page" | afterword library show surf-the-urge',
    no_args_is_help=True,
)


@app.command()
def search(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT|-]", help="What to look for; - for standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=50, help="How many notes at most.")] = 5,
) -> None:
    """Find notes that fit a text. Asks for it when TEXT is left out, so that it stays out of the shell's history.

    Examples:
      afterword library search "I keep looking at his page"
      afterword library search - --json < entry.txt
    """
    from assistant import wiring

    chosen = settings.load()
    entry = Entry.of(_asked(text), country=chosen.country, ending=chosen.ending)
    screening = wiring.screener().screen(entry, Conversation())
    cards = wiring.planner().help_for(entry, screening)
    with wiring.library(chosen) as retriever:
        found = retriever.passages(entry.text, circumstances(entry, screening), k=count)
        for notice in filter(None, (_RESTING if retriever.by_words_only else "", retriever.notice, *map(str, retriever.library.skipped))):
            typer.echo(notice, err=True)
    if as_json:
        typer.echo(json.dumps({"help": cards, "results": [_laid_out(passage) for passage in found]}, ensure_ascii=False, indent=2))
        return
    for card in cards:
        typer.echo(f"{card}\n")
    if not found:
        typer.echo("Nothing in the library fits this.", err=True)
    for passage in found:
        typer.echo(f"{passage.title}  [{passage.note_id}]\n  {passage.gist}\n  {passage.evidence}: {passage.citation}\n")


@app.command()
def show(note_id: Annotated[str, typer.Argument(metavar="ID", help="As `search` shows it in brackets.")]) -> None:
    """Print one note or exercise in full, with what stands behind it.

    Example: afterword library show surf-the-urge
    """
    library = _library()
    note = library.find(note_id)
    typer.echo("\n\n".join([note.title, note.gist, *note.paragraphs, *_steps(note), *note.questions]))
    typer.echo(f"\n{note.evidence}: {library.citation(note)}\nChecked {note.checked}")
    if note.disagrees:
        typer.echo(f"Studies disagree; see also {', '.join(note.disagrees)}")


@app.command()
def check() -> None:
    """Check that every library file keeps its rules. Exit status 1 when one does not.

    Example: afterword library check
    """
    from assistant.library.check import check as problems_of

    library = _library()
    problems = [*problems_of(library, date.today()), *_not_shipped(library)]
    for problem in problems:
        typer.echo(str(problem), err=problem.warning)
    broken = sum(not problem.warning for problem in problems)
    typer.echo(f"{len(library.notes)} notes, {len(library.exercises)} exercises, {len(library.sources)} sources, {broken} problems.")
    if broken:
        raise typer.Exit(1)


@app.command()
def own() -> None:
    """Make and print the folder for your own notes and exercises; says what is in it, and which file cannot be used and why.

    Example: afterword library own
    """
    folder = settings.private_folder(settings.load().own_library_dir)
    for kind in ("guidance", "exercises"):
        settings.private_folder(folder / kind)
    library = _library()
    typer.echo(str(folder))
    for note in library.everything:
        if note.own:
            typer.echo(f"  {note.id}: {note.title}")
    for broken in library.skipped:
        if broken.path.is_relative_to(folder):
            typer.echo(str(broken), err=True)


@app.command()
def topics() -> None:
    """Print the topics with their notes and exercises, as a Markdown table.

    Example: afterword library topics
    """
    from assistant.library.topics import table

    typer.echo(table(_library()))


@app.command(hidden=True)
def encode() -> None:
    """Make the vectors and phrases that ship with the library anew; for whoever changed a file of it.

    Example: afterword library encode
    """
    from assistant import wiring
    from assistant.library import load, phrases
    from assistant.library.shipping import ship

    library = load(resources.folder("knowledge"))
    with wiring.embeddings(settings.load()) as embeddings:
        count = ship(library, embeddings, embeddings.identity)
    fitted = phrases.fit(library.notes, library.folder)
    typer.echo(f"{count} texts have their vector, {fitted} phrases their weights.")


_RESTING = "The search model is not available, so this was searched by words alone. `afterword doctor` says more."


def _asked(text: str | None) -> str:
    if text == "-":
        return decode(sys.stdin.buffer.read()).text
    return text if text is not None else str(typer.prompt("What is it about", err=True))


def _library() -> Library:
    from assistant.library import load, with_own

    return with_own(load(resources.folder("knowledge")), settings.load().own_library_dir)


def _not_shipped(library: Library) -> list[Problem]:
    from assistant.embedding import identity
    from assistant.library import Problem, phrases
    from assistant.library.shipping import missing

    found = []
    if count := missing(library, identity()):
        found.append(Problem("vectors.npz", f"{count} texts have no vector; `afterword library encode` makes them"))
    if phrases.is_stale([note for note in library.notes if not note.own], library.folder):
        found.append(Problem("phrases.npz", "it was fitted to other lines; `afterword library encode` fits it anew"))
    return found


def _steps(note: Note) -> list[str]:
    from assistant.library.notes import Exercise

    if not isinstance(note, Exercise):
        return []
    numbered = [f"{number}. {step}" for number, step in enumerate(note.steps, 1)]
    return [f"About {note.minutes} minutes", "\n".join(numbered), note.closing]


def _laid_out(passage: Passage) -> dict[str, object]:
    return {
        "id": passage.note_id,
        "title": passage.title,
        "gist": passage.gist,
        "citation": passage.citation,
        "evidence": passage.evidence,
        "score": round(passage.score, 5),
    }
