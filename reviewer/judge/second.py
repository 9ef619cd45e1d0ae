"""The second reading: where the first leaves a draft unsure, the model reads it once more with an adapter (LoRA).

The adapter was trained on the shipped precedents (how: `docs/judgement.md`). What reads its states, and what it said of
each precedent when it had seen neither that one nor its twin, lie beside it; `Heads.settled` weighs it against the
first reading, and `reviewer calibrate` fits that weight.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from reviewer.errors import RESTORE, ModelError
from reviewer.judge.attention import Attention, Floats

_ATTENTION = tuple(f.name for f in fields(Attention))


@dataclass(frozen=True, slots=True)
class Second:
    """What reads the states of the model with its adapter; `w` is the width of a token."""

    adapter: str
    """The adapter's name in `models.txt`."""
    sha256: str
    """The adapter's hash."""
    attention: Attention
    weight: Floats
    """(15, w), over the mean of the tokens."""
    bias: Floats
    unseen: Mapping[str, Floats]
    """By `identity` of a precedent, (15,) log-odds from adapters that saw neither it nor its twin."""

    def outputs(self, tokens: Floats) -> Floats:
        """15 log-odds, not yet calibrated, of a text whose tokens (t, w) were read with the adapter."""
        mean = self.weight @ tokens.mean(axis=0) + self.bias
        return np.asarray((self.attention.outputs(tokens) + mean) / 2, np.float32)


def identity(text: str, channel: str) -> str:
    """What a precedent is known by, whatever it is called."""
    return hashlib.sha256(f"{channel}\0{text}".encode("utf-8", "replace")).hexdigest()[:16]


def save(second: Second, path: Path) -> None:
    """Write the file that lies beside the adapter."""
    from safetensors.numpy import save_file

    arrays = {name: getattr(second.attention, name) for name in _ATTENTION}
    arrays |= {"linear_weight": second.weight, "linear_bias": second.bias}
    arrays["unseen"] = np.stack(list(second.unseen.values())).astype(np.float16)
    about = {"adapter": second.adapter, "sha256": second.sha256, "precedents": json.dumps(list(second.unseen))}
    save_file({name: np.ascontiguousarray(a) for name, a in arrays.items()}, path, metadata=about)


def load(path: Path) -> Second:
    """Read the file that lies beside an adapter. Raises `ModelError` when it is missing or malformed."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            about = file.metadata()
            names = (*_ATTENTION, "linear_weight", "linear_bias", "unseen")
            arrays = {name: np.asarray(file.get_tensor(name), np.float32) for name in names}
            unseen = dict(zip(json.loads(about["precedents"]), arrays.pop("unseen"), strict=True))
            known = about["adapter"], about["sha256"]
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as exc:
        raise ModelError(
            f"复读部件读不了 / what reads the judge's adapter, {path.name}, does not load", RESTORE
        ) from exc
    if any(not np.isfinite(a).all() for a in arrays.values()):
        raise ModelError(f"复读部件已损坏 / what reads the judge's adapter, {path.name}, is damaged", RESTORE)
    weight, bias = arrays.pop("linear_weight"), arrays.pop("linear_bias")
    return Second(*known, Attention(**arrays), weight, bias, unseen)
