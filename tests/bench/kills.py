"""Kills while a bundle is taken in, an index gets another key, and the audit log changes file and epoch.

`python -m tests.bench.kills 200` kills each so often; tests/test_kills.py runs the same with small numbers. A writer
says what it has done; after a kill the old state is there or the next one, whole, and nothing of both.
"""

import contextlib
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from reviewer.bundle.signing import Trust
from reviewer.errors import StoreLocked
from reviewer.index import Document, Key, Store, keys, take_in
from tests import bundling
from tests.bench import audit_kills, faults
from tests.bench.forked import Say, forked
from tests.conftest import HashEmbedder

SEED = 20261128
CYCLE = 3
"""Bundles, and stores under keys of their own, that take each other's place."""

LONGEST_S = 0.03
"""From what a child says to the kill, at most; a change takes about as long."""

PHRASE = "七月的雷 {}"
CHEAP_KIB = 64
"""Memory of a passphrase here; a real one fills 64 MiB and takes 0.1 s."""


def bundles(folder: Path, count: int) -> str:
    """Bundles take each other's place; the station uses one of them, every byte of it."""
    office = bundling.new_office(folder / "office")
    made = [office.bundle(version) for version in range(1, CYCLE + 1)]
    station = folder / "bundles"
    bundling.apply(made[0], office.trust, station)
    return _killed(count, bundler, (made, office.trust, station), lambda: bundling.version(station) - 1)


def bundler(say: Say, first: int, made: Sequence[Path], trust: Trust, station: Path) -> None:
    """The child: it says the number of a bundle when it is in use."""
    for i in itertools.count(first):
        bundling.apply(made[i % CYCLE], trust, station, older=True)
        say(i)


def carried(folder: Path, count: int) -> str:
    """Stores under other keys take each other's place; one key opens what is there, with the documents of its store."""
    known = _copies(folder)
    path = folder / "home" / "store.db"
    take_in(_copy(folder, 0), _key(folder, 0), path, _key(folder, CYCLE))

    def state() -> int:
        opened = {n: held for n in range(CYCLE) if (held := _held(path, _key(folder, CYCLE + n))) is not None}
        assert len(opened) == 1, f"{len(opened)} keys open the store"
        ((number, held),) = opened.items()
        assert held == known[number], "documents of one store under the key of another"
        return number

    return _killed(count, carrier, (folder,), state)


def carrier(say: Say, first: int, folder: Path) -> None:
    """The child: it says the number of a store when it is in its place."""
    for i in itertools.count(first):
        n = i % CYCLE
        take_in(_copy(folder, n), _key(folder, n), folder / "home" / "store.db", _key(folder, CYCLE + n), replace=True)
        say(i)


def _copies(folder: Path) -> list[Mapping[str, Document]]:
    """Make the stores that are carried; what each holds."""
    known = list(faults.states(4 * CYCLE))
    for number in range(CYCLE):
        store = Store.create(_copy(folder, number), _key(folder, number), HashEmbedder.identity)
        for i in range(4 * number + 4):
            faults.change(store, i)
        store.close()
        _key(folder, CYCLE + number).head()
    return [known[4 * number + 4] for number in range(CYCLE)]


def _copy(folder: Path, number: int) -> Path:
    return folder / f"copy-{number}.db"


def _key(folder: Path, number: int) -> Key:
    return Key(file=folder / f"{number}.key")


def _held(path: Path, key: Key) -> Mapping[str, Document] | None:
    try:
        return faults.held(path, key)
    except StoreLocked:
        return None


def protected(folder: Path, count: int) -> str:
    """The managing passphrase changes; one of them opens every text."""
    path, key = folder / "store.db", Key(file=folder / "store.key")
    known = list(faults.states(10))[-1]
    with _cheap():
        store = Store.create(path, key, HashEmbedder.identity, PHRASE.format(0))
        for i in range(10):
            faults.change(store, i)
        store.close()

        def state() -> int:
            opened = [n for n in range(CYCLE) if _texts(path, key, PHRASE.format(n)) == known]
            assert len(opened) == 1, f"{len(opened)} passphrases open the texts"
            return opened[0]

        return _killed(count, protector, (path, key), state)


def protector(say: Say, first: int, path: Path, key: Key) -> None:
    """The child: it says the number of a passphrase when it is set."""
    store = Store.open(path, key, write=True, managing=PHRASE.format((first - 1) % CYCLE))
    for i in itertools.count(first):
        store.protect(PHRASE.format(i % CYCLE))
        say(i)


def _texts(path: Path, key: Key, managing: str) -> Mapping[str, Document] | None:
    """The documents of a sound store, as the managing passphrase shows them; `None` where it is another one."""
    try:
        store = Store.open(path, key, managing=managing)
    except StoreLocked:
        return None
    try:
        store.verify()
        return {item.document.doc: item.document for item in store.documents()}
    finally:
        store.close()


@contextlib.contextmanager
def _cheap() -> Iterator[None]:
    memory, keys.MEMORY_KIB = keys.MEMORY_KIB, CHEAP_KIB
    try:
        yield
    finally:
        keys.MEMORY_KIB = memory


def _killed(count: int, run: Callable[..., None], words: Sequence[object], state: Callable[[], int]) -> str:
    """Kill children that do `run`, each going on where the last one was; `state` says, modulo `CYCLE`, which change is
    in place. Raises `AssertionError`.
    """
    rng, done, untold = random.Random(SEED), 0, 0
    for _ in range(count):
        child = forked(run, done + 1, *words)
        told = list(itertools.islice(child.out, rng.randrange(4)))
        time.sleep(rng.uniform(0.0, LONGEST_S))
        told += child.killed()
        after = int(told[-1]) if told else done
        ahead = (state() - after) % CYCLE
        assert ahead < 2, f"after change {after} there is the state of another"
        untold += ahead
        done = after + ahead
    return f"{count} kills, {done} changes done, {untold} of them finished as the kill came"


def _turning(folder: Path, count: int) -> str:
    return "; ".join(audit_kills.logs(folder, count, SEED, audit_kills.turning))


RUNS: Mapping[str, Callable[[Path, int], str]] = {
    "bundles": bundles,
    "store under another key": carried,
    "managing passphrase": protected,
    "audit log, a file and an epoch": _turning,
}


def main(count: int) -> None:
    """Print the full numbers."""
    with tempfile.TemporaryDirectory() as name:
        for what, run in RUNS.items():
            place, begun = Path(name) / what.partition(" ")[0], time.monotonic()
            place.mkdir()
            sys.stdout.write(f"{what}, seed {SEED}: {run(place, count)}; {time.monotonic() - begun:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
