"""Fits the weights and thresholds of the match stage on the fitting half of the texts."""

from collections.abc import Iterator, Sequence

import numpy as np

from reviewer.finding import MatchKind
from reviewer.index import Store
from reviewer.match import Matcher
from reviewer.match.likeness import CERTAIN, Likeness
from reviewer.match.weights import Evidence, Weights
from tests.bench.matching.running import Remembering, matching, weigh
from tests.bench.matching.texts import Texts

ROUNDS = 3
"""Times that the best window of each draft is chosen again by the weights so far."""

REVIEW, BLOCK = 0.004, 0.002
"""False alarms a harmless draft may cause, for each kind of evidence apart."""

BELOW = 8.0
"""Log-odds below the thresholds so far from which a likeness is no longer learnt from."""

KINDS = {"near": (MatchKind.NEAR, MatchKind.VERBATIM), "paraphrase": (MatchKind.PARAPHRASE,), "title": (MatchKind.TITLE,)}
DRAFTS = {
    "near": ("retyped", "ocr", "disguised", "reordered", "embedded", "verbatim"),
    "paraphrase": ("heavy paraphrase", "summary"),
    "title": ("title", "title-number"),
}


def fit(texts: Texts, store: Store, embedder: Remembering, weights: Weights) -> tuple[Weights, str]:
    """Weights with thresholds, beginning from `weights`, and what was learnt from.

    Copies and titles need no vectors and are learnt first, with nothing left out; then rewritten passages.
    """
    told: list[str] = []
    silent = weights.paraphrase.model_copy(update={"review": tuple(999.0 for _ in weights.paraphrase.review)})
    learnt = weights.model_copy(update={"paraphrase": silent})
    for names, below in ((("near", "title"), 60.0), (("paraphrase",), BELOW)):
        for _ in range(ROUNDS):
            learnt = learnt.model_copy(update=_round(texts, store, embedder, learnt, names, below, told))
        learnt = learnt.model_copy(update={"paraphrase": weights.paraphrase}) if "near" in names else learnt
    return learnt, "\n".join(told)


def _round(
    texts: Texts,
    store: Store,
    embedder: Remembering,
    weights: Weights,
    names: Sequence[str],
    below: float,
    told: list[str],
) -> dict[str, Evidence]:
    """The evidence of the given kinds fitted once on what the present weights find likely."""
    rows = {d.document.doc: d.id for d in store.documents()}
    matcher = matching(store, embedder, texts.ordinary, weights)
    harmless = [t for name, some in texts.harmless.items() if name != "law" for t in some]
    no = [weigh(matcher, t, below) for t in harmless]
    new = {}
    for name in names:
        yes = list(_right(matcher, texts, rows, name, below))
        bad = [k for likes in no for k in _of(likes, name)]
        evidence = _thresholds(_logistic(getattr(weights, name), yes, bad), [list(_of(likes, name)) for likes in no])
        kept = sum(evidence.odds(k.features) >= evidence.review[0] for k in yes)
        told.append(f"{name}: {len(yes)} right and {len(bad)} wrong likenesses, {kept} of the right ones kept")
        new[name] = evidence
    embedder.save()
    return new


def _right(matcher: Matcher, texts: Texts, rows: dict[str, int], name: str, below: float) -> Iterator[Likeness]:
    """The best likeness of that kind with the right document, for each draft made for it."""
    for case in texts.cases:
        if case.kind in DRAFTS[name] and (not case.length or case.length >= 20):
            likes = [k for k in _of(weigh(matcher, case.text, below), name) if k.document == rows[case.doc]]
            if likes:
                yield max(likes, key=lambda k: k.over)


def _of(likes: Sequence[Likeness], name: str) -> Iterator[Likeness]:
    return (k for k in likes if k.kind in KINDS[name] and k.over < CERTAIN)


def _logistic(old: Evidence, yes: Sequence[Likeness], no: Sequence[Likeness]) -> Evidence:
    """Log-odds fitted with both classes weighing the same; a feature never counts against a document's resemblance."""
    from scipy.optimize import minimize

    names = list(old.weights)
    x = np.array([[k.features[n] for n in names] for k in (*yes, *no)])
    y = np.array([1.0] * len(yes) + [0.0] * len(no))
    weight = np.where(y == 1, 0.5 / max(len(yes), 1), 0.5 / max(len(no), 1)) * len(y)
    mean, scale = x.mean(0), x.std(0) + 1e-6
    z = (x - mean) / scale

    def loss(w):  # type: ignore[no-untyped-def]
        odds = z @ w[1:] + w[0]
        p = 1 / (1 + np.exp(-odds))
        value = (weight * (np.logaddexp(0, odds) - y * odds)).sum() + 0.5 * (w[1:] ** 2).sum()
        slope = weight * (p - y)
        return value, np.concatenate([[slope.sum()], z.T @ slope + w[1:]])

    bounds = [(None, None), *((None, None) if n == "length" else (0, None) for n in names)]
    w = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = w[1:] / scale
    return old.model_copy(
        update={
            "bias": round(float(w[0] - slopes @ mean), 4),
            "weights": {n: round(float(s), 4) for n, s in zip(names, slopes, strict=True)},
        }
    )


def _thresholds(evidence: Evidence, no: Sequence[Sequence[Likeness]]) -> Evidence:
    """The lowest log-odds that so few harmless drafts reach."""
    worst = sorted((max((evidence.odds(k.features) for k in likes), default=-99.0) for likes in no), reverse=True)
    review, block = (worst[int(rate * len(worst))] + 0.01 for rate in (REVIEW, BLOCK))
    return evidence.model_copy(update={"lengths": (), "review": (round(review, 4),), "block": (round(block, 4),)})


def written(weights: Weights) -> str:
    """The file `weights.toml`."""
    lines = [
        "# Written by `python -m tests.bench.matching --fit`. Odds are log-odds; `review` and `block` are the thresholds",
        f"# that {REVIEW:.1%} and {BLOCK:.1%} of the harmless drafts reach, for each kind of evidence apart.",
    ]
    for name in KINDS:
        e: Evidence = getattr(weights, name)
        pairs = ", ".join(f"{n} = {w}" for n, w in e.weights.items())
        lines += ["", f"[{name}]", f"bias = {e.bias}", f"weights = {{ {pairs} }}"]
        lines += [f"lengths = {list(e.lengths)}", f"review = {list(e.review)}", f"block = {list(e.block)}"]
    return "\n".join(lines) + "\n"
