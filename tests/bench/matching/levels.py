"""Levels for each kind of evidence that together let through a stated share of the harmless drafts."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reviewer.finding import MatchKind
from reviewer.match.likeness import Likeness

EVIDENCE = {
    MatchKind.NEAR: "near",
    MatchKind.VERBATIM: "near",
    MatchKind.PARAPHRASE: "paraphrase",
    MatchKind.TITLE: "title",
    MatchKind.NUMBER: "title",
}
KINDS = ("near", "title", "paraphrase")
NONE = -99.0
"""Odds where there is no evidence of a kind."""

Odds = Mapping[str, float]
"""The highest of a draft, for each kind of evidence."""


def highest(likes: Sequence[Likeness]) -> dict[str, float]:
    """The highest margin of each kind of evidence."""
    return {kind: max((k.over for k in likes if EVIDENCE[k.kind] == kind), default=NONE) for kind in KINDS}


def reaches(odds: Odds, level: Odds) -> bool:
    """Whether any kind of evidence reaches its level."""
    return any(odds[kind] >= level[kind] for kind in KINDS)


def levels(rate: float, harmless: Sequence[Odds], groups: Sequence[Sequence[Odds]], even: Odds) -> dict[str, float]:
    """The level of each kind of evidence, so that a share `rate` of the harmless drafts reaches any of them.

    How many false alarms each kind may cause is chosen for the recall on `groups`, the drafts of each kind, which all
    weigh the same; a draft counts by the probability that its margin gives, since a hair's breadth may fail elsewhere.
    Few harmless drafts have any evidence but paraphrase, so the other kinds never count below even odds, `even` here.
    """
    table = _table(harmless)
    right = [_table(g) for g in groups if g]
    budget = int(rate * len(table))
    near, title = (
        sorted({max(s, even[kind]) for s in _steps(table[:, k], budget)}) for k, kind in enumerate(("near", "title"))
    )
    best: tuple[float, tuple[float, ...]] = (-1.0, (0.0, 0.0, 0.0))
    for a in near:
        for b in title:
            alarmed = (table[:, 0] >= a) | (table[:, 1] >= b)
            left = budget - int(alarmed.sum())
            if left < 0:
                continue
            level = (a, b, _steps(table[~alarmed, 2], left)[-1])
            found = float(np.mean([_likely(g, level) for g in right]))
            best = max(best, (found, level))
    return dict(zip(KINDS, best[1], strict=True))


def _table(drafts: Sequence[Odds]) -> NDArray[np.float64]:
    return np.array([[odds[kind] for kind in KINDS] for odds in drafts])


def _steps(column: NDArray[np.float64], budget: int) -> list[float]:
    """The lowest levels that 0, 1, ... `budget` of the drafts reach."""
    worst = np.sort(np.append(column, np.full(budget + 1, NONE)))[::-1]
    return [float(w) + 0.01 for w in worst[: budget + 1]]


def _likely(drafts: NDArray[np.float64], level: Sequence[float]) -> float:
    """The share of the drafts that are found, counted by their probabilities."""
    margin = (drafts - np.array(level)).max(axis=1)
    return float(np.mean(1 / (1 + np.exp(-np.clip(margin, -50, 50)))))
