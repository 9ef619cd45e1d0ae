"""Two writers and eight readers of one store at once: `python -m tests.bench.turns 600`.

Each process says how often it was through and how long it waited at most. Every state that a reader sees is checked as
a whole; a writer that had to wait for longer than `reviewer.index.connection.WAIT_MS` would end in an error.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from reviewer.index import Key, Store
from reviewer.match import prepare
from tests.bench import faults
from tests.conftest import HashEmbedder

READERS = 8
KEPT = 12
"""Documents of a writer that stay: it removes the oldest when it adds another."""


@dataclass(frozen=True, slots=True)
class Turns:
    """What the processes of one kind did."""

    done: int
    longest_s: float


def run(folder: Path, seconds: float, writers: int, readers: int) -> tuple[Turns, Turns]:
    """Writers and readers for so long, each at least once; what they did. Raises `AssertionError`."""
    path, key = folder / "turns.db", Key(file=folder / "turns.key")
    Store.create(path, key, HashEmbedder.identity).close()
    roles = [*(("write", str(n)) for n in range(writers)), *(("read", str(n)) for n in range(readers))]
    root = Path(__file__).parent.parent.parent
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.turns", role, name, str(path), str(key.file), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        for role, name in roles
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said: dict[str, list[Turns]] = {"write": [], "read": []}
    failed = []
    for (role, name), child in zip(roles, children, strict=True):
        words = child.communicate()[0].split()
        if child.returncode:
            failed.append((role, name))
        else:
            said[role].append(Turns(int(words[0]), float(words[1])))
    assert not failed, failed
    held = faults.held(path, key)
    assert all(d.text == _text(d.doc) for d in held.values())
    assert len(held) == sum(min(KEPT, turns.done) for turns in said["write"]), "a document was lost or came back"
    return _all(said["write"]), _all(said["read"])


def _all(turns: list[Turns]) -> Turns:
    return Turns(sum(t.done for t in turns), max((t.longest_s for t in turns), default=0.0))


def _text(doc: str) -> str:
    return f"{doc}号文件的内容写在这里" * 40


def _begun() -> float:
    """Wait until every process is there; the time then."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    return time.monotonic()


def write(name: str, path: str, key: str, seconds: str) -> None:
    """The child that adds documents of its own and removes the oldest; how many it added."""
    store = Store.open(Path(path), Key(file=Path(key)), write=True)
    added, longest = 0, 0.0
    until = _begun() + float(seconds)
    while time.monotonic() < until or not added:
        d = faults.Document(doc=f"{name}-{added}", level="秘密", text=_text(f"{name}-{added}"))
        views, snippets = prepare(d, HashEmbedder(), store.fingerprint_key)
        begun = time.monotonic()
        store.add(d, views, snippets)
        longest = max(longest, time.monotonic() - begun)
        added += 1
        if added > KEPT:
            assert store.remove(f"{name}-{added - KEPT - 1}")
    store.close()
    sys.stdout.write(f"{added} {longest}\n")


def read(name: str, path: str, key: str, seconds: str) -> None:
    """The child that reads every document and now and then every page; how often it saw some."""
    store = Store.open(Path(path), Key(file=Path(key)))
    seen, longest = 0, 0.0
    until = _begun() + float(seconds)
    while time.monotonic() < until or not seen:
        begun = time.monotonic()
        held = [item.document for item in store.documents()]
        longest = max(longest, time.monotonic() - begun)
        assert all(d.text == _text(d.doc) for d in held)
        own = [d.doc for d in held]
        for writer in {doc.partition("-")[0] for doc in own}:
            numbers = [int(doc.partition("-")[2]) for doc in own if doc.startswith(f"{writer}-")]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "a state that never was"
            assert len(numbers) <= KEPT + 1
        seen += bool(held)
        if seen % 20 == 1:
            store.verify()
    store.close()
    sys.stdout.write(f"{seen} {longest}\n")


def main(seconds: float) -> None:
    """Print what happened to two writers, then to one writer and eight readers, each for half of the time."""
    for writers, readers in ((2, 0), (1, READERS)):
        with tempfile.TemporaryDirectory() as name:
            wrote, got = run(Path(name), seconds / 2, writers, readers)
        sys.stdout.write(
            f"{writers} writers, {readers} readers, {seconds / 2:.0f} s: {wrote.done} documents added, longest wait"
            f" {wrote.longest_s:.2f} s; {got.done} times all were read, longest {got.longest_s:.2f} s; sound\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    roles = {"write": write, "read": read}
    if sys.argv[1] in roles:
        roles[sys.argv[1]](*sys.argv[2:])
    else:
        main(float(sys.argv[1]))
