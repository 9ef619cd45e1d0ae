"""The second reading: asked where the first is unsure, weighed by what was fitted, refused when another's."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reviewer.assemble import Config, configure
from reviewer.decide import decide
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import ModelError
from reviewer.finding import ClauseRef, Severity, Stage
from reviewer.judge import Judge, Read
from reviewer.judge import second as second_
from reviewer.judge.attention import Attention, Floats
from reviewer.judge.calibrate import settle
from reviewer.judge.heads import UNSURE, Fitted, Heads, sigmoid
from reviewer.judge.heads import load as load_heads
from reviewer.judge.heads import save as save_heads
from reviewer.judge.second import Second, identity
from reviewer.judge.windows import LIMIT, WINDOW
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.precedents import load_library
from reviewer.reading import find_second, heads_file, open_again
from reviewer.settings import Settings
from reviewer.verdict import Decision

JUDGE = "qwen2.5-coder-1.5b-instruct-q4_k_m"


def made(rng: np.random.Generator, width: int = 6) -> Second:
    """A second reading of random weights."""
    draw = lambda *shape: rng.normal(size=shape).astype(np.float32)  # noqa: E731
    attention = Attention(draw(2, width), draw(4, width), draw(4), draw(15, 4), draw(15))
    unseen = {identity("明天食堂吃包子", "email"): draw(15)}
    return Second("an-adapter", "ab" * 32, attention, draw(15, width), draw(15), unseen)


def test_what_is_saved_reads_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    second, tokens = made(rng), rng.normal(size=(9, 6)).astype(np.float32)
    second_.save(second, tmp_path / "second.safetensors")
    loaded = second_.load(tmp_path / "second.safetensors")
    np.testing.assert_array_equal(loaded.outputs(tokens), second.outputs(tokens))
    mean = second.weight @ tokens.mean(axis=0) + second.bias
    np.testing.assert_allclose(2 * loaded.outputs(tokens), second.attention.outputs(tokens) + mean, rtol=1e-5)
    assert (loaded.adapter, loaded.sha256, list(loaded.unseen)) == ("an-adapter", "ab" * 32, list(second.unseen))


@pytest.mark.parametrize("damage", ["missing", "cut", "nan"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "second.safetensors"
    second = made(np.random.default_rng(2))
    if damage == "nan":
        second.weight[0, 0] = np.nan
    if damage != "missing":
        second_.save(second, path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ModelError):
        second_.load(path)


def test_settling_changes_only_what_the_first_reading_leaves_unsure() -> None:
    rng = np.random.default_rng(3)
    targets = np.zeros((600, 15), np.float32)
    targets[::2, :2] = 1
    first = rng.normal(size=(600, 15)).astype(np.float32) * 2
    second = (targets * 4 - 2 + rng.normal(size=(600, 15))).astype(np.float32)
    weight, bias, settled = settle(first, second, targets)
    unsure = np.abs(first[:, 0]) < UNSURE
    assert 0.2 < unsure.mean() < 0.9
    np.testing.assert_array_equal(settled[~unsure], first[~unsure])
    right = ((settled[:, 0] > 0) == (targets[:, 0] > 0))[unsure].mean()
    assert right > 0.9 > ((first[:, 0] > 0) == (targets[:, 0] > 0))[unsure].mean()
    assert weight.shape == (15, 3)
    assert bias.shape == (15,)


def heads(first: float, settle_weight: Floats) -> Heads:
    """Heads that say `first` of every text, whatever its words."""
    none = np.zeros((15, 1), np.float32)
    said = np.full(15, -4.0, np.float32)
    said[0] = first
    facts = dict.fromkeys(("judge", "judge_sha256", "embedder_sha256", "frame_sha256", "library_sha256"), "")
    return Heads(
        fitted=Fitted(**facts, ids=("a",), threshold=0.5, review_load=0.1),
        llm_weight=np.zeros((15, 2), np.float32),
        llm_bias=none[:, 0],
        emb_weight=none,
        emb_bias=none[:, 0],
        attention=Attention(none[:1], none[:1], none[:1, 0], none, none[:, 0]),
        stack_weight=np.zeros((15, 4), np.float32),
        stack_bias=said,
        settle_weight=settle_weight,
        settle_bias=none[: len(settle_weight), 0],
        embeddings=np.ones((1, 1), np.float32),
        outcomes=np.zeros((1, 15), np.float32),
        evidence=none[:1, 0],
    )


class Clause:
    """The one clause that is judged."""

    ref = ClauseRef(pack="own", id="wx-1", title="标题")

    def severity_on(self, channel: Channel) -> Severity:
        return Severity.REVIEW

    def explanation(self, lang: Lang) -> str:
        return "说明"

    def suggestion(self, lang: Lang) -> str:
        return "建议"


TRUST_SECOND = np.tile(np.array([0.0, 1.0, 0.0], np.float32), (15, 1))


@pytest.mark.parametrize(
    ("first", "trust", "asked", "flagged"),
    [
        (-1.0, TRUST_SECOND, 1, True),
        (1.0, TRUST_SECOND, 1, True),
        (-UNSURE - 0.1, TRUST_SECOND, 0, False),
        (UNSURE + 0.1, TRUST_SECOND, 0, True),
        (-1.0, TRUST_SECOND[:0], 0, False),
    ],
)
def test_only_an_unsure_draft_is_read_again(first: float, trust: Floats, asked: int, flagged: bool) -> None:
    seen: list[tuple[str, Channel]] = []

    def again(text: str, channel: Channel) -> Floats:
        seen.append((text, channel))
        return np.full(15, 3.0, np.float32)

    def read(text: str, channel: Channel) -> Read:
        return Read(np.zeros((2, 3, 1), np.float32), (0, 1, 2), np.ones(1, np.float32))

    judge = Judge(read, heads(first, trust), ["wx-1"], {"wx-1": Clause()}, {}, Lang.ZH, None, again)
    draft = Draft(text="明天食堂吃包子", channel=Channel.MOMENTS)
    result = judge(draft, None, ())  # type: ignore[arg-type]
    assert seen == [(draft.text, draft.channel)] * asked
    assert bool(result.findings) is flagged
    assert result.judgement is not None
    expected = 3.0 if asked else first
    assert result.judgement.probability.violation == pytest.approx(float(sigmoid(np.float32(expected))), abs=1e-4)


def test_what_lies_beyond_the_limit_is_not_examined_and_never_passes() -> None:
    seen: list[str] = []

    def read(text: str, channel: Channel) -> Read:
        seen.append(text)
        return Read(np.zeros((2, 3, 1), np.float32), (0, 1, 2), np.ones(1, np.float32))

    judge = Judge(read, heads(-3.0, TRUST_SECOND[:0]), ["wx-1"], {"wx-1": Clause()}, {}, Lang.ZH)
    text = "".join(chr(0x4E00 + i) for i in range(LIMIT + 1))
    whole, more = (judge(Draft(text=t), None, ()) for t in (text[:LIMIT], text))  # type: ignore[arg-type]
    assert whole.examined == more.examined == ((0, LIMIT),)
    assert (whole.unfinished, [u.stage for u in more.unfinished]) == ((), [Stage.JUDGE])
    assert decide(more.findings, more.unfinished) is Decision.REVIEW
    assert {c for piece in seen for c in piece} == set(text[:LIMIT])
    assert max(map(len, seen)) == WINDOW


@pytest.fixture
def config(home: Path) -> Config:
    return configure(Settings(), Home(home))


def test_the_shipped_reading_is_of_the_listed_adapter_and_knows_the_precedents(config: Config) -> None:
    second = second_.load(config.fitted[-1] / JUDGE / "second.safetensors")
    listed = Catalogue.load(config.models_txt).named(second.adapter)
    assert second.sha256 == listed.sha256
    assert listed.folder(config.fitted)
    known = [
        identity(p.text, p.channel) in second.unseen
        for p in load_library([shipped("prompts") / "precedents"]).precedents
    ]
    assert sum(known) / len(known) > 0.99


def test_a_reading_of_another_adapter_is_refused_before_anything_is_loaded(config: Config, tmp_path: Path) -> None:
    place = tmp_path / JUDGE
    place.mkdir()
    shipped_one = second_.load(config.fitted[-1] / JUDGE / "second.safetensors")
    other = Second(shipped_one.adapter, "cd" * 32, *_rest(shipped_one))
    second_.save(other, place / "second.safetensors")
    moved = config.model_copy(update={"fitted": (tmp_path,)})
    with pytest.raises(ModelError, match="not made for the listed"):
        open_again(moved, Catalogue.load(config.models_txt), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("named", "weighs"), [("ab" * 32, False), ("", True)])
def test_heads_that_name_a_second_reading_without_weighing_it_are_refused(
    tmp_path: Path, named: str, weighs: bool
) -> None:
    made = heads(0.0, TRUST_SECOND if weighs else TRUST_SECOND[:0])
    fitted = made.fitted.model_copy(update={"second_sha256": named})
    save_heads(replace(made, fitted=fitted), tmp_path / "heads.safetensors")
    with pytest.raises(ModelError, match="damaged"):
        load_heads(tmp_path / "heads.safetensors")


def test_the_shipped_heads_were_fitted_with_the_shipped_reading(config: Config) -> None:
    found = find_second(config, Catalogue.load(config.models_txt))
    assert found is not None
    assert load_heads(heads_file(config)).fitted.second_sha256 == found[1]


def _rest(second: Second) -> tuple[Attention, Floats, Floats, dict[str, Floats]]:
    return second.attention, second.weight, second.bias, dict(second.unseen)
