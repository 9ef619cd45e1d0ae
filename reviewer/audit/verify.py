"""Reading the log again: is it all there, in order, unaltered, and how far can its end be proven?"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path

from reviewer import durable
from reviewer.audit import checkpoint, keys, segments
from reviewer.audit.checkpoint import Checkpoint, code
from reviewer.audit.faults import NewerError, fault
from reviewer.audit.keys import Keys, derive
from reviewer.audit.line import EPOCH_END, LONGEST, START, UNSYNCED, NewerLineError, Record, parse, unfinished
from reviewer.audit.log import LOCK, LOCK_WAIT_S
from reviewer.errors import AuditError, why


class State(IntEnum):
    """The answer, as an exit status."""

    SOUND = 0
    BROKEN = 1
    UNKNOWN = 2


class Fault(StrEnum):
    """What is wrong, or what nobody can tell."""

    LINE = "line"
    """A line is no record of this program."""
    NEWER = "newer"
    """A record, a checkpoint or the keys say that a newer version of this program wrote them: so it did, or they were
    altered."""
    SEQUENCE = "sequence"
    """A record is missing, doubled or out of order."""
    CHAIN = "chain"
    """A record does not follow the one before it: edited, exchanged or dropped."""
    EPOCH = "epoch"
    """A record claims an epoch that cannot be."""
    SEAL = "seal"
    """A record's keyed digest is wrong: it was not written by this station then."""
    SEGMENT = "segment"
    """A file of the log is missing."""
    KEYS = "keys"
    """The station's keys are damaged, missing or older than the log."""
    FIRST_KEY = "first-key"
    """The given first key is another log's."""
    CHECKPOINT = "checkpoint"
    """A checkpoint is altered or not this station's."""
    REWRITTEN = "rewritten"
    """A record is not the one a checkpoint was made of."""
    CUT = "cut"
    """The log ends before a checkpoint: its tail was cut off."""
    CODE = "code"
    """The log does not hold what the code of the paper register says."""
    NO_LOG = "no-log"
    """There is no log."""
    NO_KEY = "no-key"
    """Earlier epochs are checked by the chain only: the first key was taken away and not given."""
    NO_CHECKPOINT = "no-checkpoint"
    """The order is sound, the end not provable: there is no checkpoint."""


@dataclass(slots=True)
class Report:
    """What was found out."""

    state: State = State.SOUND
    faults: list[Fault] = field(default_factory=list)
    seq: int = 0
    """The record at which the log is broken, else the last."""
    origin: str = ""
    first_t: int = 0
    last_t: int = 0
    """UTC in milliseconds of the first and the last record."""
    proven: int = 0
    """The record up to which a checkpoint proves the end."""
    torn: int = 0
    """Bytes of an unfinished last write; its verdict was never shown."""
    epochs: int = 0
    recovered: int = 0
    jumps: int = 0

    def broken(self, fault: Fault, seq: int) -> "Report":
        """The same report, broken at that record."""
        self.state, self.seq = State.BROKEN, seq
        self.faults.append(fault)
        return self

    def unknown(self, fault: Fault) -> None:
        """Something nobody can tell."""
        self.state = max(self.state, State.UNKNOWN)
        self.faults.append(fault)


def verify(folder: Path, first: bytes | None = None, register: Sequence[str] = ()) -> Report:
    """Check the whole log, with K(0) and codes of the paper register where they are given.

    Raises `AuditError` where it cannot be read.
    """
    report = Report()
    try:
        with durable.folder(folder) as inside:
            return _verify(inside, report, first, register)
    except FileNotFoundError:
        report.unknown(Fault.NO_LOG)
        return report
    except OSError as exc:
        raise fault("unread", why(exc)) from exc


def records(folder: Path) -> Iterator[Record]:
    """The records in order, unchecked. Raises `AuditError` for a line that is none."""
    try:
        with durable.folder(folder) as inside:
            sizes = segments.sizes(inside)
            for segment, size in enumerate(sizes, 1):
                for line in segments.lines(inside, segment, size):
                    if segment == len(sizes) and unfinished(line):
                        return
                    yield parse(line.removesuffix(b"\n"))
    except FileNotFoundError:
        return
    except NewerLineError as exc:
        raise fault("newer") from exc
    except ValueError as exc:
        raise fault("damaged") from exc
    except OSError as exc:
        raise fault("unread", why(exc)) from exc


@contextmanager
def _still(inside: durable.Inside) -> Iterator[None]:
    """No writer is in the middle of a record, where there is a lock to hold. Raises `OSError`."""
    with ExitStack() as stack:
        with suppress(FileNotFoundError):
            stack.enter_context(durable.locked(inside, LOCK, LOCK_WAIT_S, shared=True))
        yield


def _verify(inside: durable.Inside, report: Report, first: bytes | None, register: Sequence[str]) -> Report:
    with _still(inside):
        try:
            held = keys.load(inside)
        except NewerError:
            return report.broken(Fault.NEWER, 0)
        except AuditError:
            return report.broken(Fault.KEYS, 0)
        try:
            signed = checkpoint.load(inside)
        except NewerLineError:
            return report.broken(Fault.NEWER, 0)
        except ValueError:
            return report.broken(Fault.CHECKPOINT, 0)
        try:
            sizes = segments.sizes(inside)
        except AuditError:
            return report.broken(Fault.SEGMENT, 0)
    walk = _Walk(report, held, first, signed, [given.strip().upper() for given in register])
    for segment, size in enumerate(sizes, 1):
        left = size
        for line in segments.lines(inside, segment, size):
            if unfinished(line):
                if segment < len(sizes) or left > (UNSYNCED if b"\0" in line else LONGEST):
                    return report.broken(Fault.LINE, report.seq + 1)
                report.torn = left
                break
            left -= len(line)
            if wrong := walk.step(line[:-1]):
                return report.broken(wrong, report.seq + 1)
    return walk.end()


def _seq(given: str) -> int:
    """The record that a code of the paper register is of; 0 where it is no code."""
    number = given.partition("-")[0]
    return int(number) if number.isdecimal() and len(number) < 20 else 0


class _Walk:
    """One pass over the records."""

    def __init__(
        self, report: Report, held: Keys | None, first: bytes | None, signed: list[Checkpoint], register: list[str]
    ) -> None:
        self._report, self._held, self._signed = report, held, signed
        self._by_seq = {c.seq: c for c in signed}
        self._given = first
        self._epoch, self._prev, self._public = 0, START, ""
        known = first or (bytes.fromhex(held.first) if held and held.first else None)
        self._key: bytes | None = None
        self._sealing = b""
        self._use(known if known else bytes.fromhex(held.key) if held and not held.epoch else None)
        self._ended, self._unsealed = False, False
        self._register, self._asked = register, set(map(_seq, register))
        self._codes: set[str] = set()

    def step(self, line: bytes) -> Fault | None:
        """Take the next line into account; what is wrong with it."""
        report = self._report
        try:
            record = parse(line)
        except NewerLineError:
            return Fault.NEWER
        except ValueError:
            return Fault.LINE
        if record.seq != report.seq + 1:
            return Fault.SEQUENCE
        if record.prev != self._prev:
            return Fault.CHAIN
        if record.epoch != self._epoch + self._ended:
            return Fault.EPOCH
        if self._ended:
            self._move(record.epoch)
        self._ended = record.kind == EPOCH_END
        if self._key is None:
            self._unsealed = True
        elif not record.sealed_with(self._sealing):
            return Fault.FIRST_KEY if record.seq == 1 and self._given else Fault.SEAL
        if record.seq == 1:
            report.origin, self._public = str(record.facts.get("origin", "")), str(record.facts.get("public", ""))
            report.first_t = record.moment.t
        if (made := self._by_seq.get(record.seq)) and (made.head != record.hash or made.origin != report.origin):
            return Fault.REWRITTEN
        if record.seq in self._asked:
            self._codes.add(code(report.origin, record.seq, record.hash))
        report.recovered += record.kind == "log.recovered"
        report.jumps += record.kind == "clock.jump"
        report.seq, report.last_t, self._prev = record.seq, record.moment.t, record.hash
        return None

    def _move(self, epoch: int) -> None:
        """The key of the next epoch: from the one before it, else from the station."""
        self._epoch = epoch
        if self._key is not None:
            self._use(derive(self._key, "next"))
        elif self._held and self._held.epoch == epoch:
            self._use(bytes.fromhex(self._held.key))

    def _use(self, key: bytes | None) -> None:
        """Check records with the key of an epoch from now on, or not at all."""
        self._key, self._sealing = key, derive(key, "mac") if key is not None else b""

    def _expected(self, epoch: int) -> bytes | None:
        """The key of the last record's epoch or of the next one, if it is known."""
        if self._key is None or epoch == self._epoch:
            return self._key
        return derive(self._key, "next")

    def end(self) -> Report:
        """What the end of the log says."""
        report, held = self._report, self._held
        report.epochs = self._epoch + 1
        if not report.seq and not self._signed and held is None:
            report.unknown(Fault.NO_LOG)
            return report
        for made in self._signed:
            if made.seq > report.seq:
                return report.broken(Fault.CUT, report.seq + 1)
            if not made.signed_by(self._public):
                return report.broken(Fault.CHECKPOINT, made.seq)
            report.proven = max(report.proven, made.seq)
        for given in self._register:
            seq = _seq(given)
            if given not in self._codes:
                return report.broken(Fault.CUT if seq > report.seq else Fault.CODE, min(seq, report.seq + 1))
            report.proven = max(report.proven, seq)
        if held is None and report.seq and not self._given:
            return report.broken(Fault.KEYS, report.seq)
        if held and held.epoch not in (self._epoch, self._epoch + self._ended):
            return report.broken(Fault.KEYS, report.seq)
        if held and self._expected(held.epoch) not in (None, bytes.fromhex(held.key)):
            return report.broken(Fault.KEYS, report.seq)
        if held is None and report.seq:
            report.unknown(Fault.KEYS)
        if self._unsealed:
            report.unknown(Fault.NO_KEY)
        if not report.proven:
            report.unknown(Fault.NO_CHECKPOINT)
        return report
