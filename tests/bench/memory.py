"""The real engine with a little more memory than it needs, and with less: `python -m tests.bench.memory`.

The limit is on address space, set before the process starts; what it needs is what an engine without one used at most.
"""

import sys
import tempfile
import time
from pathlib import Path

import pytest

from reviewer.assemble import Station, configure
from reviewer.draft import Channel
from reviewer.finding import Stage
from reviewer.paths import Home
from reviewer.readers import from_text
from reviewer.settings import Settings
from reviewer.verdict import Decision, Review
from tests.starving import limit, most_used

HARMLESS = "周末大扫除，记得把窗户也擦一下，晚饭我来做，想吃红烧鱼还是糖醋排骨？"
MARKED = f"机密★20年\n{HARMLESS}"


def reviewed(home: Path, text: str) -> tuple[Review, int]:
    """The review of a text by an engine of its own, and the address space that it used at most."""
    station = Station(configure(Settings(), Home(home)), (Stage.DETECT, Stage.JUDGE), 120.0)
    try:
        done = station.reviewer.review(from_text(text, Channel.WECHAT_GROUP))
        return done, most_used(station.engine.pid) if station.engine.running else 0
    finally:
        station.engine.close()


def starved(home: Path, most: int, text: str) -> Review:
    """The review of a text by an engine of `most` bytes. Raises `AssertionError` where it was not done and passes, or
    a finding of the rules is gone.
    """
    with pytest.MonkeyPatch.context() as patch:
        limit(patch, most)
        done, _ = reviewed(home, text)
    marked = "mark.classification" in {f.rule for f in done.findings}
    assert marked is (text is MARKED)
    if done.unfinished:
        assert done.probability is None
        assert done.decision is (Decision.BLOCK if marked else Decision.REVIEW)
    return done


def main() -> None:
    """Print what each share of the need came to."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        usual, needed = reviewed(home, HARMLESS)
        assert usual.decision is Decision.PASS
        sys.stdout.write(f"needed: {needed >> 20} MiB of address space\n")
        for share in (1.1, 0.95, 0.8, 0.6, 0.4, 0.2):
            begun = time.perf_counter()
            done = starved(home, int(needed * share), HARMLESS if share > 0.4 else MARKED)
            assert bool(done.unfinished) is (share < 1)
            said = "; ".join(u.reason for u in done.unfinished) or "finished"
            sys.stdout.write(f"{share:.0%}: {done.decision}, {said}, {time.perf_counter() - begun:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
