"""Attention over tokens: it finds the one token that decides, and means the same on axes and on tokens."""

from pathlib import Path

import numpy as np
import pytest

from reviewer.errors import ModelError
from reviewer.judge.attention import Attention
from reviewer.judge.calibrate import padded
from reviewer.judge.heads import Fitted, Heads, combined, load, save
from reviewer.judge.train import find_axes, fit_attention, on_tokens

WIDTH = 24


def drafts(count: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Token clouds of 5 to 40; in every second one a single token stands out on an axis of its own."""
    rng = np.random.default_rng(seed)
    texts = [rng.normal(size=(rng.integers(5, 41), WIDTH)).astype(np.float32) for _ in range(count)]
    targets = np.zeros((count, 15), np.float32)
    for i in range(0, count, 2):
        texts[i][rng.integers(len(texts[i])), 0] = 9.0
        targets[i, 0] = targets[i, 3] = 1.0
    return texts, targets


def one(attention: Attention) -> Heads:
    """Heads that trust the attention alone."""
    nothing = np.zeros((15, 1), np.float32)
    trust = np.zeros((15, 4), np.float32)
    trust[:, 2] = 1.0
    fitted = Fitted(
        judge="j",
        judge_sha256="",
        embedder_sha256="",
        frame_sha256="",
        library_sha256="",
        ids=("a",),
        threshold=0.5,
        review_load=0.1,
    )
    return Heads(
        fitted=fitted,
        llm_weight=nothing,
        llm_bias=nothing[:, 0],
        emb_weight=nothing,
        emb_bias=nothing[:, 0],
        attention=attention,
        stack_weight=trust,
        stack_bias=nothing[:, 0],
        settle_weight=np.zeros((0, 3), np.float32),
        settle_bias=nothing[:0, 0],
        embeddings=np.ones((1, 1), np.float32),
        outcomes=np.zeros((1, 15), np.float32),
        evidence=np.zeros(WIDTH, np.float32),
    )


def test_one_token_among_many_decides_and_the_axes_change_nothing(tmp_path: Path) -> None:
    texts, targets = drafts(1200, 1)
    flat = np.concatenate(texts)
    axes = find_axes(flat, WIDTH)
    tokens, known = padded((axes.of(flat) / axes.spread).astype(np.float16), [len(t) for t in texts])
    fitted = fit_attention(tokens, known, targets)
    raw = on_tokens(fitted, axes)
    unseen, truth = drafts(200, 2)
    scores = np.array([raw.outputs(t) for t in unseen])
    on_axes = np.array([fitted.outputs(axes.of(t) / axes.spread) for t in unseen])
    np.testing.assert_allclose(scores, on_axes, atol=1e-3)
    assert ((scores[:, 0] > 0) == (truth[:, 0] > 0)).mean() > 0.95
    assert ((scores[:, 3] > 0) == (truth[:, 3] > 0)).mean() > 0.95
    place = tmp_path / "heads.safetensors"
    save(one(raw), place)
    there = load(place)
    state, embedding = np.zeros(1, np.float32), np.ones(1, np.float32)
    assert np.array_equal(there.outputs(state, embedding, unseen[0]), raw.outputs(unseen[0]))
    assert fit_attention(tokens, known, targets).weight.tobytes() == fitted.weight.tobytes()


def test_heads_with_a_number_that_is_none_do_not_load(tmp_path: Path) -> None:
    texts, targets = drafts(8, 3)
    tokens, known = padded(np.concatenate(texts).astype(np.float16), [len(t) for t in texts])
    fitted = fit_attention(tokens, known, targets)
    fitted.query[0, 0] = np.nan
    save(one(fitted), tmp_path / "heads.safetensors")
    with pytest.raises(ModelError, match="damaged"):
        load(tmp_path / "heads.safetensors")


def test_padding_keeps_every_token_in_its_place() -> None:
    rows, known = padded(np.arange(12, dtype=np.float16).reshape(6, 2), (1, 3, 2))
    assert known.sum(axis=1).tolist() == [1, 3, 2]
    assert rows[1, :3].tolist() == [[2, 3], [4, 5], [6, 7]]
    assert not rows[0, 1:].any()


def test_violates_anything_hears_every_label() -> None:
    llm = np.full(15, -9.0, np.float32)
    llm[4] = 5.0
    readings = combined(llm, llm, llm)
    assert readings.shape == (15, 4)
    assert readings[0, 3] == pytest.approx(5.0, abs=1e-3)
    assert not readings[1:, 3].any()
