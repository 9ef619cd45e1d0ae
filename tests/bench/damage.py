"""Bits flipped, and every number of bytes left: of an index and its key file, of the audit log, of a bundle.

`python -m tests.bench.damage every` tries all, `... damage 1000` so many of each, `... every index` those of the index
alone; tests/test_damage.py tries fewer. What nothing is said of must be without any effect, for a reason that is given
here; what is said of a file that was cut must name it.
"""

import mmap
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from reviewer import __version__
from reviewer.audit import Log, State, verify
from reviewer.bundle import gate
from reviewer.bundle.gate import Terms
from reviewer.bundle.signing import SUFFIX
from reviewer.errors import AuditError, BundleError, StoreError
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from tests import bundling
from tests.auditing import Hands, happened
from tests.conftest import HashEmbedder

SEED = 20261128

COMMENT = "minisign signs the first comment of a signature not, and nothing reads it"
LINE_END = "a signature counts with or without the line end behind it"


Change = TypeVar("Change")


@dataclass(frozen=True)
class Subject:
    """Files that belong together."""

    files: Mapping[Path, Sequence[str]]
    """By path, words of which one must be in what is said when the file was cut."""
    said: Callable[[], str]
    """Reads everything; what is said that is not said of whole files."""


@dataclass
class Outcome:
    """What was said of so many changes."""

    tried: int = 0
    less: int = 0
    """Those of which only was said that the end of the log is proven up to an earlier record."""
    harmless: Counter[str] = field(default_factory=Counter)
    """Those of which nothing was said, by the reason."""

    def take(self, path: Path, said: str, reason: str) -> None:
        """Count a change. Raises `AssertionError` where nothing is said without a reason."""
        assert said or reason, f"{path.name}: nothing is said"
        self.tried += 1
        self.less += said.startswith(State.SOUND.name)
        if not said:
            self.harmless[reason] += 1

    def __str__(self) -> str:
        parts = [f"{self.tried} told"] if not self.harmless else [f"{self.tried - self.harmless.total()} told"]
        parts += [f"{self.less} of them by how far the end is proven"] if self.less else []
        return ", ".join([*parts, *(f"{count} without effect ({why})" for why, count in self.harmless.items())])


def index(folder: Path) -> Subject:
    """A store of one short document, and its key file."""
    path, key = folder / "store.db", Key(file=folder / "index.key")
    store = Store.create(path, key, HashEmbedder.identity)
    document = Document(doc="1", level="秘密", text="库存调拨清单第一页共三十件")
    store.add(document, *prepare(document, HashEmbedder(), store.fingerprint_key))
    store.close()

    def said() -> str:
        try:
            store = Store.open(path, key)
            try:
                store.verify()
            finally:
                store.close()
        except StoreError as exc:
            return str(exc)
        return ""

    return Subject({path: ["store.db"], folder / "index.key": ["index.key"]}, said)


def audit(folder: Path) -> Subject:
    """A log of two files, two epochs and two checkpoints, with its keys."""
    clock, place = Hands(), folder / "audit"
    for _ in range(2):
        log = Log(place, clock, segment=1 << 10)
        for number in range(2):
            log.append(happened(number))
        log.close()
        clock.t += 86_400_000
        clock.mono += 86_400_000
    whole = verify(place)
    assert (whole.state, whole.epochs, whole.proven) == (State.SOUND, 2, whole.seq)

    def said() -> str:
        try:
            report = verify(place)
        except AuditError as exc:
            return str(exc)
        words = f"{report.state.name}: {' '.join(report.faults)} proven {report.proven}"
        return "" if report == whole else words

    records = ["line", "sequence", "cut"]
    named = {"keys.json": ["keys"], "checkpoints.jsonl": ["checkpoint", "proven"]}
    files = [path for path in sorted(place.iterdir()) if path.stat().st_size]
    return Subject({path: named.get(path.name, records) for path in files}, said)


def bundle(folder: Path) -> Subject:
    """A bundle of one pack with two signatures."""
    office = bundling.new_office(folder / "office")
    place, terms = office.bundle(), Terms(office.trust, bundling.TODAY, __version__)

    def read() -> tuple[object, ...]:
        checked = gate.verify(place, terms, folder / "bundles", lambda _: None)
        return checked.manifest, checked.digest, checked.signers

    whole = read()

    def said() -> str:
        try:
            return "" if read() == whole else "another bundle"
        except BundleError as exc:
            return str(exc)

    named = {"manifest.json": ["0 of 2 signatures"], "district.toml": ["packs/district.toml"]}
    files = sorted(path for path in place.rglob("*") if path.is_file())
    return Subject({path: named.get(path.name, ["1 of 2 signatures"]) for path in files}, said)


def flips(subject: Subject, count: int | None) -> Outcome:
    """Flip single bits: `count` of them, or all."""
    outcome, sizes = Outcome(), {path: path.stat().st_size for path in subject.files}
    numbers = _some(range(8 * sum(sizes.values())), count)
    before = 0
    for path, size in sizes.items():
        whole = path.read_bytes()
        with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as held:
            for number in numbers:
                place, bit = divmod(number - before, 8)
                if 0 <= place < size:
                    held[place] = whole[place] ^ 1 << bit
                    comment = path.suffix == SUFFIX and place < whole.index(b"\n")
                    outcome.take(path, subject.said(), COMMENT if comment else "")
                    held[place] = whole[place]
        before += 8 * size
    assert not subject.said()
    return outcome


def cuts(subject: Subject, count: int | None) -> Outcome:
    """Leave only the first bytes of a file: `count` numbers of them, or all."""
    outcome = Outcome()
    for path, size in _some([(p, size) for p in subject.files for size in range(p.stat().st_size)], count):
        whole = path.read_bytes()
        os.truncate(path, size)
        said = subject.said()
        outcome.take(path, said, LINE_END if path.suffix == SUFFIX and size == len(whole) - 1 else "")
        named = any(words in said for words in subject.files[path])
        assert named or not said, f"{path.name}, {size} bytes left, is not named: {said}"
        path.write_bytes(whole)
    assert not subject.said()
    return outcome


def _some(every: Sequence[Change], count: int | None) -> Sequence[Change]:
    return every if count is None else random.Random(SEED).sample(every, min(count, len(every)))


SUBJECTS: Mapping[str, Callable[[Path], Subject]] = {"audit log": audit, "bundle": bundle, "index": index}


def main(count: int | None, wanted: str) -> None:
    """Print the full numbers, of all subjects or one."""
    with tempfile.TemporaryDirectory() as name:
        for what, make in SUBJECTS.items():
            if wanted and what != wanted:
                continue
            place = Path(name) / what
            place.mkdir()
            subject = make(place)
            size = sum(path.stat().st_size for path in subject.files)
            for change, tried in {"bits flipped": flips, "cuts": cuts}.items():
                begun, used = time.monotonic(), time.process_time()
                said = f"{what}, {size} bytes in {len(subject.files)} files, {change}: {tried(subject, count)}"
                took = f"{time.monotonic() - begun:.0f} s, {time.process_time() - used:.0f} s of processor time"
                sys.stdout.write(f"{said}; {took}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(None if sys.argv[1] == "every" else int(sys.argv[1]), " ".join(sys.argv[2:]))
