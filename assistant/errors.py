"""The ways things go wrong, each with one plain sentence saying what to do.

    AfterwordError
    |-- InputError                 what was given cannot be used
    |   |-- EmptyEntry
    |   |-- NotText
    |   |-- EntryTooLong
    |   |-- BadRecord              one line of a JSONL batch
    |   `-- BadDay
    |-- SettingsBroken
    |-- EvalsMissing
    |-- EvalsUnderFloor
    |-- PageError
    |   |-- PortTaken
    |   |-- PageOpenElsewhere
    |   `-- PageStillOpening
    |-- PromptBroken
    |-- KnowledgeError
    |   |-- NoteBroken
    |   |-- NoteUnknown
    |   |-- LibraryClosed
    |   `-- IndexUnavailable
    |-- HelplinesBroken
    |-- RulesBroken
    |-- WorkerError                a worker process failed
    |   |-- WorkerDied
    |   |-- WorkerFailed           the process lives, the job did not succeed
    |   `-- WorkerUnavailable      it failed twice in a row, or cannot start
    |-- EmbedderMissing
    |-- RemovalRefused
    `-- ModelError
        |-- ModelUnknown
        |-- ModelMissing
        |-- ModelBroken
        |-- ModelUnsupported
        |-- PromptTooLong
        |-- DiskFull
        |-- SourceFailed         one source of a download; the next is tried
        |-- DownloadBusy
        `-- DownloadFailed

No message ever holds what a person wrote.
"""

from __future__ import annotations

from pathlib import Path


class AfterwordError(Exception):
    """Base of everything this program raises on purpose; `str()` is one plain sentence for people."""


class InputError(AfterwordError):
    """What was given cannot be used."""


class EmptyEntry(InputError):
    """There is no text at all."""

    def __init__(self) -> None:
        super().__init__("There is nothing to read yet. Write a line, or name a file that has some text in it.")


class NotText(InputError):
    """The bytes are not text in any encoding we read."""

    def __init__(self, source: str = "This") -> None:
        super().__init__(f"{source} does not look like text. Save it as plain text (UTF-8) and try again.")


class EntryTooLong(InputError):
    """The text is over the cap; nothing of it was changed."""

    def __init__(self, size: int, cap: int) -> None:
        super().__init__(
            f"This is {size / 1_000_000:.1f} MB of text, and {cap / 1_000_000:.0f} MB is the most that can be read at once. "
            "Nothing was changed. Send a part of it."
        )


class BadRecord(InputError):
    """One line of a JSONL batch cannot be used; the rest goes on."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


class BadDay(InputError):
    """A day on which it ended cannot be read."""

    def __init__(self) -> None:
        super().__init__("The day it ended has to look like 2026-10-14, or 2026-10 for a month.")


class SettingsBroken(AfterwordError):
    """The config file or an AFTERWORD_* variable cannot be used."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"A setting cannot be used ({where}): {why}. Mend it or remove it, then start again.")


class EvalsMissing(AfterwordError):
    """The evaluations cannot run from here."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The evaluations cannot run here: {why}.")


class EvalsUnderFloor(AfterwordError):
    """A figure is lower than it has to be."""

    def __init__(self, low: list[str]) -> None:
        super().__init__("Lower than it has to be: " + "; ".join(low))


class PageError(AfterwordError):
    """The page cannot be opened, or not yet."""


class PortTaken(PageError):
    """Another program listens there."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Another program uses port {port}. Choose another one with --port, or leave --port out.")


class PageOpenElsewhere(PageError):
    """This person's Afterword is open already; `address` opens it, and is not in the sentence because it holds the token."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__("Afterword is open already, so that page is shown. Close it there first to start it anew.")


class PageStillOpening(PageError):
    """The parts that make replies are not there."""

    def __init__(self, why: str = "") -> None:
        told = f" ({why.rstrip('.')})" if why else ""
        super().__init__(f"Replies cannot be made yet{told}. Your text is still here; `make run` puts back what is missing.")


class PromptBroken(AfterwordError):
    """A file of prompts/ cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The prompt file {path.name} cannot be used: {why}. Restore it from the repository.")


class KnowledgeError(AfterwordError):
    """Something is wrong with the library."""


class NoteBroken(KnowledgeError):
    """A note or exercise file breaks the format."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"The library file {path.name} was skipped: {why}.")


class NoteUnknown(KnowledgeError):
    """No note or exercise has this id."""

    def __init__(self, note_id: str) -> None:
        super().__init__(f"The library has no note called {note_id}. Try `afterword library search`.")


class LibraryClosed(KnowledgeError):
    """The program closes while the library is being made ready for searching."""

    def __init__(self) -> None:
        super().__init__("The library was closed before it was ready. The next start goes on from there.")


class IndexUnavailable(KnowledgeError):
    """The search index could not be used or rebuilt."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"The library's search index cannot be used ({why}). The reply goes on without it.")


class HelplinesBroken(AfterwordError):
    """knowledge/helplines.toml breaks its rules."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The table of helplines cannot be used: {why}. Restore it from the repository.")


class RulesBroken(AfterwordError):
    """A rule file breaks its format."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The rule file {path.name} cannot be used: {why}. Restore it from the repository.")


class WorkerError(AfterwordError):
    """A worker process failed."""


class WorkerDied(WorkerError):
    """The process ended in the middle of a job; the next job starts a new one."""

    def __init__(self, name: str, code: int | None) -> None:
        self.code = code
        super().__init__(f"The {name} stopped unexpectedly. Nothing you wrote is lost. It starts again with the next try.")


class WorkerFailed(WorkerError):
    """The process could not do the job, or not start; the text is already a plain sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)


class WorkerUnavailable(WorkerError):
    """It failed twice in a row, or cannot start."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The {name} is not available ({why}). Everything else goes on. `afterword doctor` says more.")


class EmbedderMissing(AfterwordError):
    """The embedder's files are missing or are not the ones we know."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The search model cannot be used: {why}. Run `make run` again to put it back.")


class RemovalRefused(AfterwordError):
    """A folder is not clearly Afterword's own, so nothing of it is deleted."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} was left alone: {why}. Nothing in it was deleted.")


class ModelError(AfterwordError):
    """Something is wrong with a language model's file."""


class ModelUnknown(ModelError):
    """The name is neither in the catalogue nor a file."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model called {name}. `afterword model list` shows the names; a path to a .gguf file works too.")


class ModelMissing(ModelError):
    """The model's file is not on this computer."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The model {name} is not on this computer yet. `afterword model pull {name}` brings it.")


class ModelBroken(ModelError):
    """The file is truncated, altered, or no GGUF."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The model file {path.name} cannot be used: {why}. `afterword model pull` brings a fresh one.")


class ModelUnsupported(ModelError):
    """The file is a GGUF whose chat format we do not know."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The model {path.name} cannot be used here: {why}. `afterword model list` shows models that can.")


class PromptTooLong(ModelError):
    """A prompt with its answer does not fit the model's context; nothing is cut silently."""

    def __init__(self, tokens: int, room: int) -> None:
        super().__init__(f"The text is too long for the model at once ({tokens} tokens, {room} fit). Send a part of it.")


class DiskFull(ModelError):
    """There is not enough free disk for a download."""

    def __init__(self, needed: int, free: int, where: Path) -> None:
        super().__init__(
            f"The model needs {needed / 1e9:.1f} GB and {where} has {free / 1e9:.1f} GB free. Free some space and try again; "
            "what is already there is kept."
        )


class SourceFailed(ModelError):
    """One source of a download did not work; `str()` is what is told of it when all have failed."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"{source} ({why})")


class DownloadBusy(ModelError):
    """Another process is bringing the same model."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Another window is bringing {name} right now. Wait until it is done; nothing more is needed.")


class DownloadFailed(ModelError):
    """Every source was tried; the message says which and what to do."""

    def __init__(self, name: str, tried: list[str]) -> None:
        super().__init__(
            f"The model {name} could not be brought here. Tried: {'; '.join(tried)}. Try again later, or put a .gguf file on this "
            "computer and use `--model PATH`. Everything but the AI works without it."
        )
