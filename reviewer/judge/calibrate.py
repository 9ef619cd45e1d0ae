"""Fitting the heads on the precedents: minutes on two cores, seconds once the states are read.

Out-of-fold scores decide everything that is learnt from scores (the stack, the threshold, the printed quality), and a
minimal pair never stands on both sides of a fold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.judge.heads import PLAIN, Fitted, Floats, Heads, combined, glanced, sigmoid
from reviewer.judge.train import Axes, Tokens, fit_attention, on_tokens

FOLDS = 5

Told = Callable[[str], None]
"""Hears which step of a fitting begins; the longest takes minutes."""


def unheard(_step: str) -> None:
    """Nobody hears it."""


@dataclass(frozen=True, slots=True)
class Examples:
    """What the heads are fitted on: n precedents with m tokens; row i of arrays (n, ...) is precedent `ids[i]`."""

    ids: tuple[str, ...]
    groups: tuple[str, ...]
    """The pair a precedent belongs to, or its own id."""
    targets: Floats
    """(n, 15) of 0 and 1: violated at all, then one column per label."""
    states: Floats
    """(n, d) hidden states: the mean of the tokens at the first pass, then at the second."""
    embeddings: Floats
    """(n, e) unit vectors."""
    axes: Axes
    tokens: Tokens
    """Of all precedents at the second reading, on these axes."""
    ranges: NDArray[np.int64]
    """(m, 2): the characters each token covers."""
    deciding: NDArray[np.bool_]
    """(m,) whether the token lies in the labelled evidence."""

    @property
    def violating(self) -> NDArray[np.bool_]:
        """(m,) whether the token stands in a violating precedent."""
        return np.repeat(self.targets[:, 0] > 0, self.tokens.counts)

    @property
    def glances(self) -> Floats:
        """(n, d / 2): of `states` what the first pass holds."""
        return self.states[:, : self.states.shape[1] // 2]


STATE_STRENGTH = 3e-3
EMBEDDING_STRENGTH = 3e-3
"""Inverse L2 penalties for standardised features, chosen by grouped cross-validation on the precedents."""

EVIDENCE_STRENGTH = 1e-2
EVIDENCE_AXES = 512
EVIDENCE_STEP = 2
"""Of the head that finds the deciding tokens: inverse L2 penalty, principal axes, and it is fitted on every second."""

OVERLOOKED = 0.001
"""Share of the violating precedents which the whole judgement catches that a glance may take for harmless, in grouped
cross-validation."""

AXES = 2048
"""Principal axes of tokens that the attention sees."""


def fold_of(groups: Sequence[str], folds: int = FOLDS) -> NDArray[np.int64]:
    """The fold of each row: groups stay whole, sizes are even, the order of `groups` decides nothing."""
    place = {g: i % folds for i, g in enumerate(sorted(set(groups), key=_scatter))}
    return np.array([place[g] for g in groups])


def _scatter(group: str) -> str:
    import hashlib

    return hashlib.sha256(group.encode()).hexdigest()


def fit_linear(x: Floats, targets: Floats, strength: float) -> tuple[Floats, Floats]:
    """One L2-regularised logistic regression per column of `targets` over standardised features.

    Returns weights (15, d) and biases (15,) that apply to `x` as it is.
    """
    from sklearn.linear_model import LogisticRegression

    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-3
    z = (x - mean) / scale
    weights, biases = [], []
    for column in targets.T:
        if column.min() == column.max():
            weights.append(np.zeros(x.shape[1]))
            biases.append(-6.0 if column.max() == 0 else 6.0)
            continue
        model = LogisticRegression(C=strength, max_iter=400).fit(z, column)
        weights.append(model.coef_[0] / scale)
        biases.append(float(model.intercept_[0] - weights[-1] @ mean))
    return np.asarray(weights, np.float32), np.asarray(biases, np.float32)


def fit_evidence(
    tokens: NDArray[np.floating], axes: Axes, deciding: NDArray[np.bool_], violating: NDArray[np.bool_]
) -> Floats:
    """Weights on the first axes, at unit spread, that tell deciding tokens from others; `tokens` (m, a) lie on these.

    Labelled evidence is the shortest that decides, so other tokens of a violating draft count less as counter-examples.
    """
    from sklearn.linear_model import LogisticRegression

    spread = axes.spread[: tokens.shape[1]]
    weight = np.where(violating & ~deciding, 0.3, 1.0)
    model = LogisticRegression(C=EVIDENCE_STRENGTH, max_iter=200)
    model.fit(tokens * spread, deciding, sample_weight=weight)
    return np.asarray(model.coef_[0] * spread, np.float32)


def out_of_fold(x: Floats, targets: Floats, groups: Sequence[str], strength: float) -> Floats:
    """(n, 15) log-odds from heads that saw neither the row nor its twin."""
    folds = fold_of(groups)
    scores = np.zeros_like(targets)
    for fold in range(FOLDS):
        test = folds == fold
        weight, bias = fit_linear(x[~test], targets[~test], strength)
        scores[test] = x[test] @ weight.T + bias
    return scores


def attend_out_of_fold(tokens: Tokens, targets: Floats, groups: Sequence[str], told: Told = unheard) -> Floats:
    """(n, 15) log-odds from attention that saw neither the row nor its twin; arguments as for `fit_attention`."""
    folds = fold_of(groups)
    scores = np.zeros_like(targets)
    for fold in range(FOLDS):
        told(f"注意力，第 {fold + 1}/{FOLDS} 折 / attention, fold {fold + 1} of {FOLDS}")
        train = folds != fold
        fitted = fit_attention(tokens.only(train), targets[train])
        for i in np.flatnonzero(~train):
            scores[i] = fitted.outputs(tokens[int(i)])
    return scores


def unseen(examples: Examples, told: Told = unheard) -> tuple[Floats, Floats]:
    """What each part says of each precedent, fitted on neither it nor its twin.

    (n, 15, 4) as `combined`, and of a glance (n, 15, 3) as `glanced`.
    """
    targets, groups = examples.targets, examples.groups
    told("均值和向量，各折 / mean and embedding, all folds")
    mean = out_of_fold(examples.states, targets, groups, STATE_STRENGTH)
    once = out_of_fold(examples.glances, targets, groups, STATE_STRENGTH)
    embedding = out_of_fold(examples.embeddings, targets, groups, EMBEDDING_STRENGTH)
    attention = attend_out_of_fold(examples.tokens, targets, groups, told)
    return combined(mean, embedding, attention), glanced(once, embedding)


def fit_stack(readings: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """Calibrated weights per output of the readings (n, 15, r): (15, r) and (15,); none may count negatively."""
    from scipy.optimize import minimize

    def loss(theta: Floats, z: Floats, y: Floats) -> float:
        logit = z @ theta[:-1] + theta[-1]
        return float(np.mean(np.logaddexp(0, logit) - y * logit) + 1e-3 * theta[:-1] @ theta[:-1])

    count = readings.shape[2]
    start, bounds = np.array([1 / count] * count + [0.0]), [(0, 5)] * count + [(-10, 10)]
    fitted = [minimize(loss, start, (readings[:, k], y), bounds=bounds).x for k, y in enumerate(targets.T)]
    return np.array([f[:-1] for f in fitted], np.float32), np.array([f[-1] for f in fitted], np.float32)


def threshold_for(probability: Floats, harmless: NDArray[np.bool_], load: float) -> float:
    """A probability that at most a share `load` of harmless drafts reaches, and no more could without a higher load.

    It lies half-way to the next above, so that log-odds are parted at the same place whatever they are rounded to.
    """
    ordered = np.sort(probability[harmless].astype(np.float64))[::-1]
    most = ordered[int(load * len(ordered))]
    above = ordered[ordered > most]
    return float((most + above.min()) / 2 if above.size else np.nextafter(np.float32(most), np.float32(np.inf)))


def plain_below(glances: Floats, caught: NDArray[np.bool_]) -> float:
    """The log-odds below which a share `OVERLOOKED` of the texts `caught` lies, by glances (n, 15).

    `PLAIN` at most.
    """
    lowest = float(np.quantile(glances[caught, 0], OVERLOOKED, method="lower")) if caught.any() else PLAIN
    return min(lowest, PLAIN)


def fit(
    examples: Examples,
    identity: dict[str, str],
    load: float,
    told: Told = unheard,
) -> tuple[Heads, Floats]:
    """Heads with calibrated probabilities, and the out-of-fold log-odds (n, 15) they were judged by.

    `identity` fills the hashes of `Fitted`; `load` is the share of harmless drafts that may be flagged.
    """
    targets = examples.targets
    told("均值和向量 / mean and embedding")
    llm_weight, llm_bias = fit_linear(examples.states, targets, STATE_STRENGTH)
    glance_weight, glance_bias = fit_linear(examples.glances, targets, STATE_STRENGTH)
    emb_weight, emb_bias = fit_linear(examples.embeddings, targets, EMBEDDING_STRENGTH)
    readings, once = unseen(examples, told)
    stack_weight, stack_bias = fit_stack(readings, targets)
    once_weight, once_bias = fit_stack(once, targets)
    glances = np.asarray((once * once_weight).sum(axis=2) + once_bias, np.float32)
    stacked = np.asarray((readings * stack_weight).sum(axis=2) + stack_bias, np.float32)
    harmless = targets[:, 0] < 0.5
    before = sigmoid(stacked)[:, 0]
    below = plain_below(glances, ~harmless & (before >= threshold_for(before, harmless, load)))
    judged = np.where(glances[:, :1] < below, glances, stacked)
    probability = sigmoid(judged)[:, 0]
    threshold = threshold_for(probability, harmless, load)
    fitted = Fitted(
        **identity,
        ids=examples.ids,
        threshold=threshold,
        review_load=float((probability[harmless] >= threshold).mean()),
        plain_below=below,
    )
    told("注意力 / attention")
    attention = on_tokens(fit_attention(examples.tokens, targets), examples.axes)
    told("证据 / evidence")
    some = slice(None, None, EVIDENCE_STEP)
    evidence = fit_evidence(
        examples.tokens.rows[some, :EVIDENCE_AXES], examples.axes, examples.deciding[some], examples.violating[some]
    )
    heads = Heads(
        fitted=fitted,
        llm_weight=llm_weight,
        llm_bias=llm_bias,
        glance_weight=glance_weight,
        glance_bias=glance_bias,
        emb_weight=emb_weight,
        emb_bias=emb_bias,
        attention=attention,
        stack_weight=stack_weight,
        stack_bias=stack_bias,
        once_weight=once_weight,
        once_bias=once_bias,
        embeddings=examples.embeddings,
        outcomes=stacked,
        evidence=np.asarray(evidence @ examples.axes.onto[: len(evidence)], np.float32),
    )
    return heads, judged
