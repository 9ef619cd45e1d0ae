"""Who no longer wants an answer stops only what it asked, wherever that is, and never an engine that opens."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewer.assemble import Station, configure
from reviewer.draft import Draft
from reviewer.engine import Engine, asking_while
from reviewer.errors import Cancelled
from reviewer.finding import Stage
from reviewer.paths import Home
from reviewer.settings import Settings
from reviewer.verdict import Review
from tests.scripted_worker import FIND, SLEEP


class Asked(threading.Thread):
    """A review in a thread, wanted until it is `left`."""

    def __init__(self, station: Station, text: str) -> None:
        super().__init__(daemon=True)
        self._station, self._text = station, text
        self.left = False
        self.review: Review | None = None
        self.cancelled = False
        self.start()

    def run(self) -> None:
        """Ask."""
        try:
            with asking_while(lambda: not self.left):
                self.review = self._station.reviewer.review(Draft(text=self._text))
        except Cancelled:
            self.cancelled = True

    def ends(self) -> None:
        """Wait until it has ended; long before a reading of `SLEEP` would."""
        self.join(20)
        assert not self.is_alive()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; a busy machine gets a minute."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def station(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """A station over the scripted engine, which is not started."""
    monkeypatch.setattr(Engine, "worker", "tests.scripted_worker")
    made = Station(configure(Settings(), Home(home)), (Stage.JUDGE,), 60.0)
    yield made
    made.engine.kill()
    made.engine.close()


def test_an_engine_opens_for_the_next_one_when_nobody_wants_the_first_answer(station: Station) -> None:
    first = Asked(station, FIND)
    until(lambda: station.engine.pid is not None)
    assert not station.engine.running
    first.left = True
    first.ends()
    assert first.cancelled
    assert station.engine.running
    pid = station.engine.pid
    second = Asked(station, FIND)
    second.ends()
    assert second.review is not None
    assert second.review.findings[0].reason == str(pid)
    assert station.engine.restarts == 0


def test_what_waits_for_its_turn_and_is_not_wanted_is_never_read(station: Station) -> None:
    station.engine.start()
    reading, stale = Asked(station, SLEEP), Asked(station, SLEEP * 2)
    until(station.engine._turn.locked)
    time.sleep(0.3)
    stale.left = True
    stale.ends()
    assert stale.cancelled
    assert reading.is_alive()
    asked = station.engine._next_id
    newest = Asked(station, FIND)
    reading.left = True
    reading.ends()
    newest.ends()
    assert reading.cancelled
    assert newest.review is not None
    assert newest.review.findings
    assert station.engine._next_id == asked + 1


def test_a_turn_that_comes_too_late_is_not_used(station: Station) -> None:
    station.engine.start()
    with station.engine._turn:
        stale = Asked(station, SLEEP)
        time.sleep(0.01)
        stale.left = True
    asked = station.engine._next_id
    stale.ends()
    assert stale.cancelled
    assert station.engine._next_id == asked
