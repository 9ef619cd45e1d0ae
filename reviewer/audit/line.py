"""One line of the log: canonical JSON of codes and numbers, chained by hash and sealed with a keyed digest."""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reviewer.audit.keys import mac

VERSION = 1
LONGEST = 1 << 14
"""Bytes of a line."""

UNSYNCED = 5 * LONGEST
"""Bytes of one write, at most: the records that one event brings with it."""

START = "0" * 64
"""What the first line follows."""

EPOCH_END = "epoch.end"
"""The last record of an epoch; the one after it is sealed with the next key, and no other."""

Fact = int | str | bool | None | Sequence["Fact"] | Mapping[str, "Fact"]
"""What may be written."""

CODE = re.compile(r"[A-Za-z0-9._:+-]{0,128}")
"""What a string in a fact looks like: no sentence, no Chinese and no path does."""


DIGEST = re.compile(r"[0-9a-f]{64}")
"""SHA-256 or a MAC, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: UTC and time since boot in milliseconds, and which boot."""

    t: int
    mono: int
    boot: str

    @property
    def day(self) -> str:
        """The UTC day."""
        return datetime.fromtimestamp(self.t / 1000, UTC).date().isoformat()


Clock = Callable[[], Moment]


def now() -> Moment:
    """The present."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    mono = time.clock_gettime_ns(clock) if clock is not None else time.monotonic_ns()
    return Moment(time.time_ns() // 10**6, mono // 10**6, boot.read_text().strip() if boot.exists() else "unknown")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: facts that are codes and numbers, and words of which only keyed digests are written."""

    kind: str
    facts: Mapping[str, Fact]
    keyed: Mapping[str, str | Sequence[str]] | None = None

    def written(self, key: bytes) -> dict[str, Fact]:
        """The facts as they are written, words as digests under `key`."""
        words = {k: digest(key, v) if isinstance(v, str) else [digest(key, w) for w in v] for k, v in self._words()}
        return {**self.facts, **words}

    def _words(self) -> Sequence[tuple[str, str | Sequence[str]]]:
        return tuple((self.keyed or {}).items())


def digest(key: bytes, words: str) -> str:
    """How words are written: recognisable to who has the epoch's key and the words, to nobody else."""
    return mac(key, words.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Record:
    """A line that was read."""

    line: bytes
    seq: int
    epoch: int
    prev: str
    kind: str
    moment: Moment
    facts: Mapping[str, Any]
    mac: str

    @property
    def hash(self) -> str:
        """What the next line refers to."""
        return hashlib.sha256(self.line).hexdigest()

    def sealed_with(self, key: bytes) -> bool:
        """Whether the line was written with this epoch's `mac` key."""
        held = json.loads(self.line)
        del held["mac"]
        return hmac.compare_digest(mac(key, canonical(held)), self.mac)


def canonical(value: Mapping[str, Any]) -> bytes:
    """One way to write it: sorted keys, no spaces, ASCII (RFC 8785 for what is allowed here)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def write(seq: int, prev: str, epoch: int, moment: Moment, event: Event, keys: tuple[bytes, bytes]) -> Record:
    """The line of an event, sealed with the keys for records and for words.

    Raises `ValueError` for a fact that is no code, or a line that is too long: a mistake in this program.
    """
    facts = event.written(keys[1])
    _only_codes({event.kind: facts})
    held: dict[str, Any] = {"v": VERSION, "seq": seq, "prev": prev, "epoch": epoch, "kind": event.kind, "facts": facts}
    held |= {"t": moment.t, "mono": moment.mono, "boot": moment.boot}
    sealed = mac(keys[0], canonical(held))
    line = canonical({**held, "mac": sealed})
    if len(line) > LONGEST:
        raise ValueError(f"an audit record of {len(line)} bytes")
    return Record(line, seq, epoch, prev, event.kind, moment, facts, sealed)


def whole(data: bytes) -> int:
    """How much of the end of a file is whole lines. A loss of power during a write may leave zeros, which no line
    holds, in the place of any sector; what follows the first is of the same write, which was never said to be done.
    """
    zero = data.find(b"\0")
    return data.rfind(b"\n", 0, zero if zero >= 0 else len(data)) + 1


def unfinished(line: bytes) -> bool:
    """Whether a line, with its end, is none that was written whole: so `whole` leaves it out."""
    return b"\0" in line or not line.endswith(b"\n")


def loaded(line: bytes) -> dict[str, Any]:
    """The object in a line that is written as `canonical` does. Raises `ValueError` for any other."""
    try:
        held = json.loads(line)
        if isinstance(held, dict) and canonical(held) == line:
            return held
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc
    raise ValueError("not one object in canonical form")


class NewerLineError(ValueError):
    """A line that says it is of a version after this one."""


def parse(line: bytes) -> Record:
    """A line without its end. Raises `ValueError` for one that this program would not have written, `NewerLineError`
    where a later version might have.
    """
    match loaded(line):
        case {
            "v": int(version),
            "seq": int(seq),
            "epoch": int(epoch),
            "prev": str(prev),
            "kind": str(kind),
            "t": int(t),
            "mono": int(mono),
            "boot": str(boot),
            "facts": dict(facts),
            "mac": str(sealed),
        } if version == VERSION and DIGEST.fullmatch(sealed):
            return Record(line, seq, epoch, prev, kind, Moment(t, mono, boot), facts, sealed)
        case {"v": int(version)} if version > VERSION:
            raise NewerLineError(f"version {version}")
    raise ValueError("not a record")


def _only_codes(value: Fact) -> None:
    if isinstance(value, str):
        if not CODE.fullmatch(value):
            raise ValueError("an audit record holds codes and numbers only")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _only_codes(name)
            _only_codes(item)
    elif isinstance(value, Sequence):
        for item in value:
            _only_codes(item)
    elif not (value is None or isinstance(value, int)):
        raise ValueError("an audit record holds codes and numbers only")
