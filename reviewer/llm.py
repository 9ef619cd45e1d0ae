"""The offline language model: the only door to `llama_cpp`.

Low-level calls only (recipes and traps: `docs/architecture.md`): a fixed prefix is evaluated once and branched by
`llama_memory_seq_cp`, draft tokens are tokenised without control tokens, hidden states are read where asked, and a
running evaluation stops within one graph node when the abort flag is set.
"""

import contextlib
import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import Cancelled, ModelError

Floats = NDArray[np.float32]

CHUNK = 128
"""Tokens evaluated in one call: enough rows for the matrix kernels. Only whole chunks are reused from an earlier text,
so a state never depends, not even in the last bit, on what was evaluated before."""

TAIL = 8
"""Tokens of the last call, the only one with hidden states: llama.cpp outputs every row of such a call."""


class LanguageModel(Protocol):
    """What the judge needs of a language model; `LlamaModel` is the real one."""

    def tokenize(self, text: str) -> list[int]:
        """Token ids of untrusted text; control tokens in it stay ordinary characters."""

    def states(self, prefix: Sequence[int], tokens: Sequence[int], suffix: Sequence[int]) -> Floats:
        """Hidden state after the last token of prefix + tokens + suffix, shape (n_embd,)."""

    def next_text(self, prompt: Sequence[int], limit: int, stop: str) -> str:
        """Greedy continuation of at most `limit` tokens, up to `stop`."""

    def cancel(self) -> None:
        """Stop the running evaluation from any thread; it raises `Cancelled`."""


class LlamaModel:
    """A GGUF model on the CPU with one context; used by one thread, cancelled from any.

    The model and the adapter must have been verified against `models.txt` by the caller.
    """

    def __init__(self, path: Path, adapter: Path | None = None, context: int = 4096, threads: int = 0) -> None:
        """Map the weights (and a LoRA `adapter`) and reserve a context. Raises `ModelError`."""
        import llama_cpp

        self._ll = llama_cpp
        self._ctx: Any = None
        self._model: Any = None
        self._adapter: Any = None
        self._log = llama_cpp.llama_log_callback(_discard)
        llama_cpp.llama_log_set(self._log, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        mp = llama_cpp.llama_model_default_params()
        mp.n_gpu_layers = 0
        mp.use_extra_bufts = False
        self._model = llama_cpp.llama_load_model_from_file(os.fsencode(path), mp)
        if not self._model:
            raise ModelError(f"{path.name} does not load as a model", "run `reviewer models verify`")
        threads = threads or len(os.sched_getaffinity(0))
        cp = llama_cpp.llama_context_default_params()
        cp.n_ctx, cp.n_batch, cp.n_ubatch = context, context, CHUNK
        cp.n_seq_max, cp.kv_unified, cp.n_outputs_max = 4, True, 16
        cp.flash_attn_type, cp.n_threads, cp.n_threads_batch, cp.no_perf = 1, threads, threads, True
        cp.embeddings, cp.pooling_type = False, llama_cpp.LLAMA_POOLING_TYPE_NONE
        self._ctx = llama_cpp.llama_init_from_model(self._model, cp)
        if not self._ctx:
            raise ModelError(f"no memory for a context of {context} tokens", "close other programs")
        self.context = context
        self.n_embd = int(llama_cpp.llama_model_n_embd(self._model))
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._n_vocab = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        self._memory = llama_cpp.llama_get_memory(self._ctx)
        if adapter is not None:
            self._adapter = llama_cpp.llama_adapter_lora_init(self._model, os.fsencode(adapter))
            if not self._adapter:
                raise ModelError(f"{adapter.name} does not fit {path.name}", "run `reviewer models verify`")
            adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(self._adapter)
            llama_cpp.llama_set_adapters_lora(self._ctx, adapters, 1, (ctypes.c_float * 1)(1.0))
        self._flag = ctypes.create_string_buffer(2)
        strlen = ctypes.CDLL(None).strlen
        callback = ctypes.cast(strlen, llama_cpp.ggml_abort_callback)
        llama_cpp.llama_set_abort_callback(self._ctx, callback, ctypes.cast(self._flag, ctypes.c_void_p))
        self._held: list[int] = []

    def close(self) -> None:
        """Free context and weights."""
        if self._ctx:
            self._ll.llama_free(self._ctx)
        if self._model:
            self._ll.llama_model_free(self._model)
        self._ctx = self._model = None

    def cancel(self) -> None:
        """Stop the running evaluation within one graph node, from any thread."""
        self._flag[0] = b"\x01"

    def ready(self) -> None:
        """Take back an earlier `cancel`."""
        self._flag[0] = b"\x00"

    def tokenize(self, text: str) -> list[int]:
        """Token ids of untrusted text (`special=False`: `<|im_start|>` typed in a draft is ordinary text)."""
        data = text.encode("utf-8", "replace")
        room = (ctypes.c_int32 * (len(data) + 8))()
        n = self._ll.llama_tokenize(self._vocab, data, len(data), room, len(room), False, False)
        if n < 0:
            raise ModelError("the model's tokenizer failed")
        return list(room[:n])

    def states(self, prefix: Sequence[int], tokens: Sequence[int], suffix: Sequence[int]) -> Floats:
        """Hidden state (after the final norm) of the last token, shape (n_embd,); one forward pass.

        Whole chunks of an earlier text are reused up to the first different token, so a small edit near the end of a
        long draft costs its tail. Raises `Cancelled`, or `ModelError` when the
        text does not fit the context or the state is not finite.
        """
        self._evaluate([*prefix, *tokens, *suffix], embeddings=True)
        pointer = self._ll.llama_get_embeddings_ith(self._ctx, -1)
        if not pointer:
            raise ModelError("the model gave no hidden state")
        state = np.ctypeslib.as_array(pointer, (self.n_embd,)).astype(np.float32)
        if not np.isfinite(state).all():
            raise ModelError("the model's hidden state is not finite", "run `reviewer models verify`")
        return state

    def next_text(self, prompt: Sequence[int], limit: int, stop: str) -> str:
        """Greedy continuation of `prompt`: at most `limit` tokens, cut before `stop`."""
        text = ""
        written = list(prompt)
        pieces = bytearray()
        for _ in range(limit):
            self._evaluate(written, embeddings=False)
            logits = np.ctypeslib.as_array(self._ll.llama_get_logits_ith(self._ctx, -1), (self._n_vocab,))
            token = int(logits.argmax())
            if self._ll.llama_vocab_is_eog(self._vocab, token):
                break
            pieces += self._piece(token)
            written.append(token)
            text = pieces.decode("utf-8", "ignore")
            if stop in text:
                return text.split(stop)[0]
        return text

    def _piece(self, token: int) -> bytes:
        room = ctypes.create_string_buffer(256)
        n = self._ll.llama_token_to_piece(self._vocab, token, room, len(room), 0, False)
        return room.raw[: max(n, 0)]

    def _evaluate(self, tokens: list[int], *, embeddings: bool) -> None:
        """Bring the cache to exactly `tokens`, with an output at the last one."""
        if len(tokens) > self.context:
            raise ModelError(f"{len(tokens)} tokens do not fit the context of {self.context}")
        keep = 0
        limit = min(len(self._held), len(tokens) - TAIL)
        while keep < limit and self._held[keep] == tokens[keep]:
            keep += 1
        keep -= keep % CHUNK
        self._ll.llama_memory_seq_rm(self._memory, 0, keep, -1)
        del self._held[keep:]
        tail = max(len(tokens) - TAIL, 0)
        self._ll.llama_set_embeddings(self._ctx, False)
        for start in range(keep, tail, CHUNK):
            self._decode(tokens[start : min(start + CHUNK, tail)], start, last=False)
        self._ll.llama_set_embeddings(self._ctx, embeddings)
        self._decode(tokens[tail:], tail, last=True)
        del self._held[tail - tail % CHUNK :]

    def _decode(self, chunk: Sequence[int], position: int, *, last: bool) -> None:
        batch = self._ll.llama_batch_init(len(chunk), 0, 1)
        try:
            batch.n_tokens = len(chunk)
            for i, token in enumerate(chunk):
                batch.token[i] = token
                batch.pos[i] = position + i
                batch.n_seq_id[i] = 1
                batch.seq_id[i][0] = 0
                batch.logits[i] = int(last and i == len(chunk) - 1)
            code = self._ll.llama_decode(self._ctx, batch)
        finally:
            self._ll.llama_batch_free(batch)
        if code == 2:
            self._forget()
            raise Cancelled
        if code != 0:
            self._forget()
            raise ModelError(f"the model could not evaluate the text (code {code})")
        self._held += chunk

    def _forget(self) -> None:
        self._ll.llama_memory_clear(self._memory, True)
        self._held.clear()

    def __enter__(self) -> "LlamaModel":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(AttributeError):
            self.close()


def _discard(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
    """Model messages may quote file names; nothing of them is kept."""
