"""A reader or an engine that is ended by a signal: said in words, the rules' findings stay, the next works."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.assemble import Station
from reviewer.draft import Channel, Lang
from reviewer.engine import Engine
from reviewer.finding import Stage
from reviewer.readers import read_bytes, spawn
from reviewer.readers.reasons import Reason, say
from reviewer.verdict import Decision
from tests.bench.crashes import HARMLESS, MARKED, SIGNALS, review, scripted
from tests.samples.make import good_html
from tests.scripted_reader import HEAD, READ
from tests.scripted_worker import STRIKE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def station(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """Real rules, and the real worker over a scripted judge."""
    monkeypatch.setattr(Engine, "worker", Engine.worker)  # put back afterwards
    made = scripted(home)
    yield made
    made.engine.close()


def test_a_reader_that_crashes_leaves_what_it_read_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    real = spawn.child_command
    with monkeypatch.context() as crashing:
        crashing.setattr(spawn, "child_command", lambda part, _: real(part, "tests.scripted_reader"))
        for end in SIGNALS[:3]:
            draft = read_bytes(HEAD + b"%d" % end, "样本.pdf", Channel.EMAIL)
            assert draft.text == READ, end.name
            assert [u.reason for u in draft.unread] == [say(Reason.CRASHED, "", Lang.ZH)], end.name
    assert read_bytes(good_html(), "样本.html", Channel.EMAIL).unread == ()


def test_an_engine_that_crashes_leaves_the_review_unfinished_and_the_next_one_works(station: Station) -> None:
    for times, end in enumerate((signal.SIGABRT, signal.SIGSEGV), 1):
        done = review(station, f"{MARKED}{STRIKE}{end:d}")
        assert done.decision is Decision.BLOCK
        assert [u.stage for u in done.unfinished] == [Stage.JUDGE]
        assert f"the engine died (exit status {-end})" in done.unfinished[0].reason
        after = review(station, HARMLESS)
        assert (after.decision, after.unfinished) == (Decision.PASS, ())
        assert station.engine.restarts == times
