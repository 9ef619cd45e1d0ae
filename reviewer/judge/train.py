"""Fitting the attention over tokens, with torch: some networks from different starts, used as one.

The order of batches and the starts are drawn from a fixed seed on one thread, so that the same precedents give the same
heads on the same machine.
"""

import math
from collections.abc import Iterator, Sequence
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
SAMPLE = 64
"""Tokens of a text that a step of the fitting sees at most, others at each epoch."""

AXES_STEP = 4
"""Axes are found on every fourth token of a text."""

TOGETHER = 64
"""Texts whose tokens are multiplied at once."""

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

    def of(self, tokens: NDArray[np.floating]) -> Floats:
        """(n, w) tokens on the axes at unit spread, (n, a)."""
        return np.asarray(((tokens - self.mean) / self.scale) @ self.components.T / self.spread, np.float32)

    @property
    def onto(self) -> Floats:
        """(a, w): weights on axes of unit spread times this are weights on tokens."""
        return np.asarray(self.components / self.spread[:, None] / self.scale, np.float32)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of several texts."""

    rows: NDArray[np.floating]
    """(m, a), those of a text one after the other."""
    starts: NDArray[np.int64]
    """(n,) the row at which each text begins."""
    counts: NDArray[np.int64]
    """(n,) how many tokens it has, at least one."""

    def __getitem__(self, text: int) -> Floats:
        """(t, a) those of one text."""
        start = self.starts[text]
        return np.asarray(self.rows[start : start + self.counts[text]], np.float32)

    def only(self, texts: NDArray[np.bool_]) -> "Tokens":
        """Those of some of the texts, over the same rows."""
        return Tokens(self.rows, self.starts[texts], self.counts[texts])


def lay(rows: NDArray[np.floating], counts: Sequence[int]) -> Tokens:
    """`rows` (m, a) as the tokens of texts that have so many each."""
    return Tokens(rows, np.cumsum([0, *counts[:-1]]), np.asarray(counts))


def find_axes(texts: Sequence[NDArray[np.floating]], count: int) -> Axes:
    """The first `count` principal axes of tokens (t, w) of texts, found on every fourth of each."""
    some = [t[::AXES_STEP] for t in texts]
    size = sum(map(len, some))
    total = sum(p.sum(axis=0, dtype=np.float64) for p in _together(some)) / size
    power = sum((p**2).sum(axis=0, dtype=np.float64) for p in _together(some)) / size
    mean = np.asarray(total, np.float32)
    scale = np.asarray(np.sqrt(np.maximum(power - total**2, 0)) + 1e-2, np.float32)
    squares = np.zeros((len(mean), len(mean)), np.float32)
    for part in _together(some):
        z = (part - mean) / scale
        squares += z.T @ z
    variance, axes = np.linalg.eigh(squares / size)
    first = slice(None, -min(count, len(variance)) - 1, -1)
    return Axes(
        mean=mean,
        scale=scale,
        components=np.ascontiguousarray(axes[:, first].T, np.float32),
        spread=np.asarray(np.sqrt(np.maximum(variance[first], 1e-6)), np.float32),
    )


def project(axes: Axes, texts: Sequence[NDArray[np.floating]]) -> Tokens:
    """The tokens (t, w) of texts on axes, in half precision."""
    counts = [len(t) for t in texts]
    rows = np.empty((sum(counts), len(axes.spread)), np.float16)
    at = 0
    for part in _together(texts):
        rows[at : at + len(part)] = axes.of(part)
        at += len(part)
    return lay(rows, counts)


def _together(texts: Sequence[NDArray[np.floating]]) -> Iterator[Floats]:
    for i in range(0, len(texts), TOGETHER):
        yield np.concatenate(texts[i : i + TOGETHER]).astype(np.float32)


def fit_attention(tokens: Tokens, targets: Floats) -> Attention:
    """Heads over tokens on axes of unit spread.

    `targets` (n, 15) of 0 and 1: violated at all, then one column per label. The networks see the same batches, and
    differ by where they start.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        look, take, out = _fitted(torch, tokens, targets)
    finally:
        torch.set_num_threads(threads)
    return Attention(
        query=look.weight.detach().numpy().copy(),
        value=take.weight.detach().numpy().copy(),
        value_bias=take.bias.detach().numpy().copy(),
        weight=np.asarray(np.concatenate([n.weight.detach().numpy() for n in out], axis=1) / NETWORKS, np.float32),
        bias=np.asarray(np.mean([n.bias.detach().numpy() for n in out], axis=0), np.float32),
    )


def _drawn(tokens: Tokens, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(n, `SAMPLE`) rows of each text's tokens, and which there are.

    A longer text has as many stretches, and each gives one; neighbours may give the same, where they share a token.
    """
    places = np.arange(SAMPLE) + rng.random((len(tokens.counts), SAMPLE))
    places = (places * np.maximum(tokens.counts / SAMPLE, 1)[:, None]).astype(np.int64)
    last = tokens.counts[:, None] - 1
    return tokens.starts[:, None] + np.minimum(places, last), np.arange(SAMPLE) <= last


def _fitted(torch: Any, tokens: Tokens, targets: Floats) -> tuple[Any, ...]:
    """What looks, what takes, and what reads it, one of these for each network."""
    torch.manual_seed(0)
    width = tokens.rows.shape[1]
    look = torch.nn.Linear(width, NETWORKS * HEADS, bias=False)
    take = torch.nn.Linear(width, NETWORKS * HEADS * VALUES)
    out = torch.nn.ModuleList(torch.nn.Linear(HEADS * VALUES, targets.shape[1]) for _ in range(NETWORKS))
    hide = torch.nn.Dropout(DROPOUT)
    x, y = torch.from_numpy(tokens.rows), torch.from_numpy(targets)

    def outputs(rows: Any, known: Any) -> Any:
        seen = hide(x[rows].float())
        shares = look(seen).masked_fill(~known[..., None], -1e4).softmax(1)
        values = take(seen).view(*shares.shape, VALUES)
        taken = torch.tanh((shares[..., None] * values).sum(1)).view(len(rows), NETWORKS, HEADS * VALUES)
        return torch.stack([layer(taken[:, i]) for i, layer in enumerate(out)], 1)

    step = torch.optim.AdamW([*look.parameters(), *take.parameters(), *out.parameters()], lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * math.ceil(len(targets) / BATCH)
    rate = torch.optim.lr_scheduler.LinearLR(step, start_factor=1, end_factor=0, total_iters=steps)
    rng = np.random.default_rng(0)
    for _ in range(EPOCHS):
        rows, known = map(torch.from_numpy, _drawn(tokens, rng))
        for texts in torch.from_numpy(rng.permutation(len(targets))).split(BATCH):
            truth = y[texts][:, None].expand(-1, NETWORKS, -1)
            found = outputs(rows[texts], known[texts])
            losses = torch.nn.functional.binary_cross_entropy_with_logits(found, truth, reduction="none")
            losses = losses.mean(0).sum(0)
            loss = losses[0] + LABEL_WEIGHT * losses[1:].sum()
            step.zero_grad()
            loss.backward()
            step.step()
            rate.step()
    return look, take, out


def on_tokens(attention: Attention, axes: Axes) -> Attention:
    """Heads fitted on axes of unit spread, as they apply to tokens as they are."""
    onto = axes.onto
    return Attention(
        query=attention.query @ onto,
        value=attention.value @ onto,
        value_bias=np.asarray(attention.value_bias - attention.value @ (onto @ axes.mean), np.float32),
        weight=attention.weight,
        bias=attention.bias,
    )
