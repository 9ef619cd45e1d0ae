"""Sentences to vectors: the only door to `sentence_transformers` and `torch`.

Weights are read from safetensors only; `convert` makes that from a downloaded `pytorch_model.bin` once, unpickling
nothing but tensors.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from reviewer import tensors
from reviewer.errors import ModelError

Floats = NDArray[np.float32]

TOKENS = 512
"""Longest input in tokens; the rest of a longer text is not read, so callers cut texts into windows."""


TOGETHER = 4
"""Texts of like length that are read at a time: each is padded to the longest of them, and padding is computed too."""


class Embedder:
    """A BERT-like sentence encoder with mean pooling, on the CPU; vectors have unit length."""

    def __init__(self, directory: Path, name: str) -> None:
        """Load `directory` (verified by the caller). Raises `ModelError`."""
        with _left_out("sklearn", "sklearn.metrics"):
            from sentence_transformers import SentenceTransformer
            from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

        try:
            encoder = Transformer(
                str(directory),
                max_seq_length=TOKENS,
                model_kwargs={"use_safetensors": True, "local_files_only": True, "trust_remote_code": False},
                config_kwargs={"local_files_only": True, "trust_remote_code": False},
                processor_kwargs={"local_files_only": True},
            )
            pooling = Pooling(encoder.get_embedding_dimension(), "mean")
        except (OSError, ValueError, KeyError) as exc:
            raise ModelError(
                f"向量模型载入失败 / the embedder {name} does not load", "运行 / run `reviewer models verify`"
            ) from exc
        self._model = SentenceTransformer(modules=[encoder, pooling], device="cpu", local_files_only=True)
        self.name = name
        self.dimension = int(pooling.get_embedding_dimension() or 0)
        with (directory / "model.safetensors").open("rb") as file:
            self.identity = hashlib.file_digest(file, "sha256").hexdigest()

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, dimension) unit vectors; an empty list gives an empty array."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=TOGETHER, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)


@contextmanager
def _left_out(*names: str) -> Iterator[None]:
    """While the block imports libraries these modules are empty, unless they are loaded already.

    `sentence_transformers` imports scikit-learn, a second of a cold start, for distances that are never asked for here.
    """
    empty = {name: ModuleType(name) for name in names if name not in sys.modules}
    for name, module in empty.items():
        module.__dict__.update(
            __spec__=ModuleSpec(name, None, is_package=True), __path__=[], __getattr__=lambda _: None
        )
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


def convert(source: Path, target: Path) -> None:
    """Write `target` as a safetensors model from the `pytorch_model.bin`, config and tokenizer in `source`.

    The output is the same byte for byte every time, so that its hash can be listed. Raises `ModelError`.
    """
    from safetensors.numpy import save_file

    held = tensors.read(source / "pytorch_model.bin")
    target.mkdir(parents=True, exist_ok=True)
    save_file({name: held[name] for name in sorted(held)}, target / "model.safetensors", metadata={"format": "pt"})
    for path in source.iterdir():
        if path.suffix in (".json", ".txt") and path.name != "README.md":
            shutil.copyfile(path, target / path.name)
    config = json.loads((target / "config.json").read_text("utf-8"))
    if "model_type" not in config:
        raise ModelError(
            "向量模型的 config.json 没有写模型类型 / the embedder's config.json names no model type",
            "重新下载 / fetch it again",
        )
