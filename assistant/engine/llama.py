"""llama.cpp, and nothing else of ours imports it. Runs in the language worker only."""

from __future__ import annotations

import codecs
import ctypes
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from assistant.engine.templates import ChatFormat, Message, Segment, detect
from assistant.errors import ModelBroken, ModelUnsupported

BATCH = 128  # small batches: finer cancel and progress, and a scores array of 78 MB instead of 311 (research, section 1.2)


_T = TypeVar("_T")


class Cancelled(Exception):
    """The job was cancelled in the middle of a decode."""


class LlamaContext:
    """One loaded model with its context. Not thread-safe, as llama.cpp is not."""

    def __init__(self, path: Path, context_tokens: int, threads: int, seed: int) -> None:
        import llama_cpp

        self._lib = llama_cpp
        self._threads = threads
        self._cancelled: Callable[[], bool] = _never
        self._llama = _open(llama_cpp, path, context_tokens, threads, seed)
        self.format = self._chat_format(path)
        self._abort = llama_cpp.ggml_abort_callback(lambda _data: self._cancelled())
        llama_cpp.llama_set_abort_callback(self._llama.ctx, self._abort, None)

    @property
    def version(self) -> str:
        """The binding's version; part of the key of a saved state."""
        return str(self._lib.__version__)

    @property
    def used(self) -> int:
        """Tokens now in the KV cache."""
        return int(self._llama.n_tokens)

    @property
    def metadata(self) -> dict[str, str]:
        """The GGUF's own metadata."""
        return dict(self._llama.metadata)

    def tokens(self, segments: Sequence[Segment]) -> list[int]:
        """Turn a prompt into token ids; control tokens come from scaffolding only."""
        ids: list[int] = []
        for segment in segments:
            ids += self._llama.tokenize(segment.text.encode("utf-8", "replace"), add_bos=False, special=segment.scaffolding)
        return ids

    def text(self, tokens: Sequence[int]) -> str:
        """Turn token ids back into text, control tokens included."""
        return str(self._llama.detokenize(list(tokens), special=True).decode("utf-8", "replace"))

    def prefill(self, tokens: Sequence[int], cancelled: Callable[[], bool]) -> int:
        """Bring the KV cache to hold exactly `tokens`; return how many of them were already there.

        Raises:
            Cancelled: `cancelled()` turned true; the cache holds a valid prefix.
        """
        reused = self._shared(tokens)
        if reused == len(tokens) == self.used and not self._llama._requires_eval:
            return reused
        reused = min(reused, len(tokens) - 1)
        self._llama.n_tokens = reused
        for start in range(reused, len(tokens), BATCH):
            self._guarded(partial(self._llama.eval, list(tokens[start : start + BATCH])), cancelled)
        return reused

    def generate(
        self, tokens: Sequence[int], limit: int, temperature: float, seed: int | None, cancelled: Callable[[], bool]
    ) -> Iterator[str]:
        """Yield pieces of text after `tokens`, one per model token (some are empty), until the turn ends or `limit` is reached.

        Raises:
            Cancelled: `cancelled()` turned true.
        """
        if seed is not None:
            self._llama.set_seed(seed)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        stream = self._llama.generate(list(tokens), temp=temperature, top_p=0.9, top_k=40, min_p=0.05, repeat_penalty=1.05)
        try:
            for _ in range(limit):
                token = self._guarded(partial(next, stream, None), cancelled)
                if token is None or self._ends(token):
                    return
                yield decoder.decode(self._llama.detokenize([token]))
        finally:
            stream.close()

    def use_threads(self, count: int) -> None:
        """Set the threads for what follows; the loaded number is the most."""
        self._llama._ctx.set_n_threads(min(count, self._threads), min(count, self._threads))

    def save(self, path: Path) -> None:
        """Write the KV cache with its tokens to `path`. Only ever called with public text in it."""
        ids = (self._lib.llama_token * self.used)(*self._llama.input_ids[: self.used].tolist())
        self._lib.llama_state_seq_save_file(self._llama.ctx, str(path).encode(), 0, ids, self.used)

    def load(self, path: Path, tokens: Sequence[int]) -> bool:
        """Read a file of `save`; say whether it held exactly `tokens`."""
        room = len(tokens) + 1
        ids, count = (self._lib.llama_token * room)(), ctypes.c_size_t(0)
        read = self._lib.llama_state_seq_load_file(self._llama.ctx, str(path).encode(), 0, ids, room, ctypes.byref(count))
        if not read or list(ids[: count.value]) != list(tokens):
            self._llama.reset()
            return False
        self._llama.input_ids[: len(tokens)] = list(tokens)
        self._llama.n_tokens = len(tokens)
        self._llama._requires_eval = True  # the logits are not part of the file
        return True

    def _shared(self, tokens: Sequence[int]) -> int:
        held = self._llama.input_ids[: self.used].tolist()
        return next((i for i, (a, b) in enumerate(zip(held, tokens, strict=False)) if a != b), min(len(held), len(tokens)))

    def _guarded(self, act: Callable[[], _T], cancelled: Callable[[], bool]) -> _T:
        self._cancelled = cancelled
        try:
            if cancelled():
                raise Cancelled
            return act()
        except RuntimeError:  # llama_decode returns 2 when the abort callback stopped it
            if cancelled():
                raise Cancelled from None
            raise
        finally:
            self._cancelled = _never

    def _ends(self, token: int) -> bool:
        return bool(self._lib.llama_vocab_is_eog(self._llama._model.vocab, token))

    def _chat_format(self, path: Path) -> ChatFormat:
        found = detect(self.metadata.get("tokenizer.chat_template", ""))
        if found is None:
            raise ModelUnsupported(path, "its chat format is not one that Afterword knows (ChatML or Llama 3)")
        return found


class BareRun(NamedTuple):
    """What the binding needed by itself: tokens of the prompt, seconds to read it, seconds to write after it."""

    prompt: int
    prefill_seconds: float
    decode_seconds: float


def bare_run(path: Path, context_tokens: int, threads: int, messages: Sequence[Message], count: int) -> BareRun:
    """Read `messages` and write `count` tokens with the binding's own batch size, greedily, with nothing of ours around it."""
    import llama_cpp

    llama = llama_cpp.Llama(
        model_path=str(path), n_ctx=context_tokens, n_threads=threads, n_threads_batch=threads, flash_attn=True, verbose=False
    )
    laid_out = detect(llama.metadata.get("tokenizer.chat_template", ""))
    if laid_out is None:
        raise ModelUnsupported(path, "its chat format is not one that Afterword knows (ChatML or Llama 3)")
    text = "".join(segment.text for segment in laid_out.prompt(messages))
    tokens = llama.tokenize(text.encode(), add_bos=False, special=True)
    began = time.perf_counter()
    llama.eval(tokens)
    read = time.perf_counter()
    for _ in range(count):
        llama.eval([llama.sample(temp=0.0)])
    return BareRun(len(tokens), read - began, time.perf_counter() - read)


def _never() -> bool:
    return False


def _open(llama_cpp: Any, path: Path, context_tokens: int, threads: int, seed: int) -> Any:  # noqa: ANN401 - no types there
    try:
        return llama_cpp.Llama(
            model_path=str(path),
            n_ctx=context_tokens,
            n_batch=BATCH,
            n_ubatch=BATCH,
            n_threads=threads,
            n_threads_batch=threads,
            flash_attn=True,  # False means off in this binding, not automatic
            logits_all=False,
            seed=seed,
            verbose=False,
        )
    except (ValueError, RuntimeError, OSError):
        raise ModelBroken(path, "llama.cpp could not load it; it may be cut short or damaged") from None
