"""What the match stage learnt: log-odds of its three kinds of evidence, and the odds from which each counts.

`weights.toml` is written by `python -m tests.bench.matching --fit` from invented documents and harmless text.
"""

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reviewer.draft import Value

FILE = Path(__file__).parent / "weights.toml"


class Evidence(Value):
    """A logistic model over named features, with thresholds on its log-odds."""

    bias: float
    weights: dict[str, float]
    review: float
    """Log-odds from which it is a finding."""
    block: float
    """Log-odds from which it decides alone."""

    def odds(self, features: Mapping[str, float]) -> float:
        """The log-odds that the words come from the document."""
        return self.bias + math.fsum(w * features[name] for name, w in self.weights.items())

    def over(self, odds: float) -> float:
        """How far the odds lie above the threshold of a finding; negative below."""
        return odds - self.review

    def blocks(self, odds: float) -> bool:
        """Whether the odds decide alone."""
        return odds >= self.block


class Weights(Value):
    """The three kinds of evidence."""

    near: Evidence
    paraphrase: Evidence
    title: Evidence


@cache
def shipped_weights() -> Weights:
    """What is shipped."""
    return Weights(**tomllib.loads(FILE.read_text("utf-8")))


def probability(odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))
