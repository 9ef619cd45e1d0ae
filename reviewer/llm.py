"""The offline language model: the only door to `llama_cpp`.

Low-level calls only (recipes and traps: `docs/architecture.md`). A text is evaluated as prefix and draft, and where
asked for more, words between and the draft once more; it is tokenised without control tokens. What several layers
hold of the draft is read while it passes, by a callback on named tensors, and a running evaluation stops within one
graph node when the abort flag is set.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from reviewer.errors import Cancelled, ModelError
from reviewer.prefix_cache import CHUNK, LEAST, Floats, Held, Part, cut
from reviewer.system import c_library, cores

_VERIFY = "运行 / run `reviewer models verify`"

_ABORTED = 2
"""What `llama_decode` returns when the abort callback stopped it; what lies behind the last part goes later."""

DEPTHS = (0.71, 0.79, 0.86)
"""Where the layers that are read lie, as shares of the model's depth (why: `docs/judgement.md`)."""


class Weights:
    """A GGUF model's weights, which several contexts share, in memory until the process ends.

    Files must have been verified against `models.txt` by the caller.
    """

    def __init__(self, path: Path) -> None:
        """Map the weights. Raises `ModelError`."""
        import llama_cpp

        self._ll = llama_cpp
        llama_cpp.llama_log_set(_silence(), ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        mp = llama_cpp.llama_model_default_params()
        mp.n_gpu_layers = 0
        mp.use_extra_bufts = False
        self.handle: Any = llama_cpp.llama_model_load_from_file(os.fsencode(path), mp)
        if not self.handle:
            raise ModelError("判读模型载入失败 / llama.cpp does not load the judge's model", _VERIFY)


class LlamaModel:
    """A GGUF model on the CPU with one context; used by one thread at a time, cancelled from any."""

    def __init__(self, weights: Weights, context: int = 4096) -> None:
        """Reserve a context over `weights`. Raises `ModelError`."""
        import llama_cpp

        self._ll = llama_cpp
        self._ctx: Any = None
        self.weights = weights
        cp = llama_cpp.llama_context_default_params()
        cp.n_ctx, cp.n_batch, cp.n_ubatch = context, context, CHUNK
        cp.n_outputs_max = 8
        cp.flash_attn_type, cp.n_threads, cp.n_threads_batch, cp.no_perf = 0, cores(), cores(), True
        layers = int(llama_cpp.llama_model_n_layer(self.weights.handle))
        self._names = {f"l_out-{round(depth * layers)}".encode(): i for i, depth in enumerate(DEPTHS)}
        self._base = ctypes.CDLL(str(Path(llama_cpp.__file__).parent / "lib" / _library("ggml-base")))
        self._base.ggml_get_name.restype = ctypes.c_char_p
        self._base.ggml_get_name.argtypes = [ctypes.c_void_p]
        self._base.ggml_backend_tensor_get.argtypes = [ctypes.c_void_p] * 2 + [ctypes.c_size_t] * 2
        self._seen: dict[int, Floats] = {}
        self._rows = 0
        self._whole = False
        self._watch = llama_cpp.ggml_backend_sched_eval_callback(self._look)
        cp.cb_eval = self._watch
        self._ctx = llama_cpp.llama_init_from_model(self.weights.handle, cp)
        if not self._ctx:
            raise ModelError(
                f"内存不足 / no memory for a context of {context} tokens", "关掉其他程序 / close other programs"
            )
        self.context = context
        self.n_embd = int(llama_cpp.llama_model_n_embd(self.weights.handle))
        self._vocab = llama_cpp.llama_model_get_vocab(self.weights.handle)
        self._n_vocab = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        self._memory = llama_cpp.llama_get_memory(self._ctx)
        self._flag = ctypes.create_string_buffer(2)
        strlen = c_library().strlen
        callback = ctypes.cast(strlen, llama_cpp.ggml_abort_callback)
        llama_cpp.llama_set_abort_callback(self._ctx, callback, ctypes.cast(self._flag, ctypes.c_void_p))
        self._held = Held()
        self._layers = len(DEPTHS)

    def _look(self, tensor: int, ask: bool, _data: ctypes.c_void_p) -> bool:
        """Called for every node of the graph: copy the rows of the layers that are read, and stop after the last."""
        layer = self._names.get(self._base.ggml_get_name(tensor))
        if ask or layer is None:
            return layer is not None
        rows = np.empty((self._rows, self.n_embd), np.float32)
        self._base.ggml_backend_tensor_get(tensor, rows.ctypes.data, 0, rows.nbytes)
        self._seen[layer] = rows
        return self._whole or layer < len(self._names) - 1

    def close(self) -> None:
        """Free the context."""
        if self._ctx:
            self._ll.llama_free(self._ctx)
        self._ctx = None

    @contextlib.contextmanager
    def leaving_a_core(self) -> Iterator[None]:
        """While the block runs one of several cores is left to other work; what is read stays the same to the last bit.

        Threads that share an evaluation wait for each other, and all wait where one must wait for its core.
        """
        every, fewer = cores(), max(1, cores() - 1)
        self._ll.llama_set_n_threads(self._ctx, fewer, fewer)
        try:
            yield
        finally:
            self._ll.llama_set_n_threads(self._ctx, every, every)

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
            raise ModelError("判读模型分词失败 / the model's tokenizer failed")
        return list(room[:n])

    def read_once(self, prefix: Sequence[int], tokens: Sequence[int]) -> Floats:
        """Evaluate prefix and draft, (tokens, layers * d); both stay for `read_twice`, which raises the same."""
        return self._rows_of(prefix, tokens)

    def read_twice(self, prefix: Sequence[int], tokens: Sequence[int], between: Sequence[int]) -> Floats:
        """Evaluate prefix, draft, `between`, draft: (2, tokens, layers * d), the draft's tokens at both passes.

        At the second pass every token has seen the whole draft. What an earlier draft has in common is reused up to
        the first different token. Raises `Cancelled`, or `ModelError` when the text is empty, does not fit the context,
        or gives values that are not finite.
        """
        seen = self._rows_of(prefix, tokens, *between, *tokens)
        return np.stack([seen[: len(tokens)], seen[len(seen) - len(tokens) :]])

    def _rows_of(self, prefix: Sequence[int], tokens: Sequence[int], *more: int) -> Floats:
        """What the layers hold of each token behind the prefix."""
        if not tokens:
            raise ModelError("空文本无法判读 / an empty text cannot be judged")
        self._evaluate([*prefix, *tokens, *more])
        rows = self._held.rows[len(prefix) :]
        if not np.isfinite(rows).all():
            self._forget()
            raise ModelError("判读模型的结果不是数 / the model's hidden state is not finite", _VERIFY)
        return rows

    def offsets(self, text: str, tokens: Sequence[int]) -> list[int]:
        """The character of `text` at which each of its tokens starts."""
        at, starts = 0, []
        for token in tokens:
            starts.append(at)
            at += len(self._piece(token))
        place = [i for i, c in enumerate(text) for _ in c.encode("utf-8", "replace")]
        return [place[min(b, len(place) - 1)] for b in starts]

    def next_text(self, prompt: Sequence[int], limit: int, stop: str) -> str:
        """Greedy continuation of `prompt`: at most `limit` tokens, cut before `stop`; the same each time.

        Raises `Cancelled`, or `ModelError` when the prompt does not fit the context or the logits are no numbers.
        """
        text, written, pieces = "", list(prompt), bytearray()
        for _ in range(limit):
            self._evaluate(written, output=True, step=len(written) > len(prompt))
            logits = np.ctypeslib.as_array(self._ll.llama_get_logits_ith(self._ctx, -1), (self._n_vocab,))
            if not np.isfinite(logits).all():
                self._forget()
                raise ModelError("模型的回答不是数 / the model's answer is not finite", _VERIFY)
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

    def need(self, size: int) -> None:
        """Raises `ModelError` where so many tokens do not fit the context."""
        if size > self.context:
            raise ModelError(f"文本太长 / {size} tokens do not fit the context of {self.context}")

    def _evaluate(self, tokens: Sequence[int], *, output: bool = False, step: bool = False) -> None:
        """Have the cache hold exactly these tokens; with `output` the logits of the next, in a `step` of writing."""
        self.need(len(tokens))
        at = self._held.shared(tokens, output=output, step=step)
        if not self._ll.llama_memory_seq_rm(self._memory, 0, at, -1):
            self._forget()
            at = 0
        self._held.keep(at)
        for part in cut(tokens[at:]):
            last = at + len(part) == len(tokens)
            self._held.parts.append(self._decode(part, at, whole=output, output=output and last))
            at += len(part)

    def _decode(self, part: tuple[int, ...], position: int, *, whole: bool, output: bool) -> Part:
        """Evaluate one part behind what the cache holds. Raises `Cancelled` and `ModelError`."""
        self._seen, self._rows, self._whole = {}, len(part), whole
        batch = self._ll.llama_batch_init(len(part), 0, 1)
        try:
            batch.n_tokens = len(part)
            for i, token in enumerate(part):
                batch.token[i] = token
                batch.pos[i] = position + i
                batch.n_seq_id[i] = 1
                batch.seq_id[i][0] = 0
                batch.logits[i] = int(output and i == len(part) - 1)
            code = self._ll.llama_decode(self._ctx, batch)
        finally:
            self._ll.llama_batch_free(batch)
        if code == _ABORTED:
            raise Cancelled
        if code != 0 or len(self._seen) != self._layers:
            self._forget()
            raise ModelError(
                f"判读失败 / the model could not evaluate the text (code {code}, layers {len(self._seen)})"
            )
        rows: Floats = np.concatenate([self._seen[i] for i in range(self._layers)], axis=1)
        return Part(part, rows, whole, exact=len(part) >= LEAST)

    def _forget(self) -> None:
        self._ll.llama_memory_clear(self._memory, True)
        self._held.keep(0)

    def __enter__(self) -> "LlamaModel":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(AttributeError):
            self.close()


def _library(name: str) -> str:
    """File name of one of llama.cpp's libraries on this system."""
    return {"darwin": f"lib{name}.dylib", "win32": f"{name}.dll"}.get(sys.platform, f"lib{name}.so")


def instructions() -> str:
    """The instructions of this processor that llama.cpp was built for: machines of as many cores differ by these."""
    import llama_cpp

    told = llama_cpp.llama_print_system_info().decode().partition(":")[2]
    pairs = (pair.partition(" = ") for pair in told.split("|"))
    return " ".join(name.strip() for name, _, value in pairs if value.strip() == "1")


@cache
def _silence() -> Any:
    """The callback for llama.cpp's log, which every context shares and may call until the process ends."""
    import llama_cpp

    return llama_cpp.llama_log_callback(_discard)


def _discard(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
    """Model messages may quote file names; nothing of them is kept."""
