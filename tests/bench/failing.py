"""Calls of the system that fail while an index, the audit log and the station's bundles are changed.

`python -m tests.bench.failing 200` lets the 1st to 200th call of `open`, `write`, `pwrite`, `ftruncate`, `fsync`,
`rename`, `unlink` and `mkdir` fail, in each way; tests/test_failing.py does so at some of them. Each time a change is
an error or done, the state before or after it is there, whole, and the next change works. The library that records
what a writer does to the disk (`tests/bench/power`) is preloaded, and lets the calls fail. Linux.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from enum import IntEnum
from pathlib import Path

from reviewer.audit import Log, State, log, records, verify
from reviewer.errors import AuditError, BundleError, StoreError
from reviewer.index import Document, Key, Store
from tests import bundling
from tests.auditing import Days, happened
from tests.bench import faults
from tests.bench.power.record import compiled
from tests.conftest import HashEmbedder

PAGES = 28
"""Of the document that is added, so that it takes some hundred calls."""

SWITCHED = "did not confirm"
"""What an error says after which the new state is there."""


class Way(IntEnum):
    """How a call fails, as `recorder.c` numbers them."""

    ERROR = 1
    """EIO."""
    INTERRUPTED = 2
    """EINTR."""
    SHORT = 3
    """Half is written; only calls that write count."""
    DEAD = 4
    """EIO, and so does every call after it."""


class Calls:
    """The preloaded library."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.fail_call.argtypes = (ctypes.c_int, ctypes.c_long)
        self._library.calls_seen.restype = ctypes.c_long
        self.seen = 0

    @contextmanager
    def failing(self, way: Way, call: int) -> Iterator[None]:
        """Let a call fail; `seen` is how many there were."""
        self._library.fail_call(way, call)
        try:
            yield
        finally:
            self.seen = self._library.calls_seen()
            self._library.fail_call(0, 0)


Attempt = Callable[[Path, AbstractContextManager[None]], bool]
"""Tries one change of the copy in a folder, in that context, and what is there afterwards; whether it was refused."""


def index(place: Path) -> Attempt:
    """A document of many pages is added to a store."""
    path, key = place / "store.db", Key(file=place / "store.key")
    store = Store.create(path, key, HashEmbedder.identity)
    for i in range(10):
        faults.change(store, i)
    added = Document(doc="added", level="秘密", text="调拨清单的第一页" * 500 * PAGES)
    before = list(faults.states(10))[-1]
    after = {**before, added.doc: added}
    store.close()

    def add(path: Path, key: Key) -> None:
        store = Store.open(path, key, write=True)
        try:
            store.add(added, [[], []], [])
        finally:
            store.close()

    def attempt(copy: Path, failing: AbstractContextManager[None]) -> bool:
        path, key, refused = copy / "store.db", Key(file=copy / "store.key"), ""
        with failing:
            try:
                add(path, key)
            except StoreError as exc:
                refused = str(exc)
        _either(faults.held(path, key), before, after, refused)
        add(path, key)
        assert faults.held(path, key) == after
        return bool(refused)

    return attempt


def audit(place: Path) -> Attempt:
    """Three records are written, each the first of an epoch, with a checkpoint each, one of them in a new file."""
    log.CHECKPOINT_EVERY = 1
    begun = Log(place / "audit", Days(), segment=1 << 10)
    for number in range(4):
        begun.append(happened(number))
    begun.close()
    before = {record.hash for record in records(place / "audit")}

    def attempt(copy: Path, failing: AbstractContextManager[None]) -> bool:
        made, told, refused = Log(copy / "audit", Days(), segment=1 << 10), set(before), 0
        with failing:
            for number in range(3):
                try:
                    told.add(made.append(happened(number)).hash)
                except AuditError:
                    refused += 1
            with suppress(AuditError):
                made.close()
        assert verify(copy / "audit").state is not State.BROKEN, verify(copy / "audit")
        there = {record.hash: record.kind for record in records(copy / "audit")}
        assert told <= there.keys(), "a record that was told as written is not there"
        untold = [kind for record, kind in there.items() if record not in told and kind == "test"]
        assert len(untold) <= refused
        made.append(happened(3))
        made.close()
        assert verify(copy / "audit").state is State.SOUND
        return bool(refused)

    return attempt


def bundles(place: Path) -> Attempt:
    """A bundle takes the place of another."""
    office = bundling.new_office(place.with_name("office"))
    first, second = office.bundle(1), office.bundle(2)
    bundling.apply(first, office.trust, place / "bundles")

    def attempt(copy: Path, failing: AbstractContextManager[None]) -> bool:
        station, refused = copy / "bundles", ""
        with failing:
            try:
                bundling.apply(second, office.trust, station)
            except BundleError as exc:
                refused = str(exc)
        _either(bundling.version(station), 1, 2, refused)
        bundling.apply(second, office.trust, station)
        assert bundling.version(station) == 2
        return bool(refused)

    return attempt


def _either(held: object, before: object, after: object, refused: str) -> None:
    """The state before, or the one after where nothing was refused or the error says so."""
    wanted = after if not refused or SWITCHED in refused else before
    assert held == wanted, f"{'after' if held == after else 'before' if held == before else 'neither'}: {refused}"


RUNS: Mapping[str, Callable[[Path], Attempt]] = {"index": index, "audit log": audit, "bundles": bundles}


def tried(place: Path, make: Callable[[Path], Attempt], numbers: Sequence[int], calls: Calls) -> str:
    """Let each of these calls fail in each way, as far as there are so many."""
    whole, copy = place / "whole", place / "copy"
    whole.mkdir(parents=True)
    attempt = make(whole)
    tries, refused, most = 0, 0, 0
    for way in Way:
        for number in numbers:
            shutil.copytree(whole, copy)
            try:
                refused += attempt(copy, calls.failing(way, number))
            except Exception as exc:
                raise AssertionError(f"call {number}, {way.name}: {type(exc).__name__}: {exc}") from exc
            shutil.rmtree(copy)
            most = max(most, calls.seen)
            if calls.seen < number:
                break
            tries += 1
    return f"{tries} failing calls, of up to {most} in a try; {refused} tries refused, the rest done"


def results(place: Path, last: int, step: int) -> str:
    """What a child that has the library preloaded says. Raises `AssertionError`."""
    place.mkdir()
    environment = {**os.environ, "LD_PRELOAD": str(compiled(place)), "RECORD_ROOT": str(place.resolve())}
    command = [sys.executable, "-m", "tests.bench.failing", str(last), str(step), str(place.resolve())]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


def main(last: int, step: int, place: Path) -> None:
    """The child: the 1st call and every `step`-th after it, up to `last`."""
    calls = Calls()
    for what, make in RUNS.items():
        begun = time.monotonic()
        said = tried(place / what, make, range(1, last + 1, step), calls)
        sys.stdout.write(f"{what}: {said}; {time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    else:
        with tempfile.TemporaryDirectory() as name:
            sys.stdout.write(results(Path(name) / "failing", int(sys.argv[1]), 1))
