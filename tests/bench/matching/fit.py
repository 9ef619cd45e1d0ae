"""Fits the weights and thresholds of the match stage on the fitting half of the texts."""

from collections.abc import Mapping, Sequence

import numpy as np

from reviewer.index import Store
from reviewer.match import Matcher
from reviewer.match.likeness import CERTAIN, Likeness
from reviewer.match.weights import Evidence, Weights
from tests.bench.matching.levels import EVIDENCE, KINDS, NONE, Odds
from tests.bench.matching.measured import Measured, measure, set_on
from tests.bench.matching.running import Remembering, matching, unweighed
from tests.bench.matching.texts import Texts

ROUNDS = 4
"""Times that the best window of each draft is chosen again by the weights so far."""

REVIEW = 0.01
"""False alarms a harmless draft may cause, all kinds of evidence together; what none of them reaches decides alone."""

DRAFTS = {
    "near": ("retyped", "ocr", "disguised", "reordered", "embedded", "verbatim"),
    "paraphrase": ("heavy paraphrase", "summary"),
    "title": ("title", "title-number"),
}
SAME_TOPIC = 8.0
"""What a harmless text on a document's own topic weighs beside another: they are few, and the hard ones."""

BOUNDS = {"length": (None, None), "foreign": (None, 0)}
"""Of the weights of features that may speak against a document; all others only speak for it."""

SHORTEST = 20
"""Characters of a draft from which it is learnt from."""


def fit(texts: Texts, store: Store, embedder: Remembering, weights: Weights) -> tuple[Weights, str]:
    """Weights with thresholds, beginning from `weights`, and what was learnt from."""
    rows = {d.document.doc: d.id for d in store.documents()}
    matcher = matching(store, embedder, texts.ordinary, weights)
    groups = {name: some for name, some in texts.harmless.items() if name != "law"}
    harmless = [_all(matcher, t) for some in groups.values() for t in some]
    share = [SAME_TOPIC if name == "same topic" else 1.0 for name, some in groups.items() for _ in some]
    embedder.save()
    cases = [c for c in texts.cases if not c.length or c.length >= SHORTEST]
    right = [[k for k in _all(matcher, c.text, c.kind) if rows[c.doc] in (k.document, *k.also)] for c in cases]
    embedder.save()
    learnt, told = {}, []
    for name in KINDS:
        yes = [_of(likes, name) for case, likes in zip(cases, right, strict=True) if case.kind in DRAFTS[name]]
        no = [_of(likes, name) for likes in harmless]
        weight = [w for likes, w in zip(no, share, strict=True) if likes]
        evidence: Evidence = getattr(weights, name).model_copy(update={"review": 0.0, "block": 0.0})
        for _ in range(ROUNDS):
            evidence = _logistic(evidence, _best(evidence, yes), _best(evidence, no), weight)
        learnt[name] = evidence
        told.append(f"{name}: {sum(map(bool, yes))} right drafts and {sum(map(bool, no))} of {len(no)} harmless ones")
    measured = measure(store, embedder, texts, Weights(**learnt))
    level = set_on(measured, dict.fromkeys(KINDS, 0.0))[REVIEW]
    return _with_thresholds(learnt, measured, level), "\n".join([*told, *_found(measured, level)])


def _with_thresholds(learnt: Mapping[str, Evidence], m: Measured, review: Odds) -> Weights:
    """With these thresholds for review, and for blocking those that none of the measured harmless drafts reaches."""
    drafts = [odds for name, some in m.harmless.items() if name != "law" for odds in some]
    done = {}
    for name, evidence in learnt.items():
        worst = max((odds[name] for odds in drafts if odds[name] < CERTAIN), default=NONE) + 0.01
        block = max(review[name], worst)
        done[name] = evidence.model_copy(update={"review": round(review[name], 4), "block": round(block, 4)})
    return Weights(**done)


def _found(m: Measured, level: Odds) -> list[str]:
    kinds = dict.fromkeys(c.kind for c, _ in m.cases)
    found = [f"  {kind}: {found} of {number}" for kind in kinds for found, number in [m.recall(level, kind)]]
    return [
        *found,
        *(f"  {name}: {flagged} of {number} flagged" for name, (flagged, number) in m.alarms(level).items()),
    ]


def _all(matcher: Matcher, text: str, kind: str = "") -> list[Likeness]:
    """Whatever resembles a document; rewritten passages only where they are learnt from."""
    likes = unweighed(matcher, text, rewritten=False)
    return likes + unweighed(matcher, text, rewritten=True) if kind in ("", *DRAFTS["paraphrase"]) else likes


def _of(likes: Sequence[Likeness], name: str) -> list[Likeness]:
    return [k for k in likes if EVIDENCE[k.kind] == name and k.over < CERTAIN]


def _best(evidence: Evidence, drafts: Sequence[Sequence[Likeness]]) -> list[Likeness]:
    """The likeliest of each draft."""
    return [max(likes, key=lambda k: evidence.odds(k.features)) for likes in drafts if likes]


def _logistic(old: Evidence, yes: Sequence[Likeness], no: Sequence[Likeness], share: Sequence[float]) -> Evidence:
    """Log-odds fitted with both classes weighing the same; what is shared speaks for a document only."""
    from scipy.optimize import minimize

    names = list(old.weights)
    x = np.array([[k.features[n] for n in names] for k in (*yes, *no)])
    y = np.array([1.0] * len(yes) + [0.0] * len(no))
    weight = np.array([0.5 / max(len(yes), 1)] * len(yes) + [0.5 * w / max(sum(share), 1) for w in share]) * len(y)
    mean, scale = x.mean(0), x.std(0) + 1e-6
    z = (x - mean) / scale

    def loss(w):  # type: ignore[no-untyped-def]
        odds = z @ w[1:] + w[0]
        p = 1 / (1 + np.exp(-odds))
        value = (weight * (np.logaddexp(0, odds) - y * odds)).sum() + 0.5 * (w[1:] ** 2).sum()
        slope = weight * (p - y)
        return value, np.concatenate([[slope.sum()], z.T @ slope + w[1:]])

    bounds = [(None, None), *(BOUNDS.get(n, (0, None)) for n in names)]
    w = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = w[1:] / scale
    return old.model_copy(
        update={
            "bias": round(float(w[0] - slopes @ mean), 4),
            "weights": {n: round(float(s), 4) for n, s in zip(names, slopes, strict=True)},
        }
    )


def written(weights: Weights) -> str:
    """The file `weights.toml`."""
    lines = [
        "# Written by `python -m tests.bench.matching --fit`. Odds are log-odds; `review` are the thresholds that",
        f"# {REVIEW:.0%} of the harmless drafts of the fitting half reach together, `block` those that none reaches.",
    ]
    for name in KINDS:
        e: Evidence = getattr(weights, name)
        pairs = ", ".join(f"{n} = {w}" for n, w in e.weights.items())
        lines += ["", f"[{name}]", f"bias = {e.bias}", f"weights = {{ {pairs} }}"]
        lines += [f"review = {e.review}", f"block = {e.block}"]
    return "\n".join(lines) + "\n"
