"""The mirror: which of the writer's lines are said back, what the model is asked, and the sentences that come.

The model turns the most telling lines into the second person and sees only them. Asked to choose from a whole entry, the default
model invented or borrowed facts in 9 of 14 examples; asked to turn chosen lines, in none (docs/decisions/0004-telling-lines.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant import sentences
from assistant.conversation import Conversation, Turn
from assistant.prompts import Prompt

# Head and tail are counted in words and characters, so that no tokenizer is needed to plan a reply.
_ENTRY_WORDS, _ENTRY_CHARS = 1200, 7000
_LINES_WORDS, _LINE_WORDS = 45, 35  # two lines of a mirror; a longer line is rarely turned round without a slip
_ENOUGH = 12  # words; a line of its own this long needs no neighbour, and two long lines get mixed up
_PAST = 6  # past turns in the prompt; each pair is about 120 tokens of the 4096
_SELF = re.compile(r"\b(i|my|me|i'm|im|mine|myself|i've|ive|i'd|id)\b", re.IGNORECASE)
_CODE = re.compile(r"[<>{}|\\]|https?:")
_WORD = re.compile(r"[\w']+")


def fits(text: str) -> bool:
    """Say whether lines are chosen from all of `text`, or from its head and tail."""
    return len(text) <= _ENTRY_CHARS and len(text.split()) <= _ENTRY_WORDS


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the entry with how telling it is."""

    text: str
    weight: float


def telling(prompt: Prompt, text: str, attempt: int = 0) -> str:
    """Return the writer's most telling line with its better neighbour, in order; empty if there is no line of two words.

    `attempt` counts from 0: a later one starts from the next most telling line, if there is one.
    """
    lines = _weighed(prompt, _head_and_tail(text))
    if not lines:
        return ""
    best = sorted(range(len(lines)), key=lambda i: -lines[i].weight)[min(attempt, len(lines) - 1)]
    length = len(lines[best].text.split())
    room = _LINES_WORDS - length if length < _ENOUGH else 0
    beside = [i for i in (best - 1, best + 1) if 0 <= i < len(lines) and len(lines[i].text.split()) <= room]
    chosen = sorted([best, *sorted(beside, key=lambda i: -lines[i].weight)[:1]])
    return " ".join(lines[i].text for i in chosen)


def quotable(prompt: Prompt, text: str) -> str:
    """Return the one line to quote when no sentence by the model can be shown; empty if none is fit to be quoted."""
    weighed = _weighed(prompt, _head_and_tail(text))
    lines = [line for line in weighed if 3 <= len(line.text.split()) <= _LINE_WORDS and not _CODE.search(line.text)]
    return max(lines, key=lambda line: line.weight).text.strip(" .\"'") if lines else ""


def messages(prompt: Prompt, text: str, conversation: Conversation, attempt: int = 0) -> list[BaseMessage]:
    """Lay out the prompt: static instructions and examples | past turns, each tokenised the same way every time | the lines."""
    past = [_past(prompt, turn) for turn in conversation.turns[-_PAST:]]
    return [*static(prompt), *past, HumanMessage(telling(prompt, text, attempt))]


def static(prompt: Prompt) -> list[BaseMessage]:
    """Return the part of the prompt that is the same for everyone; its KV state may be kept on disk."""
    laid: list[BaseMessage] = [SystemMessage(prompt.text)]
    for example in prompt.examples:
        laid += [HumanMessage(example.entry), AIMessage(example.mirror)]
    return laid


def mirror(model: BaseChatModel, prompt: Prompt, text: str, conversation: Conversation, attempt: int = 0) -> Iterator[str]:
    """Yield the model's sentences as each is complete; nothing here is reviewed yet."""
    held = ""
    for chunk in model.stream(messages(prompt, text, conversation, attempt)):
        held += str(chunk.content)
        whole = sentences.split(held)
        if len(whole) > 1:  # a sentence is whole once the next one has begun
            yield from whole[:-1]
            held = held[held.rindex(whole[-1]) :]
    if held.strip():
        yield held.strip()


def _past(prompt: Prompt, turn: Turn) -> BaseMessage:
    return HumanMessage(telling(prompt, turn.text)) if turn.role == "writer" else AIMessage(" ".join(sentences.split(turn.text)[:2]))


def _weighed(prompt: Prompt, text: str) -> list[Line]:
    found = [sentence for sentence in sentences.split(text) if len(sentence.split()) > 1]
    return [Line(sentence, _weight(prompt, sentence, i / len(found))) for i, sentence in enumerate(found)]


def _weight(prompt: Prompt, sentence: str, place: float) -> float:
    """Weigh a line: about oneself, in words that carry loss or wish, later rather than earlier, neither scrap nor list nor question."""
    words = _WORD.findall(sentence.casefold().replace("’", "'"))
    weight = 2.0 * bool(_SELF.search(sentence)) + min(3, sum(word in prompt.telling for word in words)) + 0.8 * place
    weight -= 1.5 * (len(words) > _LINE_WORDS) + 1.0 * (len(words) < 6) + 1.0 * ("?" in sentence)
    return weight - 9.0 * bool(_CODE.search(sentence))  # never said back while there is anything else


def _head_and_tail(text: str) -> str:
    if fits(text):
        return text
    head, tail = text[: _ENTRY_CHARS // 2], text[-(_ENTRY_CHARS // 2) :]
    return f"{head.rpartition(' ')[0]}\n{tail.partition(' ')[2]}"
