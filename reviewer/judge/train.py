"""Fitting the attention over tokens, with torch: some networks from different seeds, used as one.

The order of batches and the start are drawn from fixed seeds on one thread, so that the same precedents give the same
heads on the same machine.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reviewer.judge.attention import Attention, Floats

HEADS = 8
VALUES = 4
"""Heads of one network and the values each takes from a token."""

SEEDS = 3
"""Networks; their outputs are averaged."""

EPOCHS = 12
BATCH = 64
RATE = 1e-3
DECAY = 1e-2
DROPOUT = 0.3
"""Share of a token's axes that is hidden at each step of the fitting."""

LABEL_WEIGHT = 0.25
"""What the fourteen labels together count against "violates anything"."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Principal axes of single tokens, each coordinate of a token standardised first."""

    mean: Floats
    """(w,)"""
    scale: Floats
    """(w,)"""
    components: Floats
    """(a, w), orthonormal"""
    spread: Floats
    """(a,) the standard deviation on each axis."""

    def of(self, tokens: Floats) -> Floats:
        """(n, w) tokens on the axes, (n, a)."""
        return np.asarray(((tokens - self.mean) / self.scale) @ self.components.T, np.float32)


def find_axes(tokens: Floats, count: int) -> Axes:
    """The first `count` principal axes of tokens (n, w)."""
    mean, scale = tokens.mean(axis=0), tokens.std(axis=0) + 1e-2
    z = (tokens - mean) / scale
    variance, axes = np.linalg.eigh(z.T @ z / len(z))
    first = slice(None, -min(count, len(variance)) - 1, -1)
    spread = np.sqrt(np.maximum(variance[first], 1e-6))
    return Axes(mean, scale, np.ascontiguousarray(axes[:, first].T, np.float32), np.asarray(spread, np.float32))


def fit_attention(tokens: Floats, known: NDArray[np.bool_], targets: Floats) -> Attention:
    """Heads over `tokens` (n, t, a) on axes of unit spread, of which `known` (n, t) are there.

    `targets` (n, 15) of 0 and 1: violated at all, then one column per label.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        nets = [_fit(torch, tokens, known, targets, seed) for seed in range(SEEDS)]
    finally:
        torch.set_num_threads(threads)
    return Attention(
        query=np.concatenate([n.query for n in nets]),
        value=np.concatenate([n.value for n in nets]),
        value_bias=np.concatenate([n.value_bias for n in nets]),
        weight=np.asarray(np.concatenate([n.weight for n in nets], axis=1) / SEEDS, np.float32),
        bias=np.asarray(np.mean([n.bias for n in nets], axis=0), np.float32),
    )


def _fit(torch: Any, tokens: Floats, known: NDArray[np.bool_], targets: Floats, seed: int) -> Attention:
    torch.manual_seed(seed)
    width = tokens.shape[2]
    look = torch.nn.Linear(width, HEADS, bias=False)
    take = torch.nn.Linear(width, HEADS * VALUES)
    out = torch.nn.Linear(HEADS * VALUES, targets.shape[1])
    hide = torch.nn.Dropout(DROPOUT)
    x, y, missing = torch.from_numpy(tokens), torch.from_numpy(targets), torch.from_numpy(~known)

    def outputs(rows: Any) -> Any:
        seen = hide(x[rows])
        shares = look(seen).masked_fill(missing[rows][..., None], -1e4).softmax(1)
        values = take(seen).view(*seen.shape[:2], HEADS, VALUES)
        return out(torch.tanh((shares[..., None] * values).sum(1)).flatten(1))

    parameters = [p for layer in (look, take, out) for p in layer.parameters()]
    step = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    rng = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        order = torch.from_numpy(rng.permutation(len(tokens)))
        for rows in order.split(BATCH):
            losses = torch.nn.functional.binary_cross_entropy_with_logits(outputs(rows), y[rows], reduction="none")
            loss = losses[:, 0].mean() + LABEL_WEIGHT * losses[:, 1:].sum(1).mean()
            step.zero_grad()
            loss.backward()
            step.step()
    arrays = (look.weight, take.weight, take.bias, out.weight, out.bias)
    return Attention(*(a.detach().numpy().copy() for a in arrays))


def on_tokens(attention: Attention, axes: Axes) -> Attention:
    """Heads fitted on axes of unit spread, as they apply to tokens as they are."""
    onto = axes.components / axes.spread[:, None] / axes.scale
    return Attention(
        query=attention.query @ onto,
        value=attention.value @ onto,
        value_bias=np.asarray(attention.value_bias - attention.value @ (onto @ axes.mean), np.float32),
        weight=attention.weight,
        bias=attention.bias,
    )
