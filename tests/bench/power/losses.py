"""What is left of the index, the audit log and applied bundles after a loss of power.

`python -m tests.bench.power.losses` runs the full numbers; tests/test_power_loss.py runs the same with small ones.
"""

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from reviewer import durable
from reviewer.audit import Log, State, log, records, verify
from reviewer.bundle.signing import Trust
from reviewer.errors import StoreError
from reviewer.index import Document, Key, Store, export, keys, take_in
from tests import bundling
from tests.auditing import Hands, happened
from tests.bench import faults
from tests.bench.power.disk import laid_out
from tests.bench.power.record import compiled, losses, recorded, tell
from tests.conftest import HashEmbedder

SEED = 20261127
PHRASE = "六月的雨 23"
CHEAP_KIB = 64
"""Memory of a passphrase here; a real one fills 64 MiB and takes 0.1 s."""

Check = Callable[[Path, Sequence[str]], None]
"""Opens what is left, of which so much was told. Raises `AssertionError` for what cannot be."""


def examined(place: Path, command: Sequence[str], check: Check, each: int) -> tuple[int, int]:
    """Record a writer of this module and open every different state that it may leave; (steps, states)."""
    place.mkdir()
    steps = recorded(place, compiled(place), ["tests.bench.power.losses", *command, str(place)])
    seen: set[tuple[int, frozenset[tuple[str, bytes | None]]]] = set()
    left = place / "left"
    for told, disk in losses(steps, each, SEED):
        tree = disk.tree()
        state = len(told), frozenset((path, _digest(data)) for path, data in tree.items())
        if state in seen:
            continue
        seen.add(state)
        left.mkdir(mode=0o700)
        laid_out(tree, left)
        try:
            check(left, told)
        except Exception as exc:
            raise AssertionError(f"state {len(seen)}, after {told[-1:]}: {type(exc).__name__}: {exc}") from exc
        shutil.rmtree(left)
    return len(steps), len(seen)


def _digest(data: bytes | None) -> bytes | None:
    return None if data is None else hashlib.sha256(data).digest()


def index(place: Path, changes: int, each: int) -> tuple[int, int]:
    """A store is made and changed: each document is whole or absent, and a finished change is there."""
    known = list(faults.states(changes))

    def check(left: Path, told: Sequence[str]) -> None:
        done = max(0, len(told) - 1)
        key = Key(file=left / "keys" / "index.key")
        try:
            held = faults.held(left / "home" / "store.db", key)
        except StoreError as exc:
            if told or "there is no index store" not in str(exc):
                raise
            return
        assert held in known[done : done + 2], len(held)
        store = Store.open(left / "home" / "store.db", key, write=True)
        store.add(Document(doc="after", level="秘密", text="断电之后再添一件"), [[], []], [])
        store.verify()
        store.close()

    return examined(place, ["index_writer", str(changes)], check, each)


def index_writer(changes: str, place: str) -> None:
    """The child: key and store in folders of their own."""
    home = Path(place) / "disk"
    path, key = home / "home" / "store.db", Key(file=home / "keys" / "index.key")
    store = Store.create(path, key, HashEmbedder.identity)
    tell(Path(place), "made\n")
    for i in range(int(changes)):
        faults.change(store, i)
        tell(Path(place), f"{i}\n")


def carried(place: Path, changes: int, each: int) -> tuple[int, int]:
    """A store is exported, takes the place of another, and gets a managing passphrase: old or new, never a mix."""
    old, new = list(faults.states(changes))[-1], list(faults.states(changes + 4))[-1]

    def check(left: Path, told: Sequence[str]) -> None:
        done = len(told)
        keys.MEMORY_KIB = CHEAP_KIB
        if done:
            store = Store.open(left / "home" / "store.db", Key(file=left / "keys" / "index.key"), managing=PHRASE)
            store.verify()
            held = {item.document.doc: item.document for item in store.documents()}
            store.close()
            assert held in [old, new][done >= 3 : 1 + (done >= 2)], (done, len(held))
            assert store.protected or done < 4
            assert not store.protected or done >= 3
        if done >= 2:
            assert faults.held(left / "medium" / "copy.db", Key(passphrase=PHRASE)) == new

    memory = keys.MEMORY_KIB
    try:
        return examined(place, ["carried_writer", str(changes)], check, each)
    finally:
        keys.MEMORY_KIB = memory


def carried_writer(changes: str, place: str) -> None:
    """The child: two stores of its own, a medium between them."""
    keys.MEMORY_KIB = CHEAP_KIB
    root = Path(place) / "disk"
    path, key, other = root / "home" / "store.db", Key(file=root / "keys" / "index.key"), Key(passphrase=PHRASE)
    for where, opened, count in ((path, key, int(changes)), (root / "office.db", other, int(changes) + 4)):
        store = Store.create(where, opened, HashEmbedder.identity)
        for i in range(count):
            faults.change(store, i)
        store.close()
    tell(Path(place), "made\n")
    (root / "medium").mkdir()
    durable.named(root / "medium")
    export(root / "office.db", other, root / "medium" / "copy.db", other)
    tell(Path(place), "exported\n")
    take_in(root / "medium" / "copy.db", other, path, key, replace=True)
    tell(Path(place), "taken in\n")
    store = Store.open(path, key, write=True)
    store.protect(PHRASE)
    store.close()
    tell(Path(place), "protected\n")


def audit(place: Path, count: int, each: int) -> tuple[int, int]:
    """A log of many segments and epochs: every record that was written is there, it is sound, and goes on."""

    def check(left: Path, told: Sequence[str]) -> None:
        folder = left / "audit"
        report = verify(folder)
        assert report.state is not State.BROKEN, report
        hashes = [record.hash for record in records(folder)]
        assert set(told) <= set(hashes), "a record that was on disk is gone"
        made = Log(folder, Hands())
        made.append(happened(0))
        made.close()
        assert verify(folder).state is State.SOUND

    return examined(place, ["audit_writer", str(count)], check, each)


def audit_writer(count: str, place: str) -> None:
    """The child: epochs of 9 records, segments of 4 KiB, checkpoints every 7 and at each tenth record."""
    log.EPOCH_RECORDS, log.CHECKPOINT_EVERY = 9, 7
    made = Log(Path(place) / "disk" / "audit", Hands(), segment=1 << 12)
    for number in range(int(count)):
        tell(Path(place), made.append(happened(number)).hash)
        if number % 10 == 9:
            made.close()


def bundles(place: Path, count: int, each: int) -> tuple[int, int]:
    """Bundles are applied one after the other: the station uses the last one or the one in flight, every byte of it."""
    office = bundling.new_office(place.with_name(f"{place.name}-office"))
    made = [office.bundle(version) for version in range(1, count + 1)]
    plan = office.place.with_name("plan.json")
    plan.write_text(json.dumps({"trust": office.trust.model_dump(mode="json"), "from": [str(b) for b in made]}))

    def check(left: Path, told: Sequence[str]) -> None:
        folder = left / "bundles"
        version = bundling.version(folder)
        assert version in (len(told), len(told) + 1), version
        if version < count:
            bundling.apply(made[version], office.trust, folder)
            assert bundling.version(folder) == version + 1

    return examined(place, ["bundle_writer", str(plan)], check, each)


def bundle_writer(plan: str, place: str) -> None:
    """The child."""
    held = json.loads(Path(plan).read_text())
    for bundle in held["from"]:
        bundling.apply(Path(bundle), Trust(**held["trust"]), Path(place) / "disk" / "bundles")
        tell(Path(place), bundle)


def main() -> None:
    """Print the full numbers."""
    with tempfile.TemporaryDirectory() as name:
        for what, run in {
            "index, 24 changes": lambda p: index(p, 24, 12),
            "index carried to another place, 6 changes": lambda p: carried(p, 6, 12),
            "audit log, 60 records": lambda p: audit(p, 60, 12),
            "bundles, 4 versions": lambda p: bundles(p, 4, 40),
        }.items():
            steps, states = run(Path(name) / what.partition(",")[0].replace(" ", "-"))
            sys.stdout.write(f"{what}: {steps} steps, {states} states after a loss of power, every one as it must be\n")
            sys.stdout.flush()


if __name__ == "__main__":
    roles = {
        "index_writer": index_writer,
        "carried_writer": carried_writer,
        "audit_writer": audit_writer,
        "bundle_writer": bundle_writer,
    }
    roles[sys.argv[1]](*sys.argv[2:]) if len(sys.argv) > 1 else main()
