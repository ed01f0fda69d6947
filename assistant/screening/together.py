"""What two halves mean together when an entry says them far apart: a thing to arrange here, the need to ask there."""

from __future__ import annotations

from assistant.screening.levels import Category, Finding, Level

_JOINED = (
    (frozenset(["practical", "must_tell"]), Finding("logistics.needed", Category.LOGISTICS, Level.PRESENT)),
    (frozenset(["their_message", "wonders"]), Finding("they_wrote.wonders", Category.THEY_WROTE, Level.PRESENT)),
    (frozenset(["one_contact", "decided"]), Finding("once.planned", Category.ONCE, Level.PRESENT)),
)
# These halves are common words: in a long entry they meet by chance.
_JOINED_IF_SHORT = (
    (frozenset(["asks_program", "wants_back"]), Finding("win_back.pieced", Category.WIN_BACK, Level.PRESENT)),
    (frozenset(["asks_program", "message_for_them"]), Finding("win_back.wording-pieced", Category.WIN_BACK, Level.PRESENT)),
    (frozenset(["asks_program", "look_at"]), Finding("checking.pieced", Category.CHECKING, Level.PRESENT)),
    (frozenset(["asks_program", "names_condition"]), Finding("diagnosis.pieced", Category.DIAGNOSIS, Level.PRESENT)),
    (frozenset(["asks_program", "expert_matter"]), Finding("medical_legal.pieced", Category.MEDICAL_LEGAL, Level.PRESENT)),
    (frozenset(["asks_program", "their_future"]), Finding("prophecy.pieced", Category.PROPHECY, Level.PRESENT)),
    (frozenset(["asks_program", "blocked"]), Finding("evade_block.pieced", Category.EVADE_BLOCK, Level.PRESENT)),
)
_SHORT = 70  # words


def together(tags: frozenset[str], text: str) -> tuple[Finding, ...]:
    """Return the findings whose halves are all among the tags of an entry, `text`."""
    joined = _JOINED + (_JOINED_IF_SHORT if len(text.split()) <= _SHORT else ())
    return tuple(finding for halves, finding in joined if halves <= tags)
