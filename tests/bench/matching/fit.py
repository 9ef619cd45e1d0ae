"""Fits the weights and thresholds of the match stage on the fitting half of the texts."""

from collections.abc import Sequence

import numpy as np

from reviewer.finding import MatchKind
from reviewer.index import Store
from reviewer.match.likeness import CERTAIN, Likeness
from reviewer.match.weights import Evidence, Weights
from tests.bench.matching.running import Remembering, matching, unweighed
from tests.bench.matching.texts import Texts

ROUNDS = 4
"""Times that the best window of each draft is chosen again by the weights so far."""

REVIEW, BLOCK = 0.004, 0.0
"""False alarms a harmless draft may cause, for each kind of evidence apart; neither threshold lies below even odds."""

KINDS = {
    "near": (MatchKind.NEAR, MatchKind.VERBATIM),
    "paraphrase": (MatchKind.PARAPHRASE,),
    "title": (MatchKind.TITLE,),
}
DRAFTS = {
    "near": ("retyped", "ocr", "disguised", "reordered", "embedded", "verbatim"),
    "paraphrase": ("heavy paraphrase", "summary"),
    "title": ("title", "title-number"),
}
SHORTEST = 20
"""Characters of a draft from which it is learnt from."""


def fit(texts: Texts, store: Store, embedder: Remembering, weights: Weights) -> tuple[Weights, str]:
    """Weights with thresholds, beginning from `weights`, and what was learnt from."""
    rows = {d.document.doc: d.id for d in store.documents()}
    matcher = matching(store, embedder, texts.ordinary, weights)
    harmless = [t for name, some in texts.harmless.items() if name != "law" for t in some]
    said = {r: [unweighed(matcher, t, rewritten=r) for t in harmless] for r in (False, True)}
    embedder.save()
    learnt, told = {}, []
    for name, kinds in KINDS.items():
        rewritten, yes = name == "paraphrase", []
        for case in texts.cases:
            if case.kind in DRAFTS[name] and (not case.length or case.length >= SHORTEST):
                likes = [
                    k
                    for k in _of(unweighed(matcher, case.text, rewritten=rewritten), kinds)
                    if k.document == rows[case.doc]
                ]
                yes += [likes] if likes else []
        no = [_of(likes, kinds) for likes in said[rewritten]]
        evidence: Evidence = getattr(weights, name)
        for _ in range(ROUNDS):
            evidence = _logistic(evidence, _best(evidence, yes), _best(evidence, [n for n in no if n]))
        learnt[name] = evidence = _thresholds(evidence, no)
        kept = sum(evidence.odds(k.features) >= evidence.review for k in _best(evidence, yes))
        told.append(f"{name}: {len(yes)} right drafts and {sum(map(bool, no))} of {len(no)} harmless ones; {kept} kept")
    return Weights(**learnt), "\n".join(told)


def _of(likes: Sequence[Likeness], kinds: Sequence[MatchKind]) -> list[Likeness]:
    return [k for k in likes if k.kind in kinds and k.over < CERTAIN]


def _best(evidence: Evidence, drafts: Sequence[Sequence[Likeness]]) -> list[Likeness]:
    """The likeliest of each draft."""
    return [max(likes, key=lambda k: evidence.odds(k.features)) for likes in drafts]


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
    """The lowest log-odds from even ones up that so few harmless drafts reach."""
    worst = sorted((max((evidence.odds(k.features) for k in likes), default=-99.0) for likes in no), reverse=True)
    review, block = (max(worst[int(rate * len(worst))] + 0.01, 0.0) for rate in (REVIEW, BLOCK))
    return evidence.model_copy(update={"review": round(review, 4), "block": round(block, 4)})


def written(weights: Weights) -> str:
    """The file `weights.toml`."""
    lines = [
        "# Written by `python -m tests.bench.matching --fit`. Odds are log-odds; `review` and `block` are the",
        f"# thresholds that {REVIEW:.1%} and {BLOCK:.1%} of the harmless drafts reach, each kind apart, or even odds.",
    ]
    for name in KINDS:
        e: Evidence = getattr(weights, name)
        pairs = ", ".join(f"{n} = {w}" for n, w in e.weights.items())
        lines += ["", f"[{name}]", f"bias = {e.bias}", f"weights = {{ {pairs} }}"]
        lines += [f"review = {e.review}", f"block = {e.block}"]
    return "\n".join(lines) + "\n"
