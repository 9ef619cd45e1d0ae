"""The fitted heads: linear readings of a hidden state and an embedding, stacked into calibrated probabilities.

One safetensors file per judge. Output 0 is "anything is violated", output 1 + k is label k of `precedents.LABELS`.
`tests/weights` and `docs/judgement.md` say how well it does; `judge/calibrate.py` fits it.
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from reviewer import durable
from reviewer.draft import Value
from reviewer.errors import ModelError
from reviewer.judge.attention import Attention

Floats = NDArray[np.float32]

REFIT = "运行 / run `reviewer calibrate`"
"""What helps where the heads do not fit the model."""

PLAIN = -2.0
"""The highest log-odds that a glance's limit may have, whatever it was fitted on: who reads only half of a text must be
surer than who reads it all (a probability of 12 %)."""


class Fitted(Value):
    """What a heads file was fitted on and where its working point lies."""

    judge: str
    judge_sha256: str
    embedder_sha256: str
    frame_sha256: str
    library_sha256: str
    ids: tuple[str, ...]
    threshold: float = Field(gt=0, lt=1)
    """Probability of a violation from which a draft must be reviewed."""
    review_load: float
    """Share of harmless precedents above the threshold in grouped cross-validation."""
    plain_below: float = Field(le=PLAIN, allow_inf_nan=False)
    """Log-odds of a glance below which it settles a draft as harmless."""

    def need_read_as(self, frame_sha256: str, embedder: str) -> None:
        """Raises `ModelError` unless drafts are read in the frame and by the embedder of the fitting."""
        if (frame_sha256, embedder) != (self.frame_sha256, self.embedder_sha256):
            raise ModelError(
                "判读参数与提示词或向量模型不配 / the heads were fitted with another prompt frame or embedder", REFIT
            )


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights of all readings. `d` width of a state, `e` embedding size, `n` precedents, 15 outputs."""

    fitted: Fitted
    llm_weight: Floats
    """(15, d)"""
    llm_bias: Floats
    glance_weight: Floats
    """(15, d / 2): over the mean of the tokens at the first pass alone."""
    glance_bias: Floats
    emb_weight: Floats
    """(15, e)"""
    emb_bias: Floats
    attention: Attention
    stack_weight: Floats
    """(15, 4): how much each output trusts the readings, in the order of `combined`."""
    stack_bias: Floats
    once_weight: Floats
    """(15, 3): how much each output of a glance trusts its readings, in the order of `glanced`."""
    once_bias: Floats
    embeddings: Floats
    """(n, e), unit length: the precedents, for neighbours."""
    outcomes: Floats
    """(n, 15): the precedents' log-odds, read whole, from heads that saw neither them nor their twins."""
    evidence: Floats
    """(w,): how much a token, at the second reading, looks like the words that decide; only differences count."""

    def readings(self, state: Floats, embedding: Floats, tokens: Floats) -> Floats:
        """What each part says of one text, (15, 4) as `combined`; `tokens` (t, w) are those of the second reading."""
        llm = self.llm_weight @ state + self.llm_bias
        emb = self.emb_weight @ embedding + self.emb_bias
        return combined(llm, emb, self.attention.outputs(tokens))

    def outputs(self, state: Floats, embedding: Floats, tokens: Floats) -> Floats:
        """The 15 calibrated log-odds of one text. Raises `ModelError` where one is no number."""
        readings = self.readings(state, embedding, tokens)
        return finite(np.asarray((readings * self.stack_weight).sum(axis=-1) + self.stack_bias, np.float32))

    def glance(self, state: Floats, embedding: Floats) -> Floats:
        """The 15 calibrated log-odds of a text by the mean (d / 2,) of its tokens at the first pass alone.

        Raises `ModelError` where one is no number.
        """
        llm = self.glance_weight @ state + self.glance_bias
        readings = glanced(llm, self.emb_weight @ embedding + self.emb_bias)
        return finite(np.asarray((readings * self.once_weight).sum(axis=-1) + self.once_bias, np.float32))

    def plain(self, glance: Floats) -> bool:
        """Whether a glance's 15 log-odds settle a text as harmless."""
        return float(glance[0]) < min(self.fitted.plain_below, self.threshold)

    @property
    def threshold(self) -> float:
        """The working point as log-odds."""
        p = self.fitted.threshold
        return float(np.log(p / (1 - p)))


def finite(values: Floats) -> Floats:
    """What was read of a text, where every value is a number. Raises `ModelError`."""
    if not np.isfinite(values).all():
        raise ModelError(
            "判读的结果不是数 / what was read of the text is not finite", "运行 / run `reviewer models verify`"
        )
    return values


def combined(llm: Floats, emb: Floats, attention: Floats) -> Floats:
    """The readings (..., 15) that are stacked, as (..., 15, 4).

    The fourth counts for "violates anything" alone: the log of the odds of every label together. Each label has a
    direction of its own, so that what violates one of them plainly is not lost in what all of them have in common.
    """
    return np.stack([llm, emb, attention, _union(llm)], axis=-1)


def glanced(llm: Floats, emb: Floats) -> Floats:
    """The readings (..., 15) of a glance as (..., 15, 3): the mean, the embedding, the labels of the mean together."""
    return np.stack([llm, emb, _union(llm)], axis=-1)


def _union(outputs: Floats) -> Floats:
    union = np.zeros_like(outputs)
    union[..., 0] = np.logaddexp.reduce(outputs[..., 1:], axis=-1)
    return union


def sigmoid(x: Floats) -> Floats:
    """Probability of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)


_ATTENTION = tuple(f.name for f in fields(Attention))

_ARRAYS = (
    "llm_weight",
    "llm_bias",
    "glance_weight",
    "glance_bias",
    "emb_weight",
    "emb_bias",
    "stack_weight",
    "stack_bias",
    "once_weight",
    "once_bias",
    "embeddings",
    "outcomes",
    "evidence",
)


def save(heads: Heads, path: Path) -> None:
    """Write the heads file, whole or not at all; of the precedents in half precision. Raises `OSError`."""
    from safetensors.numpy import save as written

    arrays = {name: np.ascontiguousarray(getattr(heads, name)) for name in _ARRAYS}
    arrays |= {f"attention_{name}": np.ascontiguousarray(getattr(heads.attention, name)) for name in _ATTENTION}
    for name in ("embeddings", "outcomes"):
        arrays[name] = arrays[name].astype(np.float16)
    data = written(arrays, metadata={"fitted": heads.fitted.model_dump_json()})
    with durable.opened_folder(path.parent) as inside:
        durable.replace(inside, path.name, data)


def load(path: Path) -> Heads:
    """Read a heads file. Raises `ModelError` when it is missing or malformed."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            fitted = Fitted(**json.loads(file.metadata()["fitted"]))
            names = (*_ARRAYS, *(f"attention_{name}" for name in _ATTENTION))
            arrays = {name: np.asarray(file.get_tensor(name), np.float32) for name in names}
    except (OSError, SafetensorError, KeyError, TypeError, json.JSONDecodeError, ValidationError) as exc:
        raise ModelError(
            f"判读参数读不了，或是别的版本拟合的 / the judge's fitted heads {path.name} do not load here or are old",
            REFIT,
        ) from exc
    if len(fitted.ids) != len(arrays["embeddings"]) or any(not np.isfinite(a).all() for a in arrays.values()):
        raise ModelError(f"判读参数已损坏 / the judge's fitted heads {path.name} are damaged", REFIT)
    attention = Attention(*(arrays.pop(f"attention_{name}") for name in _ATTENTION))
    return Heads(fitted=fitted, attention=attention, **arrays)
