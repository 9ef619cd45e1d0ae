"""Fitting the attention over tokens, with torch: some networks from different starts, used as one.

The order of batches and the starts are drawn from a fixed seed on one thread, so that the same precedents give the same
heads on the same machine.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reviewer.judge.attention import Attention, Floats

HEADS = 16
VALUES = 4
"""Heads of one network and the values each takes from a token."""

NETWORKS = 3
"""Their outputs are averaged."""

EPOCHS = 20
BATCH = 64
RATE = 1e-3
"""Of the first step; it falls evenly to nothing at the last."""
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


def fit_attention(tokens: NDArray[np.floating], known: NDArray[np.bool_], targets: Floats) -> Attention:
    """Heads over `tokens` (n, t, a) on axes of unit spread, in any precision, of which `known` (n, t) are there.

    `targets` (n, 15) of 0 and 1: violated at all, then one column per label. The networks see the same batches, and
    differ by where they start.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        look, take, out = _fitted(torch, tokens, known, targets)
    finally:
        torch.set_num_threads(threads)
    return Attention(
        query=look.weight.detach().numpy().copy(),
        value=take.weight.detach().numpy().copy(),
        value_bias=take.bias.detach().numpy().copy(),
        weight=np.asarray(np.concatenate([n.weight.detach().numpy() for n in out], axis=1) / NETWORKS, np.float32),
        bias=np.asarray(np.mean([n.bias.detach().numpy() for n in out], axis=0), np.float32),
    )


def _fitted(torch: Any, tokens: NDArray[np.floating], known: NDArray[np.bool_], targets: Floats) -> tuple[Any, ...]:
    """What looks, what takes, and what reads it, one of these for each network."""
    torch.manual_seed(0)
    width = tokens.shape[2]
    look = torch.nn.Linear(width, NETWORKS * HEADS, bias=False)
    take = torch.nn.Linear(width, NETWORKS * HEADS * VALUES)
    out = torch.nn.ModuleList(torch.nn.Linear(HEADS * VALUES, targets.shape[1]) for _ in range(NETWORKS))
    hide = torch.nn.Dropout(DROPOUT)
    x, y, missing = torch.from_numpy(tokens), torch.from_numpy(targets), torch.from_numpy(~known)

    def outputs(rows: Any) -> Any:
        seen = hide(x[rows].float())
        shares = look(seen).masked_fill(missing[rows][..., None], -1e4).softmax(1)
        values = take(seen).view(*shares.shape, VALUES)
        taken = torch.tanh((shares[..., None] * values).sum(1)).view(len(rows), NETWORKS, HEADS * VALUES)
        return torch.stack([layer(taken[:, i]) for i, layer in enumerate(out)], 1)

    step = torch.optim.AdamW([*look.parameters(), *take.parameters(), *out.parameters()], lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * math.ceil(len(tokens) / BATCH)
    rate = torch.optim.lr_scheduler.LinearLR(step, start_factor=1, end_factor=0, total_iters=steps)
    rng = np.random.default_rng(0)
    for _ in range(EPOCHS):
        for rows in torch.from_numpy(rng.permutation(len(tokens))).split(BATCH):
            truth = y[rows][:, None].expand(-1, NETWORKS, -1)
            losses = torch.nn.functional.binary_cross_entropy_with_logits(outputs(rows), truth, reduction="none")
            losses = losses.mean(0).sum(0)
            loss = losses[0] + LABEL_WEIGHT * losses[1:].sum()
            step.zero_grad()
            loss.backward()
            step.step()
            rate.step()
    return look, take, out


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
