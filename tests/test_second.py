"""The second reading: asked where the first is unsure, weighed by what was fitted, refused when another's."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reviewer.assemble import Config, configure
from reviewer.cli import doctor
from reviewer.decide import decide
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import ModelError
from reviewer.finding import Stage
from reviewer.judge import Judge
from reviewer.judge import second as second_
from reviewer.judge.attention import Attention, Floats
from reviewer.judge.calibrate import settle, unsure_of
from reviewer.judge.heads import UNSURE, load, sigmoid
from reviewer.judge.heads import save as save_heads
from reviewer.judge.second import Second, identity
from reviewer.judge.states import Read
from reviewer.judge.windows import LIMIT, WINDOW
from reviewer.models import Catalogue, ModelFile
from reviewer.paths import Home, shipped
from reviewer.precedents import load_library
from reviewer.reading import find_second, heads_file, load_heads, open_again
from reviewer.settings import Settings
from reviewer.verdict import Decision
from tests.judging import NOBODY, TRUST_SECOND, Clause, Reads, heads

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
    unsure = np.abs(first[:, 0]) < UNSURE
    weight, bias, settled = settle(first, second[unsure], targets)
    assert 0.2 < unsure.mean() < 0.9
    np.testing.assert_array_equal(settled[~unsure], first[~unsure])
    right = ((settled[:, 0] > 0) == (targets[:, 0] > 0))[unsure].mean()
    assert right > 0.9 > ((first[:, 0] > 0) == (targets[:, 0] > 0))[unsure].mean()
    assert weight.shape == (15, 3)
    assert bias.shape == (15,)


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

    judge = Judge(Reads(read), heads(first, trust), ["wx-1"], {"wx-1": Clause()}, NOBODY, Lang.ZH, None, again)
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

    judge = Judge(Reads(read), heads(-3.0, TRUST_SECOND[:0]), ["wx-1"], {"wx-1": Clause()}, NOBODY, Lang.ZH)
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


def test_the_shipped_reading_is_of_the_listed_adapter_and_knows_every_unsure_precedent(config: Config) -> None:
    """What the second reading left unsure the first had left unsure, so `calibrate` asks for it."""
    second = second_.load(config.fitted[-1] / JUDGE / "second.safetensors")
    listed = Catalogue.load(config.models_txt).named(second.adapter)
    assert second.sha256 == listed.sha256
    assert listed.folder(config.fitted)
    heads = load(config.fitted[-1] / JUDGE / "heads.safetensors")
    texts = {p.id: identity(p.text, p.channel) for p in load_library([shipped("prompts") / "precedents"]).precedents}
    unsure = [texts[i] for i in np.asarray(heads.fitted.ids)[unsure_of(heads.outcomes)]]
    assert len(unsure) > 1000
    assert set(unsure) <= set(second.unseen)


@pytest.fixture
def fitted(config: Config, tmp_path: Path) -> Path:
    """A copy of what ships fitted."""
    return Path(shutil.copytree(config.fitted[-1], tmp_path / "shipped"))


def test_a_reading_of_another_adapter_is_refused_before_anything_is_loaded(config: Config, fitted: Path) -> None:
    place = fitted / JUDGE / "second.safetensors"
    shipped_one = second_.load(place)
    second_.save(Second(shipped_one.adapter, "cd" * 32, *_rest(shipped_one)), place)
    moved = config.model_copy(update={"fitted": (fitted,)})
    listed = Catalogue.load(config.models_txt)
    with pytest.raises(ModelError, match=r"second\.safetensors (has|is not the listed file).*release"):
        open_again(moved, listed, None)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="not made for the listed"):
        open_again(moved, listing(listed, place), None)  # type: ignore[arg-type]


def listing(listed: Catalogue, place: Path) -> Catalogue:
    """A list on which that file stands as it is."""
    path, data = f"{place.parent.name}/{place.name}", place.read_bytes()
    file = ModelFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    changed = [
        m.model_copy(update={"files": tuple(file if f.path == path else f for f in m.files)}) for m in listed.models
    ]
    return Catalogue(models=tuple(changed))


def altered(config: Config, folder: Path) -> Path:
    """The shipped heads with another threshold, which load like them, in a folder."""
    heads = load(config.fitted[-1] / JUDGE / "heads.safetensors")
    place = folder / JUDGE / "heads.safetensors"
    place.parent.mkdir(parents=True, exist_ok=True)
    save_heads(replace(heads, fitted=heads.fitted.model_copy(update={"threshold": 0.99})), place)
    return place


def test_shipped_heads_are_used_only_as_they_are_listed(config: Config, fitted: Path) -> None:
    listed, moved = Catalogue.load(config.models_txt), config.model_copy(update={"fitted": (fitted,)})
    assert load_heads(moved, listed).fitted.threshold < 0.9
    place = altered(config, fitted)
    with pytest.raises(ModelError, match=r"heads\.safetensors (has|is not the listed file).*release"):
        load_heads(moved, listed)
    assert not doctor._heads(moved, Lang.EN)[0]
    assert load_heads(moved, listing(listed, place)).fitted.threshold == 0.99
    none = config.model_copy(update={"judge": "another", "fitted": (fitted,)})
    (fitted / "another").mkdir()
    with pytest.raises(ModelError, match="reviewer calibrate"):
        load_heads(none, listed)
    shutil.copy(place, fitted / "another")
    with pytest.raises(ModelError, match=r"another/heads\.safetensors is not in models\.txt"):
        load_heads(none, listed)


def test_heads_fitted_elsewhere_are_told_from_those_that_ship(config: Config, tmp_path: Path) -> None:
    def said() -> str:
        right, words = doctor._heads(config, Lang.EN)
        assert right
        assert words.endswith(f"sha256:{hashlib.sha256(place.read_bytes()).hexdigest()}")
        assert "verified" not in words
        assert load_heads(config, Catalogue.load(config.models_txt)).fitted.threshold == 0.99
        return words

    assert doctor._heads(config, Lang.EN) == (True, f"verified {heads_file(config)}, with a second reading")
    config = config.model_copy(update={"fitted": (config.fitted[0], tmp_path / "bundle", config.fitted[-1])})
    place = altered(config, tmp_path / "bundle")
    assert said().startswith(f"brought by a bundle {place}, with a second reading; ")
    place = altered(config, config.fitted[0])
    assert said().startswith(f"fitted here {place}, with a second reading; ")
    assert doctor._heads(config, Lang.ZH)[1].startswith(f"本站拟合 {place}，含复读；sha256:")


@pytest.mark.parametrize(("named", "weighs"), [("ab" * 32, False), ("", True)])
def test_heads_that_name_a_second_reading_without_weighing_it_are_refused(
    tmp_path: Path, named: str, weighs: bool
) -> None:
    made = heads(0.0, TRUST_SECOND if weighs else TRUST_SECOND[:0])
    fitted = made.fitted.model_copy(update={"second_sha256": named})
    save_heads(replace(made, fitted=fitted), tmp_path / "heads.safetensors")
    with pytest.raises(ModelError, match="damaged"):
        load(tmp_path / "heads.safetensors")


def test_the_shipped_heads_were_fitted_with_the_shipped_reading(config: Config) -> None:
    found = find_second(config, Catalogue.load(config.models_txt))
    assert found is not None
    assert load(heads_file(config)).fitted.second_sha256 == found[1]


def _rest(second: Second) -> tuple[Attention, Floats, Floats, dict[str, Floats]]:
    return second.attention, second.weight, second.bias, dict(second.unseen)
