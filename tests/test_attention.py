"""Attention over tokens: it finds the one token that decides, and means the same on axes and on tokens."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from reviewer.errors import ModelError
from reviewer.judge.attention import Attention
from reviewer.judge.heads import Heads, combined, load, save
from reviewer.judge.train import EPOCHS, SAMPLE, Tokens, _drawn, find_axes, fit_attention, lay, on_tokens, project
from tests.judging import heads

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
    trust = np.zeros((15, 4), np.float32)
    trust[:, 2] = 1.0
    fitted = heads(0.0, width=WIDTH)
    return replace(fitted, attention=attention, stack_weight=trust, stack_bias=np.zeros(15, np.float32))


def test_one_token_among_many_decides_and_the_axes_change_nothing(tmp_path: Path) -> None:
    texts, targets = drafts(1200, 1)
    axes = find_axes(texts, WIDTH)
    tokens = project(axes, texts)
    fitted = fit_attention(tokens, targets)
    raw = on_tokens(fitted, axes)
    unseen, truth = drafts(200, 2)
    scores = np.array([raw.outputs(t) for t in unseen])
    on_axes = np.array([fitted.outputs(axes.of(t)) for t in unseen])
    np.testing.assert_allclose(scores, on_axes, atol=1e-3)
    assert ((scores[:, 0] > 0) == (truth[:, 0] > 0)).mean() > 0.95
    assert ((scores[:, 3] > 0) == (truth[:, 3] > 0)).mean() > 0.95
    place = tmp_path / "heads.safetensors"
    save(one(raw), place)
    there = load(place)
    state, embedding = np.zeros(2 * WIDTH, np.float32), np.ones(1, np.float32)
    assert np.array_equal(there.outputs(state, embedding, unseen[0]), raw.outputs(unseen[0]))
    assert fit_attention(tokens, targets).weight.tobytes() == fitted.weight.tobytes()


def test_every_epoch_draws_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, targets = drafts(8, 4)
    seen: list[bytes] = []

    def told(tokens: Tokens, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        rows, known = _drawn(tokens, rng)
        seen.append(rows.tobytes())
        return rows, known

    monkeypatch.setattr("reviewer.judge.train._drawn", told)
    long = [np.repeat(t, SAMPLE, axis=0) for t in texts]
    fit_attention(lay(np.concatenate(long).astype(np.float16), [len(t) for t in long]), targets)
    assert len(set(seen)) == EPOCHS


def test_heads_with_a_number_that_is_none_do_not_load(tmp_path: Path) -> None:
    texts, targets = drafts(8, 3)
    fitted = fit_attention(lay(np.concatenate(texts).astype(np.float16), [len(t) for t in texts]), targets)
    fitted.query[0, 0] = np.nan
    save(one(fitted), tmp_path / "heads.safetensors")
    with pytest.raises(ModelError, match="damaged"):
        load(tmp_path / "heads.safetensors")


def test_heads_whose_limits_cannot_be_do_not_load(tmp_path: Path) -> None:
    fitted = heads(0.0)
    place = tmp_path / "heads.safetensors"
    for wrong in ({"threshold": 1.0}, {"threshold": 0.0}, {"plain_below": 1.0}, {"plain_below": -1.0}):
        save(replace(fitted, fitted=fitted.fitted.model_copy(update=wrong)), place)
        with pytest.raises(ModelError, match="do not load"):
            load(place)
    save(fitted, place)
    assert load(place).fitted == fitted.fitted


def test_heads_of_another_version_are_told_so(tmp_path: Path) -> None:
    """Those that were fitted when an unsure draft was read again have a limit that fits no single reading."""
    place = tmp_path / "heads.safetensors"
    save(heads(0.0), place)
    with safe_open(place, framework="numpy") as file:
        arrays, facts = {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["fitted"])  # noqa: SIM118
    save_file(arrays, place, metadata={"fitted": json.dumps({**facts, "second_sha256": "ab"})})
    with pytest.raises(ModelError, match="or are old"):
        load(place)


def test_axes_are_those_of_most_variance_of_all_texts_and_tokens_have_unit_spread_on_them() -> None:
    rng = np.random.default_rng(5)
    mix = np.array([[1.0, 1.0, 0.0], [0.0, 0.3, 0.0], [0.0, 0.0, 2.0]])
    early = [rng.normal(size=(rng.integers(1, 60), 3)) @ mix for _ in range(400)]
    late = [rng.normal(size=(rng.integers(1, 60), 3)) @ mix + [0, 0, 9] for _ in range(400)]
    texts = [t.astype(np.float16) for t in (*early, *late)]
    axes = find_axes(texts, 2)
    assert axes.spread[0] > 1.3 > axes.spread[1] > 0.9
    np.testing.assert_allclose(np.abs(axes.components[0]), [np.sqrt(0.5), np.sqrt(0.5), 0], atol=0.05)
    np.testing.assert_allclose(axes.mean, [0, 0, 4.5], atol=0.3)
    tokens = project(axes, texts)
    np.testing.assert_allclose(tokens.rows.astype(float).mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(tokens.rows.astype(float).std(axis=0), 1, atol=0.05)
    np.testing.assert_allclose(tokens[700], axes.of(texts[700]), atol=0.01)
    few = tokens.only(np.arange(800) >= 700)
    np.testing.assert_array_equal(few[0], tokens[700])


def test_a_step_sees_every_token_of_a_short_text_and_others_of_a_long_one_each_time() -> None:
    counts = [1, SAMPLE, SAMPLE + 1, 10 * SAMPLE]
    tokens = lay(np.zeros((sum(counts), 1), np.float16), counts)
    rng = np.random.default_rng(6)
    drawn = [_drawn(tokens, rng) for _ in range(400)]
    for text, (start, count) in enumerate(zip(tokens.starts, counts, strict=True)):
        seen = [rows[text][known[text]] - start for rows, known in drawn]
        assert all(len(s) == min(count, SAMPLE) for s in seen)
        assert all((np.diff(s) >= 0).all() for s in seen)
        assert np.unique(np.concatenate(seen)).tolist() == list(range(count))


def test_violates_anything_hears_every_label() -> None:
    llm = np.full(15, -9.0, np.float32)
    llm[4] = 5.0
    readings = combined(llm, llm, llm)
    assert readings.shape == (15, 4)
    assert readings[0, 3] == pytest.approx(5.0, abs=1e-3)
    assert not readings[1:, 3].any()
