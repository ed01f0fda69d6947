"""The dated table of helplines, the choice of a country, and the cards made of them."""

from assistant.helplines.cards import CardKind, Row, card, rows
from assistant.helplines.choice import Guess, country_from_locale
from assistant.helplines.table import CountryLines, Directory, Kind, Line, Overdue, Table, load, overdue

__all__ = [
    "CardKind",
    "CountryLines",
    "Directory",
    "Guess",
    "Kind",
    "Line",
    "Overdue",
    "Row",
    "Table",
    "card",
    "country_from_locale",
    "load",
    "overdue",
    "rows",
]
