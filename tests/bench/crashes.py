"""Readers and engines that are ended by a signal at any moment: what becomes of the review, and of the next one.

`python -m tests.bench.crashes COUNT` ends so many of each with signals in turn, at random moments;
tests/test_crashes.py ends one with each signal in the middle of its work.
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from reviewer.assemble import STAGES, Station, configure
from reviewer.draft import Channel, Draft
from reviewer.engine import Engine
from reviewer.finding import Stage
from reviewer.paths import Home
from reviewer.readers import from_text, read_bytes
from reviewer.settings import Settings
from reviewer.verdict import Decision, Review
from tests.planting import children
from tests.samples.make import docx, paragraph
from tests.scripted_worker import SLEEP

SEED = 20261128
SIGNALS = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGKILL)
HARMLESS = "明天下午三点开会"
MARKED = f"机密★20年\n{HARMLESS}"


def scripted(home: Path) -> Station:
    """Real rules, and the real worker over a scripted judge."""
    Engine.worker = "tests.scripted_worker"
    return Station(configure(Settings(), Home(home)), STAGES, 60.0)


def review(station: Station, text: str) -> Review:
    """The whole review of a text."""
    return station.reviewer.review(from_text(text, Channel.EMAIL))


def struck(process: Callable[[], int | None], end: signal.Signals, after: float) -> threading.Thread:
    """Ends a process some seconds after it is there; give up after a minute."""

    def strike() -> None:
        until = time.monotonic() + 60
        while (pid := process()) is None and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(after)
        if pid is not None and process() == pid:
            os.kill(pid, end)

    thread = threading.Thread(target=strike)
    thread.start()
    return thread


def read(data: bytes) -> Draft:
    """A document as the command reads it."""
    return read_bytes(data, "样本.docx", Channel.EMAIL)


def _newer(others: set[int]) -> Callable[[], int | None]:
    """The child of this process that is none of the others."""
    return lambda: next(iter(set(children(os.getpid())) - others), None)


def readers(count: int, rng: random.Random) -> int:
    """End `count` readers of a long document; how many had not finished, each told. Raises `AssertionError`."""
    whole = docx(paragraph(HARMLESS) * 3000)
    lines = read(whole).text.count(HARMLESS)
    told = 0
    for i in range(count):
        end = SIGNALS[i % len(SIGNALS)]
        thread = struck(_newer(set(children(os.getpid()))), end, rng.uniform(0, 0.6))
        draft = read(whole)
        thread.join()
        if not draft.unread and draft.text.count(HARMLESS) != lines:
            raise AssertionError(f"{end.name}: something is missing and nothing was said")
        told += bool(draft.unread)
    if read(whole).unread:
        raise AssertionError("the next reader failed")
    return told


def engines(station: Station, count: int, rng: random.Random) -> int:
    """End `count` engines while they judge; how many reviews said so. Raises `AssertionError`."""
    told = 0
    for i in range(count):
        if review(station, HARMLESS).decision is not Decision.PASS:
            raise AssertionError("the next review was not whole")
        thread = struck(lambda: station.engine.pid, SIGNALS[i % len(SIGNALS)], rng.uniform(0.05, 0.5))
        done = review(station, MARKED + SLEEP)
        thread.join()
        if done.decision is not Decision.BLOCK:
            raise AssertionError("what the rules found is gone")
        told += [u.stage for u in done.unfinished] == [Stage.JUDGE]
    return told


def main(count: int) -> None:
    """Print the figures."""
    rng = random.Random(SEED)
    started = time.monotonic()
    sys.stdout.write(f"{readers(count, rng)} of {count} readers had not finished, each told; seed {SEED}\n")
    with tempfile.TemporaryDirectory() as folder:
        station = scripted(Path(folder))
        try:
            sys.stdout.write(f"{engines(station, count, rng)} of {count} engines ended in a review, each told\n")
        finally:
            station.engine.close()
    sys.stdout.write(f"{time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
