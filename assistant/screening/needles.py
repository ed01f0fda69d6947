"""Substrings without which a pattern cannot match: the cheap test before the dear one."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

_MOST = 80  # with more alternatives than this, looking for each costs as much as the pattern itself


def needles(pattern: str) -> tuple[frozenset[str], ...]:
    """Return sets of substrings; every match of `pattern` holds at least one of each. The rarest-looking set comes first.

    Reads the parse tree of Python's own regular expressions. Anything it does not know asks for nothing, so a new kind of node
    makes a rule slower, never blind.
    """
    # The parser has no public name since Python 3.11 deprecated sre_parse; it is the only one that cannot disagree with re.
    tree: Any = import_module("re._parser").parse(pattern)
    sets = {one for one in _of_sequence(list(tree)) if len(one) <= _MOST}
    return tuple(sorted(sets, key=_rarity, reverse=True))


def _rarity(one: frozenset[str]) -> tuple[int, int, str]:
    return min(map(len, one)), -len(one), min(one)


def _of_sequence(nodes: Sequence[Any]) -> list[frozenset[str]]:
    """Return the sets that a sequence needs, one per part of it; adjoining literals are one needle."""
    found: list[frozenset[str]] = []
    literal = ""
    for node in nodes:
        name = str(node[0])
        if name == "LITERAL":
            literal += chr(node[1])
            continue
        if literal.strip():
            found.append(frozenset([literal]))
        literal = ""
        found.extend(_of_node(name, node[1]))
    return [*found, frozenset([literal])] if literal.strip() else found


def _of_node(name: str, value: Any) -> list[frozenset[str]]:  # noqa: ANN401 - the parse tree has no types
    if name == "SUBPATTERN":
        return _of_sequence(list(value[3]))
    if name == "BRANCH":
        parts = [max(_of_sequence(list(branch)), key=_rarity, default=frozenset[str]()) for branch in value[1]]
        return [frozenset[str]().union(*parts)] if all(parts) else []
    if name == "MAX_REPEAT" and value[0] > 0:
        return _of_sequence(list(value[2]))
    return []
