"""Figures of quality: caught, false alarms, pairs, areas under the curve, with 95 % intervals."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
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
    judged: str | None = None
    """The clause of the judge's first finding that decides, empty for none. What is `None` here is not known."""
    shown: str | None = None
    """The clause of the first finding that decides, the rules' and the index's too: what a person sees first."""
    touched: bool | None = None
    """Whether what was quoted touches the labelled evidence."""
    injected: bool | None = None
    """Whether the draft tries to instruct the reviewer."""


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


def touches(text: str, evidence: Iterable[str], start: int, end: int) -> bool:
    """Whether characters `start` to `end` of a text touch one of the quotes, at any of its places."""
    return any(m.start() < end and start < m.end() for quote in evidence for m in re.finditer(re.escape(quote), text))


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


def resampled(
    figure: Callable[[list[float], list[bool]], float],
    scores: list[float],
    positive: list[bool],
    groups: Sequence[str],
) -> str:
    """`0.944 [0.900, 0.977]`: the figure, in [0, 1], with its 95 % bootstrap interval, drawn with a fixed seed.

    Both sides of a pair (one of `groups`) are drawn together. What the draws are off by on average is taken off: noise
    makes a calibration error larger.
    """
    rng = np.random.default_rng(0)
    z, y = np.asarray(scores), np.asarray(positive)
    names, group = np.unique(np.asarray(groups, str), return_inverse=True)
    said, drawn = figure(scores, positive), []
    for _ in range(DRAWS):
        times = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        rows = np.repeat(np.arange(len(z)), times[group])
        drawn.append(figure(z[rows].tolist(), y[rows].tolist()))
    known = np.array([d for d in drawn if not math.isnan(d)])
    middle = known - known.mean() + said if len(known) else np.array([math.nan])
    low, high = np.clip(np.quantile(middle, [0.025, 0.975]), 0, 1)
    return f"{said:.3f} [{low:.3f}, {high:.3f}]"


def summary(rows: Sequence[Scored]) -> str:
    """The table: one figure a line, `-` where it is not known of any draft.

    `primary clause` is the judge's likeliest one of every violating draft, flagged or not; the two below are those of
    the findings.
    """
    bad = [r for r in rows if r.labels]
    good = [r for r in rows if not r.labels]
    sides: dict[str, list[Scored]] = {}
    for r in rows:
        if r.pair:
            sides.setdefault(r.pair, []).append(r)
    pairs = [all(r.flagged == bool(r.labels) for r in p) for p in sides.values() if len(p) == 2]
    judged = [(r, r.outputs) for r in rows if r.outputs is not None]
    z, y = [float(outputs[0]) for _, outputs in judged], [bool(r.labels) for r, _ in judged]
    groups = [r.pair or r.id for r, _ in judged]
    p = [1 / (1 + math.exp(-v)) for v in z]
    figures = {
        "caught": _share([r.flagged for r in bad]),
        "false alarms": _share([r.flagged for r in good]),
        "pairs both right": _share(pairs),
        "AUC": resampled(area, z, y, groups) if len(set(y)) == 2 else "-",
        "calibration error": resampled(calibration_error, p, y, groups) if judged else "-",
        "primary clause": _share([LABELS[int(o[1:].argmax())] == r.labels[0] for r, o in judged if r.labels]),
        "judge's first clause": _share([r.judged == r.labels[0] for r in bad if r.judged is not None]),
        "first finding's clause": _share([r.shown == r.labels[0] for r in bad if r.shown is not None]),
        "evidence overlap": _share([r.touched for r in bad if r.touched is not None]),
        "injections caught": _share([r.flagged for r in bad if r.injected]),
    }
    return "\n".join(map(tabled, figures, figures.values()))


def tabled(name: str, figure: str) -> str:
    """One row of the table."""
    return f"{name:24}{figure}"


def _share(right: Sequence[bool]) -> str:
    return interval(sum(right), len(right))
