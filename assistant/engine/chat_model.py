"""The local model as a LangChain chat model, so that any other LangChain chat model can take its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, PrivateAttr

from assistant.engine.service import Delta, Generate, Prefill, Stats
from assistant.engine.templates import Message
from assistant.worker import Ticket, Worker

_LIMIT = 96  # tokens; two sentences of a mirror take about 50


class LocalChatModel(BaseChatModel):
    """llama.cpp behind its worker process.

    `stream` yields text as it is generated; closing the stream cancels the job, and so does `cancel` from any thread. Every
    answer begins with `opening`; `warning` is what a person should know of this model. `last` holds the figures of the newest finished job.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str | None = "local"
    worker: Worker
    limit: int = _LIMIT
    temperature: float = 0.4
    seed: int | None = None
    opening: str = ""
    warning: str = ""
    _ticket: Ticket | None = PrivateAttr(default=None)
    _asked: int = PrivateAttr(default=0)
    _last: Stats | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "afterword-llama-cpp"

    @property
    def last(self) -> Stats | None:
        """Figures of the newest finished job, or None before the first."""
        return self._last

    def cancel(self) -> None:
        """Stop the job that is running, in prefill or in decode; about 10 ms."""
        if self._ticket is not None:
            self._ticket.cancel()

    def remember(self, messages: list[BaseMessage]) -> None:
        """Read `messages` while idle, so that the next answer starts sooner. Returns at once; the next job replaces it."""
        self._begin(Prefill(laid_out(messages)))

    def _begin(self, job: Generate | Prefill) -> Ticket:
        if self._ticket is not None and isinstance(self._ticket.job, Prefill):
            self._ticket.cancel()
        self._ticket = self.worker.submit(job)
        return self._ticket

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        seed = None if self.seed is None else self.seed + self._asked
        self._asked += 1  # so that a second try is not the first one again
        ticket = self._begin(Generate(laid_out(messages), self.limit, self.temperature, seed, self.opening))
        finished = False
        try:
            for output in ticket:
                if isinstance(output, Stats):
                    self._last = output
                elif isinstance(output, Delta):
                    yield ChatGenerationChunk(message=AIMessageChunk(content=output.text))
            finished = True
            yield ChatGenerationChunk(message=AIMessageChunk(content=""))  # LangChain refuses a stream without any chunk
        finally:
            if not finished:
                ticket.cancel()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


def laid_out(messages: list[BaseMessage]) -> tuple[Message, ...]:
    """Turn LangChain's messages into the engine's."""
    return tuple(map(_message, messages))


def _message(message: BaseMessage) -> Message:
    text = str(message.content)
    if isinstance(message, SystemMessage):
        return Message("system", text)
    return Message("user" if isinstance(message, HumanMessage) else "assistant", text)
