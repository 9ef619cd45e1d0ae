"""Stands for `llama_cpp`: a model of two layers' width, whose every fault is told."""

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reviewer.llm import DEPTHS, LlamaModel

WIDTH = 2
"""Values that a layer holds of a token; a reading has those of every layer of `DEPTHS`."""

LAYERS = 10

CALLBACK = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)


class FakeLlama:
    """What `LlamaModel` calls of `llama_cpp`; a letter is a token, and a layer holds `state` of it."""

    __file__ = "llama_cpp/__init__.py"

    def __init__(self) -> None:
        self.state = 0.0
        self.evaluated: list[int] = []
        """How many tokens each evaluation took."""
        self.code = 0
        """What evaluation ends with."""
        self.memory = True
        """Whether there is any for a context."""
        self.threads = (0, 0)
        """How many evaluate one token, and many."""
        self.before: Callable[[], None] = lambda: None
        """Called when an evaluation has begun."""
        self.ggml_backend_sched_eval_callback = lambda look: look
        self.ggml_abort_callback = CALLBACK
        self._params = SimpleNamespace()
        self._abort: Callable[[], bool] = lambda: False

    def __getattr__(self, name: str) -> Callable[..., int]:
        """What has no effect here."""
        if not name.startswith("llama_"):
            raise AttributeError(name)
        return lambda *_: 1

    def llama_context_default_params(self) -> SimpleNamespace:
        """Any may be set."""
        return self._params

    def llama_model_n_layer(self, _model: int) -> int:
        """Layers of the model."""
        return LAYERS

    def llama_model_n_embd(self, _model: int) -> int:
        """Width of a layer."""
        return WIDTH

    def llama_init_from_model(self, _model: int, params: SimpleNamespace) -> int:
        """A context, or none."""
        self.threads = (params.n_threads, params.n_threads_batch)
        return int(self.memory)

    def llama_set_n_threads(self, _context: int, one: int, many: int) -> None:
        """From now on."""
        self.threads = (one, many)

    def llama_set_abort_callback(self, _context: int, callback: Any, flag: Any) -> None:
        """Asked at every node."""
        self._abort = lambda: callback(flag)

    def llama_tokenize(self, _vocab: int, data: bytes, size: int, room: Any, _more: int, *_: bool) -> int:
        """A byte is a token."""
        room[:size] = list(data)
        return size

    def llama_token_to_piece(self, _vocab: int, token: int, room: Any, *_: Any) -> int:
        """The byte."""
        room[0] = bytes([token])
        return 1

    def llama_batch_init(self, size: int, _width: int, _most: int) -> SimpleNamespace:
        """Room for that many tokens."""
        return SimpleNamespace(
            n_tokens=0,
            **{name: [0] * size for name in ("token", "pos", "n_seq_id", "logits")},
            seq_id=[[0] for _ in range(size)],
        )

    def llama_decode(self, _context: int, batch: SimpleNamespace) -> int:
        """Show every layer to the callback; stop where that or the flag says so, and end as it is told."""
        self.before()
        self.evaluated.append(batch.n_tokens)
        for layer in range(LAYERS):
            if self._abort():
                return 2
            if self._params.cb_eval(layer, True, None) and not self._params.cb_eval(layer, False, None):
                break
        return self.code


class _Base:
    """What is called of llama.cpp's base library: a tensor is its layer's number."""

    def __init__(self, llama: FakeLlama) -> None:
        def name(tensor: int) -> bytes:
            return f"l_out-{tensor}".encode()

        def get(_tensor: int, place: int, _offset: int, size: int) -> None:
            values = np.full(size // 4, llama.state, np.float32)
            ctypes.memmove(place, values.ctypes.data, size)

        self.ggml_get_name, self.ggml_backend_tensor_get = name, get


@contextmanager
def installed(llama: FakeLlama) -> Iterator[Callable[..., LlamaModel]]:
    """While the block runs, `llama_cpp` is the fake; it makes models over it."""
    real = ctypes.CDLL

    def library(name: str | None) -> Any:
        return _Base(llama) if name and "ggml-base" in name else real(name)

    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, "llama_cpp", llama)
        patched.setattr(ctypes, "CDLL", library)
        yield lambda **given: LlamaModel(SimpleNamespace(handle=1), **given)  # type: ignore[arg-type]


ROW = WIDTH * len(DEPTHS)
"""Width of a token at one reading."""
