"""Who is who: a mirror speaks to the writer as "you", and keeps each deed and each "he" or "she" with its owner."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.review import clauses
from assistant.review.clauses import WRITER_AS_TARGET, Clause, Subject
from assistant.review.ground import Ground
from assistant.review.lexicon import Lexicon
from assistant.review.words import stem, words

_SHE = frozenset({"she", "her", "hers", "herself"})
_HE = frozenset({"he", "him", "his", "himself"})
_THEIRS = frozenset({"his", "her", "their"})
_OURS = frozenset({"my", "our"})
_REPORTING = frozenset({"say", "write", "tell", "want", "name"})
_PRONOUNS = frozenset({"i", "we", "you", "he", "she", "they"})
_NAME = re.compile(r"\b[A-Z][a-z]+\b")


def is_wrong(sentence: str, entry: Ground, lexicon: Lexicon) -> bool:
    """Say whether a mirror mixes up who did what, whose something is, or "he" and "she"."""
    return _wrong_gender(sentence, entry, lexicon) or _wrong_owner(sentence, entry, lexicon) or _wrong_subject(sentence, entry, lexicon)


def _wrong_gender(sentence: str, entry: Ground, lexicon: Lexicon) -> bool:
    said, known = set(words(sentence, lexicon)), set(entry.tokens)
    she, he = known & lexicon.feminine, known & lexicon.masculine
    if not she and not he:
        return bool(said & (_SHE | _HE)) and _NAME.search(re.sub(r"(?:^|[.!?]\s+)\w+", "", entry.text)) is None
    return bool((said & _SHE and not she) or (said & _HE and not he))


def _wrong_owner(sentence: str, entry: Ground, lexicon: Lexicon) -> bool:
    owned = _owned(entry.tokens, lexicon)
    for owner, thing in _owned(words(sentence, lexicon), lexicon):
        owners = {other for other, same in owned if same == thing}
        if owner == "your" and owners and owners <= _THEIRS and not _also_bare(thing, owned, entry, lexicon):
            return True
        if owner in ("his", "her") and owners == {"his", "her"} - {owner} and not _also_bare(thing, owned, entry, lexicon):
            return True
        if owner in _THEIRS and owners and owners <= _OURS and not _also_bare(thing, owned, entry, lexicon):
            return True
    return False


def _owned(tokens: list[str] | tuple[str, ...], lexicon: Lexicon) -> list[tuple[str, str]]:
    return [
        (first, stem(second, lexicon))
        for first, second in pairwise(tokens)
        if first in _THEIRS | _OURS | {"your"} and second not in lexicon.frame
    ]


def _also_bare(thing: str, owned: list[tuple[str, str]], entry: Ground, lexicon: Lexicon) -> bool:
    """Say whether the entry also names the thing without an owner, so that nothing can be told from the owners."""
    return sum(stem(token, lexicon) == thing for token in entry.tokens) > sum(same == thing for _, same in owned)


def _wrong_subject(sentence: str, entry: Ground, lexicon: Lexicon) -> bool:
    loose = {stem(verb, lexicon) for verb in lexicon.loose_verbs.union(lexicon.relations)}
    letter = clauses.is_letter(entry.text)
    for clause in clauses.of_sentence(sentence, lexicon, entry.names):
        aimed = [other for other in entry.clauses if clause.target and (other.verb, other.target) == (clause.verb, clause.target)]
        if aimed:
            wrong = clause.verb not in _REPORTING and _is_others(clause, aimed, letter)
        else:
            telling = clause.target == WRITER_AS_TARGET  # "he wrote to you" is no report of the writer's
            wrong = (telling or clause.verb not in loose) and clause.verb in entry.stems and _contradicts(clause, entry, letter, lexicon)
        if wrong:
            return True
    return False


def _contradicts(clause: Clause, entry: Ground, letter: bool, lexicon: Lexicon) -> bool:
    same = [other for other in entry.clauses if other.verb == clause.verb]
    if not same or len(same) < sum(stem(token, lexicon) == clause.verb for token in entry.tokens):
        return False  # the entry also says it without a subject in sight
    return _is_others(clause, same, letter)


def _is_others(clause: Clause, same: list[Clause], letter: bool) -> bool:
    """Say whether the entry gives the deed to somebody else only."""
    subjects, people = {other.subject for other in same}, {other.who for other in same}
    if clause.subject is Subject.THIRD:
        return subjects == {Subject.WRITER} or (clause.who not in people and _are_told_apart(people | {clause.who}))
    return Subject.WRITER not in subjects and (Subject.ADDRESSED not in subjects or letter)


def _are_told_apart(people: set[str]) -> bool:
    """Say whether no two of the words can mean the same person: "he" and "she", or names; "he" and a name can."""
    return people <= {"he", "she"} or not people & _PRONOUNS


def flips_denial(sentence: str, entry: Ground, lexicon: Lexicon) -> bool:
    """Say whether a mirror says "you want" where the entry only ever says "I do not want", or the other way round."""
    loose = {stem(verb, lexicon) for verb in ("say", "write", "tell", "know", "can", "have", "be", "do", "get")}
    return any(
        clause.verb not in loose and _is_flipped(clause, entry, lexicon) for clause in clauses.of_sentence(sentence, lexicon, entry.names)
    )


def _is_flipped(clause: Clause, entry: Ground, lexicon: Lexicon) -> bool:
    same = [other for other in entry.clauses if other.verb == clause.verb and other.subject is clause.subject]
    aimed = [other for other in same if clause.target and other.target == clause.target]
    if aimed:
        return all(other.denied != clause.denied for other in aimed)
    complete = len(same) == sum(stem(token, lexicon) == clause.verb for token in entry.tokens)
    return bool(same) and complete and all(other.denied != clause.denied for other in same)
