"""The review of one sentence: shape, wording, copies, and whether the entry or the passage holds what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from assistant import sentences
from assistant.review import copying, facts, feelings, ground, lexicon, persons, quotes, rules, shape
from assistant.review.clauses import Subject, of_sentence
from assistant.review.ground import Ground
from assistant.review.lexicon import Lexicon
from assistant.review.rules import Rule
from assistant.review.verdict import PartName, Reason, Verdict
from assistant.review.words import plain, stem, words

_OWN_REPORT = re.compile(
    r"\byou(?:'ve|'re| have| are| were| had)?(?: \w+){0,2}? (?:wrote|write|writing|said|say|describ\w+|mention\w*|"
    r"put it|ask\w*|wonder\w*|told|think|"
    r"thought|believ\w+|hop\w+|imagin\w+|decid\w+|promis\w+|want\w*|wish\w*|called|admit\w*|know|knew|not\w+ down|feel that|felt that|"
    r"thinking|saying|telling|keep thinking|kept thinking)\b",
    re.IGNORECASE,
)
_ANY_REPORT = re.compile(r"\b(?:said|says|say|told|tells|thinks?|thought|asked|asks|wrote|writes|texted|according to)\b", re.IGNORECASE)


class Reviewer:
    """Judges sentences that a model wrote. It keeps nothing between two calls and never repeats what it read."""

    def __init__(self, rule_set: tuple[Rule, ...], word_lists: Lexicon) -> None:
        self._rules = rule_set
        self._lexicon = word_lists

    def review(self, sentence: str, part: PartName, entry: str | None, passages: tuple[str, ...]) -> Verdict:
        """Judge a sentence, or a few, as a `part` of the answer to `entry`, with the library's `passages` at hand.

        With no entry, what only the entry could tell is not judged, and nothing is taken for the ex's own words. A sentence that cannot
        be judged is dropped as unsupported.
        """
        try:
            reasons = tuple(dict.fromkeys(self._reasons(sentence, part, entry, passages)))
        except Exception:  # noqa: BLE001 - fails closed: what could not be judged is not shown, whatever went wrong
            reasons = (Reason.UNSUPPORTED,)
        return Verdict(not reasons, reasons)

    def _reasons(self, sentence: str, part: PartName, entry: str | None, passages: tuple[str, ...]) -> Iterator[Reason]:
        text = "\n".join(sentences.split(plain(sentence)))
        if shape.is_junk(text, with_blanks=part in ("fixed", "logistics", "step")):
            yield Reason.UNSUPPORTED
        page = None if entry is None else ground.of(plain(entry), self._lexicon)
        bare = quotes.take_out(text, entry, self._lexicon)
        for rule in self._rules:
            if part in rule.parts and any(
                not self._excused(rule, hit, page, passages) for hit in rule.hits(text if rule.quoted else bare.text)
            ):
                yield rule.reason
        if part == "fixed":
            return
        if copying.of_article(text) or (bare.too_long and part == "mirror"):
            yield Reason.COPY
        if part == "mirror":
            yield from self._against_entry(bare, page)
        else:
            yield from self._against_library(bare, text, part, page, passages)

    def _against_entry(self, bare: quotes.Unquoted, page: Ground | None) -> Iterator[Reason]:
        if feelings.told(bare.text, page, self._lexicon):
            yield Reason.TOLD_FEELING
        if page is None:
            return
        if bare.foreign or facts.tally(bare.text, page, self._lexicon).invents or persons.flips_denial(bare.text, page, self._lexicon):
            yield Reason.INVENTED_FACT
        if persons.is_wrong(bare.text, page, self._lexicon):
            yield Reason.WRONG_PERSON
        if any(copying.of_entry(line, page.text, self._lexicon) for line in (*bare.text.splitlines(), bare.text)):
            yield Reason.COPY
        if any(self._speaks_of_nobody(line, page) for line in bare.text.splitlines()):
            yield Reason.UNSUPPORTED

    def _speaks_of_nobody(self, line: str, page: Ground) -> bool:
        """Say whether a line is a remark on life in general: no "you" in it, and not one word of the entry."""
        return not re.search(r'\byou|"', line, re.IGNORECASE) and facts.tally(line, page, self._lexicon).known == 0

    def _against_library(
        self, bare: quotes.Unquoted, text: str, part: PartName, page: Ground | None, passages: tuple[str, ...]
    ) -> Iterator[Reason]:
        if feelings.asserted(bare.text, self._lexicon):
            yield Reason.TOLD_FEELING
        if part not in ("guidance", "question") or (part == "question" and page is None and not passages):
            return
        held = ground.of(plain("\n".join((*passages, page.text if page else ""))), self._lexicon)
        counted = facts.tally(bare.text, held, self._lexicon)
        if part == "question" and counted.hard and page is not None:
            yield Reason.INVENTED_FACT
        if part == "guidance" and (counted.invents or not passages or not self._leans_on(text, passages)):
            yield Reason.UNSUPPORTED

    def _leans_on(self, text: str, passages: tuple[str, ...]) -> bool:
        said = " ".join(words(text, self._lexicon))
        if any(f" {said} " in f" {' '.join(words(passage, self._lexicon))} " for passage in passages):
            return True
        return facts.tally(text, ground.of(plain("\n".join(passages)), self._lexicon), self._lexicon).known > 0

    def _excused(self, rule: Rule, hit: re.Match[str], page: Ground | None, passages: tuple[str, ...]) -> bool:
        if "passage" in rule.excuses and any(self._holds(ground.of(plain(passage), self._lexicon), hit[0]) for passage in passages):
            return True
        if not rule.excuses & {"reported", "held"} or (page is None and "held" in rule.excuses):
            return False
        line_start = hit.string.rfind("\n", 0, hit.start()) + 1
        lead = hit.string[line_start : hit.start()]
        if page is None:
            return _OWN_REPORT.search(lead) is not None
        reported = _OWN_REPORT.search(lead) or _ANY_REPORT.search(lead)
        return (
            reported is not None and self._holds(page, hit[0]) and (rule.reason is not Reason.MIND_READING or self._same_mind(hit[0], page))
        )

    def _holds(self, held: Ground, said: str) -> bool:
        content = [stem(word, self._lexicon) for word in words(said, self._lexicon) if not self._is_small(word)]
        return bool(content) and all(held.holds(word) for word in content)

    def _is_small(self, word: str) -> bool:
        return word in self._lexicon.skipped or word in shape.GRAMMAR

    def _same_mind(self, said: str, page: Ground) -> bool:
        """Say whether the entry itself says this of the other person: "I miss him" does not hold "he misses you"."""
        spoken = [clause for clause in of_sentence(said, self._lexicon, page.names) if clause.subject is Subject.THIRD]
        sides = (Subject.THIRD, Subject.ADDRESSED)
        return bool(spoken) and all(any(page.by(side, clause.verb) for side in sides) for clause in spoken)


@cache
def default_reviewer() -> Reviewer:
    """Return the reviewer with the rules and word lists of this installation.

    Raises:
        RulesBroken: a rule file or the word lists cannot be used.
    """
    return Reviewer(rules.shipped(), lexicon.shipped())
