"""How a matched stretch is meant: whose words, about whom, denied, past, or a manner of speaking."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.screening.sentences import Quote, Sentence, Speaker

_FIRST = frozenset("i im ive id ill me myself we us yo je ich mich j".split())
_THIRD_TEXT = (
    "he hes hed she shes shed they theyre you youre who everyone everybody people someone friend sister brother mom "
    "mum dad mother father ex son daughter cousin coworker colleague boyfriend girlfriend husband wife roommate "
    "neighbour neighbor character singer flatmate el ella il elle er sie "
)
_THIRD = frozenset(_THIRD_TEXT.split())
_NEAR = 5  # words before a match in which another person is its subject

_NEGATION = re.compile(
    r"\b(?:not|never|dont|wont|wouldnt|didnt|doesnt|isnt|arent|aint|havent|hasnt|wasnt|without (?:wanting|trying|meaning)|nor|"
    r"neither|no longer|stopped|"
    r"nobody|nunca|no quiero|ne|jamais|pas|nie|nicht|kein|keine)\b"
)
_NEGATIONS_TEXT = "not never dont wont wouldnt didnt doesnt isnt arent aint havent hasnt wasnt nobody nie nicht nunca jamais "
NEGATIONS = frozenset(_NEGATIONS_TEXT.split())
_HALF_NEGATION = re.compile(r"\b(?:cant|cannot|couldnt|can not|shouldnt|dont think|not saying|not exactly|not really|trying not to)\b")
_NO_NEGATION = re.compile(
    r"\bnot (?:only|just|sure|gonna lie|going to lie|okay|ok|coping|eating|sleeping)\b|\b(?:cant|cannot|wont|never|not|dont) "
    r"(?:stop|help|not|quit|shake)\b|"
    r"\bcant (?:go on|take|cope|do|handle|stand|live|sleep|eat|breathe|see|keep|stay)\b|\bdont (?:know|care|see|understand|"
    r"get|even)\b|\b(?:why|if) not\b|"
    r"\bnever (?:thought|imagined|knew|believed|told|felt (?:so|this|like this|worse)|wanted (?:so|this|more))\b|\bwhy "
    r"(?:dont|wouldnt|"
    r"shouldnt)\b|\bdont (?:tell|worry|judge|say|ask|let me|hate me|leave)\b|\bif i (?:dont|didnt)\b|\bnobody (?:knows|cares|"
    r"sees|understands|"
    r"believes)\b|\bnot a (?:\w{1,10} ){1,4}(?:dont|doesnt)\b|\bnot that i (?:dont|wouldnt)\b|\bno (?:one|point|reason|way|"
    r"idea|hope|future)\b|\bwouldnt (?:mind|care)\b"
)
_HEDGE = re.compile(r"\b(?:but|though|although|just|except|yet|however|only|anymore but|sometimes|pero|mais|aber)\b")
_PAST = re.compile(
    r"\byears? (?:ago|back)\b|\bused to\b|\bback then\b|\bdecades? ago\b|\bwhen i was (?:\d|a (?:kid|child|teen|student)|"
    r"young|little|in |at |fif|six|sev|eig|nin)|"
    r"\bin (?:19|20)\d\d\b|\bas a (?:teen|kid|child)|\b(?:in|at) (?:high school|college|uni|university|my teens|my "
    r"twenties)\b|\blong (?:time )?ago\b"
)
_FINE_NOW = re.compile(
    r"\b(?:im|i am|feel|feeling|doing|been) (?:\w{1,12} ){0,3}(?:fine|ok|okay|good|better|safe|well|past it|happy|glad|alive|"
    r"recovered)\b|\bglad i(?: am|m)? |\bi got (?:help|through)|"
    r"\bi dont (?:feel|think|want) (?:like )?that (?:anymore|now|any more)|\b(?:clean|free|better|healed|over it|behind me) "
    r"(?:now|for|since)\b|\bnot anymore\b|\bno longer\b"
)
_FICTION = re.compile(
    r"\b(?:song|lyrics?|track|movie|film|novel|poem|character|episode|podcast) (?:\w{1,15} ){0,3}(?:says?|goes|called|titled|"
    r"named|about|where)\b|"
    r"\b(?:book|show|story|game|band|scene) (?:\w{1,15} ){0,2}(?:says|called|titled|named|is about)\b|"
    r"\b(?:a character|character who|in gta(?: \w{1,3})?|in minecraft|in the sims|in a game|for a (?:book|story|novel|film|"
    r"play|tv show)|"
    r"in (?:the|a|that|this) (?:film|movie|novel|series|play|book)|my (?:novel|short story|screenplay)|an? (?:book|novel|"
    r"story|film) im writing)\b"
)
_LAUGH = re.compile(r"\b(?:lol|lmao|lmfao|rofl|haha\w{0,10}|hehe|jk|just kidding|xd)\b")
_INTRUSIVE = re.compile(r"\b(?:intrusive|ocd)\b")
_ASKS = re.compile(
    r"^(?:and |but |so |ok |well |hey |hi )?(?:is|are|am|does|do|will|would|can|could|should|shall|may|how|whats|what (?:is|are|does|"
    r"do|would|should|can|could|will)|whos|who is|when will|which|any (?:idea|way|tips|chance|advice)|tell me|help|give me|show me|"
    r"please|pls|find|explain|write|be honest)\b|"
    r"\b(?:(?:can|could|would|will) (?:you|u)|do you (?:think|know)|tell me|be honest|yes or no|please|pls|help me|how (?:do|can|could|"
    r"would|likely) |is there (?:a|any|some)|whats the|any (?:tips|ideas|chance|advice)|just wondering|wondering (?:if|whether)|"
    r"(?:need|want|wanna|like|love) to know|or not$|right$|what are the|should i|can i|could i|am i|do i)\b"
)


def asks(sentence: Sentence) -> bool:
    """Say whether a sentence asks for something, with or without a question mark."""
    return sentence.question or bool(_ASKS.search(sentence.text))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the words around a match make of it."""

    negated: bool
    hedged: bool
    quoted_by: Speaker | None
    others: bool
    past: bool
    fine_now: bool
    fiction: bool
    laughing: bool
    intrusive: bool


def meaning(sentence: Sentence, start: int, end: int, following: str = "", own: frozenset[str] = frozenset()) -> Meaning:
    """Read the words around characters `start` to `end` of a sentence.

    `following` is the sentence after it. `own` are the negations that the rule itself is made of ("dont want to live").
    """
    begin = sentence.clause_of(end)
    before = sentence.text[begin:start]
    text = sentence.text
    near = _NO_NEGATION.sub(" ", " ".join(before.split()[-8:]))
    inside = NEGATIONS.intersection(sentence.text[max(begin, start) : end].split()) - own
    half = bool(_HALF_NEGATION.search(near))
    quote = _quote_at(sentence, start)
    return Meaning(
        negated=half or bool(inside) or bool(_NEGATION.search(near)),
        hedged=half or bool(_HEDGE.search(text, end)),
        quoted_by=None if quote is None or _whole(sentence, quote) else quote.speaker,
        others=_about_another(text[:start].split()[-_NEAR:]),
        past=bool(_PAST.search(text)),
        fine_now=bool(_FINE_NOW.search(text, end) or _FINE_NOW.search(text[:start]) or _FINE_NOW.search(following)),
        fiction=bool(_FICTION.search(text)),
        laughing=bool(_LAUGH.search(text)),
        intrusive=bool(_INTRUSIVE.search(text)),
    )


def _about_another(words: list[str]) -> bool:
    for word in reversed(words):
        if word in _FIRST:
            return False
        if word in _THIRD:
            return True
    return False


def _quote_at(sentence: Sentence, position: int) -> Quote | None:
    return next((quote for quote in sentence.quotes if quote.start <= position < quote.end), None)


def _whole(sentence: Sentence, quote: Quote) -> bool:
    """Say whether a quotation nobody is named for is all there is: then it is the writer's own line in quotation marks."""
    return quote.speaker is Speaker.UNKNOWN and quote.start == 0 and quote.end == len(sentence.text)
