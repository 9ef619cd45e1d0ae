"""What a store lives through: kills, full disks, flipped bytes, writers side by side.

`python -m tests.bench.faults` runs the full numbers; tests/test_store_faults.py runs the same with small ones.

Changes follow a script (`change`), so after a fault there are exactly two right states: with the change in flight, or
without it.
"""

import contextlib
import itertools
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from reviewer.errors import StoreError
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests.conftest import HashEmbedder

SEED = 20261127
NAMES = 7
"""Documents that are added, replaced and removed in turn."""


def change(store: Store, i: int) -> None:
    """The i-th change: two steps of three add or replace a document, the third removes one."""
    if i % 3 == 2:
        store.remove(f"d{(i * 5) % NAMES}")
        return
    d = document(i, i % NAMES)
    store.add(d, *prepare(d, HashEmbedder(), store.fingerprint_key))


def document(i: int, name: int) -> Document:
    """What change i writes under that name."""
    return Document(
        doc=f"d{name}", level="秘密", title=f"第{i}号清单", text=f"第{i}号库存调拨清单第{name}页" * (20 + i % 30)
    )


def states(count: int) -> Iterator[dict[str, Document]]:
    """What the store holds after 0, 1, 2 ... changes."""
    held: dict[str, Document] = {}
    yield dict(held)
    for i in range(count):
        if i % 3 == 2:
            held.pop(f"d{(i * 5) % NAMES}", None)
        else:
            d = document(i, i % NAMES)
            held[d.doc] = d
        yield dict(held)


def held(path: Path, key: Key) -> dict[str, Document]:
    """The documents of a store that passes `verify`. Raises `StoreError`."""
    store = Store.open(path, key)
    try:
        store.verify()
        return {d.document.doc: d.document for d in store.documents()}
    finally:
        store.close()


def writer(path: str, key: str, first: str, last: str) -> None:
    """The child that changes: says `ready`, then the number of every change once it is done."""
    store = Store.open(Path(path), Key(file=Path(key)), write=True)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for i in range(int(first), int(last)):
        change(store, i)
        sys.stdout.write(f"{i}\n")
        sys.stdout.flush()


def kills(folder: Path, count: int) -> int:
    """Kill a writer `count` times, each going on where the last one was; the number of changes done meanwhile."""
    path, key, done = folder / "kills.db", Key(file=folder / "kills.key"), 0
    Store.create(path, key, HashEmbedder.identity).close()
    rng = random.Random(SEED)
    last = 100_000
    for _ in range(count):
        with _child("writer", path, key, done, last) as child:
            out = child.stdout or ()
            told = [int(line) for line in itertools.islice(out, rng.randrange(4))]
            time.sleep(rng.uniform(0.0, 0.03))
            child.send_signal(signal.SIGKILL)
            told += [int(line) for line in out]
        after = told[-1] + 1 if told else done
        known = list(states(after + 1))
        now = held(path, key)
        if now not in (known[after], known[after + 1]):
            raise AssertionError(f"after {after} changes the store holds something else")
        done = after if now == known[after] else after + 1
    return done


def full_disks(folder: Path, count: int) -> int:
    """Let files grow only so far, `count` times, during a change; how many of the changes were refused."""
    path, key, refused = folder / "full.db", Key(file=folder / "full.key"), 0
    store = Store.create(path, key, HashEmbedder.identity)
    for i in range(30):
        change(store, i)
    rng = random.Random(SEED)
    known = list(states(30 + count))
    now, done = known[30], 30
    for _ in range(count):
        size = path.stat().st_size
        try:
            with limited(rng.randrange(0, size + 65536)):
                change(store, done)
        except StoreError as exc:
            if "the disk is full" not in str(exc):
                raise
            refused += 1
        else:
            done += 1
            now = known[done]
        if held(path, key) != now:
            raise AssertionError("a refused change left a trace, or a finished one is not there")
    store.close()
    return refused


def flips(folder: Path, count: int) -> int:
    """Flip one bit at `count` random places and in each byte of the head, truncate at 50; how many were not told."""
    path, key = folder / "flips.db", Key(file=folder / "flips.key")
    store = Store.create(path, key, HashEmbedder.identity)
    for i in range(40):
        change(store, i)
    store.close()
    sound = path.read_bytes()
    rng = random.Random(SEED)
    unseen = 0
    for place in [*range(64), *(rng.randrange(len(sound)) for _ in range(count))]:
        hurt = bytearray(sound)
        hurt[place] ^= 1 << rng.randrange(8)
        path.write_bytes(hurt)
        unseen += _passes(path, key)
    for _ in range(50):
        path.write_bytes(sound[: rng.randrange(len(sound))])
        unseen += _passes(path, key)
    path.write_bytes(sound)
    held(path, key)
    return unseen


def side_by_side(folder: Path, count: int) -> int:
    """Two writers of `count` documents each and a reader; how many states the reader saw, every one of them whole."""
    path, key, seen = folder / "two.db", Key(file=folder / "two.key"), set()
    Store.create(path, key, HashEmbedder.identity).close()
    reader = Store.open(path, key)
    with _child("adder", path, key, "a", count) as one, _child("adder", path, key, "b", count) as two:
        while one.poll() is None or two.poll() is None:
            for item in reader.documents():
                if item.document.text != _page(item.document.doc):
                    raise AssertionError("the reader saw a document that was never added")
            seen.add(reader.version)
            reader.verify()
        if one.returncode or two.returncode:
            raise AssertionError("a writer failed")
    reader.close()
    if set(held(path, key)) != {f"{name}{i}" for name in "ab" for i in range(count)}:
        raise AssertionError("a document was lost")
    return len(seen)


def adder(path: str, key: str, name: str, count: str) -> None:
    """The child that adds documents of its own."""
    store = Store.open(Path(path), Key(file=Path(key)), write=True)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for i in range(int(count)):
        d = Document(doc=f"{name}{i}", level="秘密", text=_page(f"{name}{i}"))
        store.add(d, *prepare(d, HashEmbedder(), store.fingerprint_key))


def _page(doc: str) -> str:
    return f"{doc}号文件的内容写在这里" * 40


def _passes(path: Path, key: Key) -> bool:
    try:
        held(path, key)
    except StoreError:
        return False
    return True


@contextlib.contextmanager
def limited(size: int) -> Iterator[None]:
    """No file of this process grows past `size` bytes; Python ignores the signal, so the write fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def _child(role: str, path: Path, key: Key, *rest: object) -> Iterator[subprocess.Popen[str]]:
    """A child in that role which has said that it is ready; ended at the end."""
    command = [sys.executable, "-m", "tests.bench.faults", role, str(path), str(key.file), *map(str, rest)]
    root = Path(__file__).parent.parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as child:
        try:
            if child.stdout is None or child.stdout.readline() != "ready\n":
                raise AssertionError("the writer did not start")
            yield child
        finally:
            child.kill()


def results(folder: Path) -> Iterator[str]:
    """The full numbers, a line each."""
    yield f"400 full disks, {full_disks(folder, 400)} changes refused"
    yield f"5,064 flipped bits and 50 truncations, {flips(folder, 5000)} not told"
    yield f"two writers of 250 documents each, {side_by_side(folder, 250)} states read"
    yield f"200 kills, {kills(folder, 200)} changes done"


def main() -> None:
    """Print them."""
    with tempfile.TemporaryDirectory() as name:
        for line in results(Path(name)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    roles = {"writer": writer, "adder": adder}
    roles[sys.argv[1]](*sys.argv[2:]) if len(sys.argv) > 1 else main()
