"""`reviewer calibrate` over scripted readings: what it prints and writes, and that evidence is tried on the unseen."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from reviewer.cli import calibrate, main
from reviewer.draft import Channel
from reviewer.judge.calibrate import EVIDENCE_STEP, FOLDS, OVERLOOKED, fit, fit_evidence, plain_below, threshold_for
from reviewer.judge.heads import PLAIN, Floats, load, sigmoid
from reviewer.judge.states import Read
from reviewer.judge.train import Axes
from reviewer.measure import area
from reviewer.paths import Home, shipped
from reviewer.precedents import Library, load_library
from reviewer.settings import Settings
from tests.judging import heads as flat

WIDTH = 6
PAIRS = 30
HASHES = {"judge": "scripted", "judge_sha256": "a", "embedder_sha256": "b", "frame_sha256": "c"}
FILE = load_library([shipped("prompts") / "precedents" / "t1.jsonl"])
SOME = Library(precedents=tuple(p for pair in list(FILE.pairs())[:PAIRS] for p in pair), sha256="d")
DECIDING = {p.text: [(at := p.text.find(q), at + len(q)) for q in p.evidence] for p in SOME.precedents}


class Scripted:
    """A token a character; the first coordinate tells the deciding ones, if `tells`, the last every one of a leak."""

    def __init__(self, *, tells: bool = True) -> None:
        self.tells = tells
        self.asked = 0

    def __call__(self, text: str, channel: Channel) -> Read:
        """The same for the same text."""
        self.asked += 1
        rng = np.random.default_rng(int(hashlib.sha256(text.encode()).hexdigest()[:8], 16))
        rows = rng.normal(size=(2, len(text), WIDTH)).astype(np.float32)
        rows[:, :, -1] += 2 * bool(DECIDING[text])
        for start, end in DECIDING[text]:
            rows[:, start:end, 0] += 8 * self.tells
        embedding = rng.normal(size=4).astype(np.float32)
        return Read(rows, tuple(range(len(text))), embedding / np.linalg.norm(embedding))


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A few precedents, and readings that are kept nowhere but here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(calibrate, "load_library", lambda paths: SOME)


def run(monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    """Run it."""
    monkeypatch.setattr(calibrate, "open_reading", lambda config: (Scripted(), HASHES))
    done = CliRunner().invoke(main, ["calibrate", *options], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def rows(done: Result) -> list[dict[str, str]]:
    """The tables by name of their rows, below a heading each."""
    _, *tables = re.split(r"^\S+: .*\n", done.stdout, flags=re.MULTILINE)
    return [{line[:24].strip(): line[24:] for line in table.splitlines()} for table in tables]


def test_a_dry_run_prints_every_figure_and_writes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, "--dry-run")
    head = f"{Settings().judge}: {2 * PAIRS} precedents, grouped cross-validation"
    assert done.stdout.startswith(f"{head}, every one read twice\n")
    assert f"\n{head}, with what a glance settles\n" in done.stdout
    said, glanced = rows(done)
    assert set(said) == set(glanced)
    assert said["caught"].endswith(f"/{PAIRS})")
    assert said["pairs both right"].endswith(f"/{PAIRS})")
    assert float(said["AUC"].split()[0]) > 0.9
    for name in ("AUC", "calibration error"):
        assert "[" in said[name]
    assert float(said["evidence overlap"].partition("%")[0]) > 90
    assert said["evidence overlap"].endswith(f"/{PAIRS})")
    unknown = {name for name, figure in said.items() if figure == "-"}
    assert unknown == {"judge's first clause", "first finding's clause", "injections caught"}
    assert not Home(home).fitted.exists()


def tried(*, tells: bool) -> list[bool | None]:
    """Whether the evidence of each precedent is touched."""
    kept = [calibrate.keep(Scripted(tells=tells)(p.text, p.channel), len(p.text)) for p in SOME.precedents]
    return calibrate.touched(calibrate.examples_of(SOME.precedents, kept), SOME.precedents)


def test_evidence_is_touched_where_tokens_tell_it() -> None:
    told, untold = tried(tells=True), tried(tells=False)
    assert [o is None for o in told] == [not p.labels for p in SOME.precedents]
    assert sum(map(bool, untold)) < 0.8 * sum(map(bool, told))


def test_an_evidence_head_is_tried_on_what_it_did_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def told(tokens: Floats, axes: Axes, deciding: NDArray[np.bool_], violating: NDArray[np.bool_]) -> Floats:
        assert len(tokens) == len(deciding) == len(violating)
        seen.append(len(tokens))
        return fit_evidence(tokens, axes, deciding, violating)

    monkeypatch.setattr(calibrate, "fit_evidence", told)
    tried(tells=True)
    tokens = sum(len(p.text) for p in SOME.precedents)
    assert len(seen) == FOLDS
    assert sum(seen) == pytest.approx((FOLDS - 1) * tokens / EVIDENCE_STEP, abs=FOLDS)


def test_a_glance_may_overlook_a_thousandth_of_what_is_caught() -> None:
    glances = np.tile(np.linspace(-10, 0, 5000, dtype=np.float32)[:, None], (1, 15))
    glances[:, 1:] = -50.0
    caught = np.arange(5000) % 2 == 0
    below = plain_below(glances, caught)
    assert 1 <= (glances[caught, 0] < below).sum() <= OVERLOOKED * caught.sum()
    assert plain_below(glances, glances[:, 0] > -1) == PLAIN
    assert plain_below(glances, np.zeros(5000, bool)) == PLAIN


def test_the_glance_is_fitted_on_the_first_pass_alone() -> None:
    kept = [calibrate.keep(Scripted()(p.text, p.channel), len(p.text)) for p in SOME.precedents]
    examples = calibrate.examples_of(SOME.precedents, kept)
    examples.states[:, WIDTH:] = np.random.default_rng(1).normal(size=(len(kept), WIDTH))
    heads, _ = fit(examples, {**HASHES, "library_sha256": "d"}, 0.1)
    said = np.array([heads.glance(s[:WIDTH], e)[0] for s, e in zip(examples.states, examples.embeddings, strict=True)])
    leaks = examples.targets[:, 0] > 0
    assert area(said.tolist(), leaks.tolist()) > 0.95


def test_what_a_glance_settles_is_counted_with_what_it_says_and_kept_as_it_is_read_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = [calibrate.keep(Scripted()(p.text, p.channel), len(p.text)) for p in SOME.precedents]
    examples = calibrate.examples_of(SOME.precedents, kept)
    said = np.where(examples.targets > 0, 6.0, -6.0).astype(np.float32)
    harmless = np.flatnonzero(examples.targets[:, 0] < 0.5)
    said[harmless[::2]] = 6.0
    readings = np.repeat(np.where(examples.targets > 0, 3.0, -3.0).astype(np.float32)[..., None], 4, axis=2)
    once = np.repeat(said[..., None], 3, axis=2)
    monkeypatch.setattr("reviewer.judge.calibrate.unseen", lambda examples, told: (readings, once))
    heads, judged = fit(examples, {**HASHES, "library_sha256": "d"}, 0.1)
    plain = (said * heads.once_weight[0].sum() + heads.once_bias[0])[:, 0] < heads.fitted.plain_below
    assert set(np.flatnonzero(plain)) == set(harmless[1::2])
    assert (judged != heads.outcomes).any(axis=1).tolist() == plain.tolist()


def test_what_it_writes_is_what_a_review_loads(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch)
    heads = load(Home(home).fitted / Settings().judge / "heads.safetensors")
    assert heads.fitted.ids == tuple(p.id for p in SOME.precedents)
    assert heads.fitted.judge == "scripted"
    assert f"threshold {heads.fitted.threshold:.3f}" in done.stderr
    assert [f"attention, fold {n} of 5" in done.stderr for n in range(1, 7)] == [True] * 5 + [False]


def test_what_was_read_with_the_same_models_is_not_read_again() -> None:
    reading = Scripted()
    for models, asked in (("a", len(SOME.precedents)), ("a", len(SOME.precedents)), ("b", 2 * len(SOME.precedents))):
        calibrate.read_all(reading, SOME.precedents, models)  # type: ignore[arg-type]
        assert reading.asked == asked


def test_what_is_read_of_the_stations_own_is_kept_nowhere() -> None:
    """Whatever voice they claim: `precedents add FILE.jsonl` keeps the one that the file names."""
    reading, own = Scripted(), {p.id for p in SOME.precedents[:2]}
    for asked in (len(SOME.precedents), len(SOME.precedents) + 2):
        calibrate.read_all(reading, SOME.precedents, "a", own)  # type: ignore[arg-type]
        assert reading.asked == asked


def test_no_more_than_the_load_reaches_the_threshold() -> None:
    probability = np.float32([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 0.9])
    for share, reached in ((0.1, 0), (0.28, 3), (0.4, 4)):
        threshold = threshold_for(probability, np.ones(11, bool), share)
        assert (probability >= threshold).sum() == reached


def test_log_odds_are_parted_where_probabilities_are() -> None:
    outputs = np.random.default_rng(0).normal(size=4001).astype(np.float32)
    heads = flat(0.0)
    for share in np.linspace(0.01, 0.5, 50):
        threshold = threshold_for(sigmoid(outputs), np.ones(4001, bool), float(share))
        cut = replace(heads, fitted=heads.fitted.model_copy(update={"threshold": threshold})).threshold
        assert (outputs >= cut).sum() == int(share * 4001)
