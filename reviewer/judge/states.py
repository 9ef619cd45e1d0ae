"""What the model holds of a text, and which of its words decide."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.judge.heads import Floats, Heads
from reviewer.judge.windows import around

PIECE = 90
"""Tokens of a stretch of a long window; of the worst a part is read again alone, so that it does not drown."""

SMOOTH = 5
"""Tokens over which the evidence head is averaged."""

QUOTES = 3
"""Places that are quoted at most."""

CLOSE = 1.0
"""Log-odds of the evidence head within which another place is quoted too. Of 728 leaking drafts that no head had seen,
with every leaking word labelled, it is 2.2 places on average; 99 % of the drafts have a label touched, 93 % of the
places touch one."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What the model holds of one text after the first pass of a reading."""

    rows: Floats
    """(tokens, w)"""
    embedding: Floats
    """(e,) the sentence embedding, unit length."""

    def stretches(self) -> list[Floats]:
        """The tokens of each stretch of a long text."""
        return [self.rows[s : s + PIECE] for s in _stretches(len(self.rows))]

    def settled(self, heads: Heads) -> Floats | None:
        """The 15 log-odds where this settles the text as harmless: the whole, and where it is long each stretch.

        Off a stretch the log of how many there are is taken: the worst of several looks worse than one (Bonferroni).
        """
        parts = self.stretches()
        whole = heads.glance(self.rows.mean(axis=0), self.embedding)
        alone = [heads.glance(p.mean(axis=0), self.embedding) - np.float32(np.log(len(parts))) for p in parts]
        return whole if all(map(heads.plain, [whole, *alone])) else None


def _stretches(count: int) -> Sequence[int]:
    """The first tokens of the stretches of a text of `count`."""
    return range(0, count - PIECE // 2, PIECE // 2) if count > 2 * PIECE else ()


@dataclass(frozen=True, slots=True)
class Read:
    """What the model holds of one text."""

    rows: Floats
    """(2, tokens, w): every token at the first and the second pass."""
    starts: tuple[int, ...]
    """The character at which each token starts."""
    embedding: Floats
    """(e,) the sentence embedding, unit length."""

    @property
    def state(self) -> Floats:
        """(2 * w,) the mean over the tokens of both passes, what the heads are fitted on."""
        return np.asarray(self.rows.mean(axis=1).ravel(), np.float32)

    def pieces(self) -> dict[int, "Read"]:
        """First token and reading of half-overlapping stretches of `PIECE` tokens, where there are more than two."""
        return {
            s: Read(self.rows[:, s : s + PIECE], self.starts[s : s + PIECE], self.embedding)
            for s in _stretches(self.rows.shape[1])
        }

    def outputs(self, heads: Heads) -> Floats:
        """The 15 log-odds by these heads."""
        return heads.outputs(self.state, self.embedding, self.rows[1])

    def decisive(self, weight: Floats, among: slice = slice(None)) -> int:
        """The character around which the tokens `among` of the second reading score highest by `weight`."""
        return self.starts[among][int(self._scores(weight)[among].argmax())]

    def runner_up(self, weight: Floats, among: slice, taken: Sequence[tuple[int, int]]) -> int | None:
        """The character outside those `taken` around which they score highest, where that is nearly as high."""
        starts, scores = np.asarray(self.starts[among]), self._scores(weight)[among]
        others = scores.copy()
        for start, end in taken:
            others[(starts >= start) & (starts < end)] = -np.inf
        best = int(others.argmax())
        return int(starts[best]) if others[best] > scores.max() - CLOSE else None

    def _scores(self, weight: Floats) -> Floats:
        kernel = np.ones(min(SMOOTH, len(self.starts)))
        return np.asarray(np.convolve(self.rows[1] @ weight, kernel / len(kernel), mode="same"), np.float32)


def quoted(
    text: str, window: tuple[int, int], read: Read, weight: Floats, at: int, among: slice = slice(None)
) -> list[tuple[int, int]]:
    """The words of a window that decide: those around character `at`, and other places nearly as much like it."""
    spans = [around(text, *window, at)]
    while len(spans) < QUOTES:
        other = read.runner_up(weight, among, [(a - window[0], b - window[0]) for a, b in spans])
        span = None if other is None else around(text, *window, window[0] + other)
        if span is None or span in spans:
            break
        spans.append(span)
    return spans
