"""An engine with too little memory: what it could not do is unfinished, what the rules found stays, nothing passes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.assemble import STAGES, Station, configure
from reviewer.draft import Channel
from reviewer.engine import Engine
from reviewer.finding import Severity, Stage
from reviewer.paths import Home
from reviewer.readers import from_text
from reviewer.settings import Settings
from reviewer.verdict import Decision, Review
from tests.scripted_worker import EAT, EATEN, FIND
from tests.starving import limit, most_used

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limit is on address space, read from /proc")

HARMLESS = "明天下午三点开会"


@pytest.fixture
def station(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """Real rules, and the real worker over a scripted judge."""
    monkeypatch.setattr(Engine, "worker", "tests.scripted_worker")
    made = Station(configure(Settings(), Home(home)), STAGES, 60.0)
    yield made
    made.engine.close()


@pytest.fixture
def needed(home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Bytes of address space that the engine needs for a draft which takes no more."""
    monkeypatch.setattr(Engine, "worker", "tests.scripted_worker")
    made = Station(configure(Settings(), Home(home)), STAGES, 60.0)
    assert review(made, HARMLESS).decision is Decision.PASS
    used = most_used(made.engine.pid)
    made.engine.close()
    return used


def review(station: Station, text: str) -> Review:
    """The whole review of a text."""
    return station.reviewer.review(from_text(text, Channel.EMAIL))


def test_a_quarter_more_than_it_needs_is_enough(station: Station, needed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, int((needed + EATEN) * 1.25))
    done = review(station, HARMLESS + EAT + FIND)
    assert not done.unfinished
    assert [f.rule for f in done.findings if f.stage is Stage.JUDGE] == ["judge.wx-5"]


def test_less_leaves_the_review_unfinished_and_the_engine_alive(
    station: Station, needed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, needed + EATEN // 2)
    plain, marked = review(station, HARMLESS + EAT), review(station, f"机密★20年\n{HARMLESS}{EAT}")
    for done in (plain, marked):
        assert [(u.stage, "not enough memory" in u.reason) for u in done.unfinished] == [(Stage.JUDGE, True)]
        assert not done.examined
    assert (plain.decision, marked.decision) == (Decision.REVIEW, Decision.BLOCK)
    assert [f.severity for f in marked.findings if f.rule == "mark.classification"] == [Severity.BLOCK]
    assert review(station, HARMLESS).decision is Decision.PASS
    assert station.engine.restarts == 0


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_an_engine_that_cannot_even_open_leaves_every_review_unfinished(
    station: Station, needed: int, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    limit(monkeypatch, int(needed * share))
    plain, marked = review(station, HARMLESS), review(station, f"机密★20年\n{HARMLESS}")
    assert (plain.decision, marked.decision) == (Decision.REVIEW, Decision.BLOCK)
    assert all(u.stage is Stage.JUDGE and len(u.reason) > 10 for u in (*plain.unfinished, *marked.unfinished))
    assert plain.unfinished
    assert marked.unfinished
