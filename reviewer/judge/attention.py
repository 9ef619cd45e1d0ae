"""Attention over the tokens of a draft: the few that matter are read, however many others stand around them.

A mean over all tokens drowns one fact among many words; these heads look for it. `judge/train.py` fits them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Attention:
    """`h` heads over tokens of width `w`, each taking `v` values; 15 outputs."""

    query: Floats
    """(h, w): how much each head looks at a token; only differences between tokens count."""
    value: Floats
    """(h * v, w)"""
    value_bias: Floats
    weight: Floats
    """(15, h * v)"""
    bias: Floats

    def outputs(self, tokens: Floats) -> Floats:
        """15 log-odds of a text with `tokens` (t, w), at least one."""
        look = tokens @ self.query.T
        look = np.exp(look - look.max(axis=0))
        look /= look.sum(axis=0)
        values = (tokens @ self.value.T).reshape(len(tokens), len(self.query), -1)
        taken = np.einsum("th,thv->hv", look, values).ravel() + self.value_bias
        return np.asarray(self.weight @ np.tanh(taken) + self.bias, np.float32)
