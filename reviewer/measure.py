"""Figures of quality: caught, false alarms, pairs, areas under the curve, with 95 % intervals."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.precedents import LABELS


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled draft and what was said of it."""

    id: str
    pair: str | None
    labels: tuple[str, ...]
    outputs: NDArray[np.float32] | None
    """(15,) log-odds, where the judge ran."""
    flagged: bool


def interval(hits: int, total: int) -> str:
    """`93.2 % [88.1, 96.2] (151/162)`: the share with its 95 % Wilson interval."""
    if total == 0:
        return "-"
    z, p = 1.96, hits / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{p:.1%} [{max(0, centre - half):.1%}, {min(1, centre + half):.1%}] ({hits}/{total})"


def area(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Area under the ROC curve; 0.5 is chance, nan without both kinds."""
    _, place, counts = np.unique(np.asarray(scores), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    yes = np.asarray(positive, bool)
    n1, n0 = int(yes.sum()), int((~yes).sum())
    return float((ranks[yes].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)) if n1 and n0 else math.nan


def calibration_error(probability: Sequence[float], positive: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    p, y = np.asarray(probability), np.asarray(positive, float)
    where = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[where == b].mean() - y[where == b].mean()) * (where == b).mean()
        for b in range(bins)
        if (where == b).any()
    ]
    return float(sum(gaps))


DRAWS = 400
"""Resamples behind the interval of a figure that is not a share."""


def resampled(figure: Callable[[list[float], list[bool]], float], scores: list[float], positive: list[bool]) -> str:
    """`0.944 [0.900, 0.977]`: the figure with its 95 % bootstrap interval, drawn with a fixed seed."""
    rng = np.random.default_rng(0)
    z, y = np.asarray(scores), np.asarray(positive)
    drawn = []
    for _ in range(DRAWS):
        rows = rng.integers(0, len(z), len(z))
        drawn.append(figure(z[rows].tolist(), y[rows].tolist()))
    known = [d for d in drawn if not math.isnan(d)]
    low, high = np.quantile(known, [0.025, 0.975]) if known else (math.nan, math.nan)
    return f"{figure(scores, positive):.3f} [{low:.3f}, {high:.3f}]"


def summary(rows: Sequence[Scored]) -> str:
    """The table: one figure a line."""
    bad = [r for r in rows if r.labels]
    good = [r for r in rows if not r.labels]
    lines = [
        f"caught            {interval(sum(r.flagged for r in bad), len(bad))}",
        f"false alarms      {interval(sum(r.flagged for r in good), len(good))}",
    ]
    sides: dict[str, list[Scored]] = {}
    for r in rows:
        if r.pair:
            sides.setdefault(r.pair, []).append(r)
    pairs = [p for p in sides.values() if len(p) == 2]
    both = sum(all(r.flagged == bool(r.labels) for r in p) for p in pairs)
    if pairs:
        lines.append(f"pairs both right  {interval(both, len(pairs))}")
    judged = [r for r in rows if r.outputs is not None]
    if judged:
        z = [float(r.outputs[0]) for r in judged if r.outputs is not None]
        y = [bool(r.labels) for r in judged]
        lines.append(f"AUC               {resampled(area, z, y)}")
        p = [1 / (1 + math.exp(-v)) for v in z]
        lines.append(f"calibration error {resampled(calibration_error, p, y)}")
        named = [r for r in judged if r.labels and r.outputs is not None]
        first = sum(LABELS[int(r.outputs[1:].argmax())] == r.labels[0] for r in named if r.outputs is not None)
        lines.append(f"primary clause    {interval(first, len(named))}")
    return "\n".join(lines)
