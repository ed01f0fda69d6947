"""The library: notes and exercises of knowledge/, read, checked, indexed and searched. Only this public text is ever indexed."""

from assistant.library.check import Problem, check
from assistant.library.collection import Library, load
from assistant.library.notes import Exercise, Note, Source
from assistant.library.own import with_own
from assistant.library.retriever import Retriever

__all__ = ["Exercise", "Library", "Note", "Problem", "Retriever", "Source", "check", "load", "with_own"]
