"""What a context has evaluated, so that a text is evaluated only from where it differs from the one before.

What is read of a token depends on it and on those before it, and not, to the last bit, on how many are evaluated in
one call, as long as there are `LEAST` (measured on x86; a test compares).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

CHUNK = 128
"""Tokens evaluated in one call at most: enough rows for the matrix kernels."""

LEAST = 16
"""Tokens evaluated in one call at least: a few go through other kernels, which differ in the last bits."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens that lie in the cache, evaluated in one call."""

    tokens: tuple[int, ...]
    rows: Floats
    """(tokens, layers * d): what the layers that are read hold of each."""
    whole: bool
    """Whether the layers above the last that is read were evaluated too, as the next token needs them."""
    exact: bool
    """Whether enough were evaluated in that call."""


@dataclass
class Held:
    """The parts that lie in the cache, in the order of their tokens."""

    parts: list[Part] = field(default_factory=list)

    @property
    def rows(self) -> Floats:
        """(tokens, layers * d)"""
        rows: Floats = np.concatenate([p.rows for p in self.parts])
        return rows

    def shared(self, tokens: Sequence[int], *, output: bool, step: bool) -> int:
        """How many of the first tokens need not be evaluated; of the others there are enough for one call, or none.

        With `output` the token that follows is asked for, so that some are evaluated; in a `step` the last alone, on
        whatever lies before it.
        """
        usable = takewhile(lambda p: (p.exact or step) and (p.whole or not output), self.parts)
        pairs = zip((t for p in usable for t in p.tokens), tokens, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if same == len(tokens) and not output:
            return same
        return max(0, min(same, len(tokens) - (1 if step else LEAST)))

    def keep(self, count: int) -> None:
        """Hold only so many tokens."""
        kept, at = list[Part](), 0
        for part in self.parts:
            if (some := min(len(part.tokens), count - at)) > 0:
                kept.append(replace(part, tokens=part.tokens[:some], rows=part.rows[:some]))
                at += some
        self.parts = kept


def cut(tokens: Sequence[int]) -> list[tuple[int, ...]]:
    """Stretches of at most `CHUNK` tokens, each evaluated in one call; none of several is shorter than `LEAST`."""
    cuts = [*range(0, len(tokens), CHUNK), len(tokens)]
    if 0 < len(tokens) % CHUNK < LEAST and len(tokens) > CHUNK:
        cuts[-2] = len(tokens) - LEAST
    return [tuple(tokens[i:j]) for i, j in pairwise(cuts)]
