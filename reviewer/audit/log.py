"""Writing the log: under a lock, in one write, on disk before the call returns.

No verdict without a record: a front end appends first and shows afterwards, and a failure here is an error there.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reviewer import durable, system
from reviewer.audit import checkpoint, keys, segments
from reviewer.audit.faults import fault
from reviewer.audit.keys import EPOCH_RECORDS, Keys, derive
from reviewer.audit.line import EPOCH_END, START, Clock, Event, Moment, NewerLineError, Record, digest, now, write
from reviewer.errors import AuditError, why

LOCK = "lock"
LOCK_WAIT_S = 10.0
CHECKPOINT_EVERY = 64
"""Records between two checkpoints; there is also one when a front end closes the log."""

SEGMENT = 64 << 20
"""Bytes after which a new file is begun."""

JUMP_MS = 5_000
"""How far clock and time since boot may drift apart between two records."""


class Log:
    """The station's audit log; safe for several processes and threads at once."""

    def __init__(self, folder: Path, clock: Clock = now, segment: int = SEGMENT) -> None:
        """Nothing is opened or created yet."""
        self.folder = folder
        self._clock = clock
        self._segment = segment
        self._used = False

    def start(self, event: Event) -> None:
        """Write the first record of this run, once: whoever cannot do that cannot review.

        Raises `AuditError` where the log cannot be written, is damaged or ends before its last checkpoint.
        """
        if not self._used:
            self.append(event)

    @contextlib.contextmanager
    def run(self, event: Event) -> Iterator[None]:
        """A run of a command: its first record before, a checkpoint after. Raises `AuditError`."""
        self.start(event)
        try:
            yield
        except BaseException:
            with contextlib.suppress(AuditError):
                self.close()
            raise
        self.close()

    def append(self, event: Event) -> Record:
        """Write a record and see it on disk. Raises `AuditError`; then nothing may be shown."""
        with self._locked() as inside:
            return self._append(inside, *self._opened(inside), event)

    def close(self) -> None:
        """Sign what was written, if anything was, since the last checkpoint. Raises `AuditError`."""
        if self._used:
            self.checkpoint()
            self._used = False

    def checkpoint(self) -> checkpoint.Checkpoint:
        """The checkpoint of the log as it ends now, made if it is not there. Raises `AuditError`."""
        with self._locked() as inside:
            held, tail = self._opened(inside)
            if tail.last is None:
                raise fault("empty")
            before = checkpoint.last(inside)
            if before is not None and before.seq == tail.last.seq:
                return before
            made = checkpoint.make(held, tail.last)
            checkpoint.append(inside, made)
            return made

    def take_first_key(self, event: Event, show: Callable[[str], None]) -> None:
        """Hand out K(0) as it goes on paper, and destroy it here once `show` has shown it.

        Raises `AuditError` when it was taken before, and also where it could not be shown: then it can be taken again,
        and the record of the try stays.
        """
        with self._locked() as inside:
            held, tail = self._opened(inside)
            if held.first is None:
                raise fault("taken")
            self._append(inside, held, tail, event)
            after, _ = self._opened(inside)
            show(keys.on_paper(held.first))
            keys.save(inside, after.model_copy(update={"first": None}))

    def resume_key(self) -> bytes:
        """The key that seals files of `check --resume`: of this log, and for as long as it. Raises `AuditError`."""
        with self._locked() as inside:
            held, _ = self._opened(inside)
            return derive(bytes.fromhex(held.signing), "resume")

    def latest(self) -> int:
        """UTC milliseconds of the last record, 0 where there is none: no later moment can be before it.

        Raises `AuditError`.
        """
        if self._absent():
            return 0
        with self._locked() as inside:
            last = self._opened(inside)[1].last
            return last.moment.t if last else 0

    def digests(self, words: str, first: bytes | None = None) -> dict[int, str]:
        """How these words are written in each epoch whose key is known. Raises `AuditError`."""
        if self._absent():
            return {}
        with self._locked() as inside:
            held, _ = self._opened(inside)
        known = {held.epoch: bytes.fromhex(held.key)}
        key = first or (bytes.fromhex(held.first) if held.first else None)
        for epoch in range(held.epoch if key else 0):
            assert key is not None  # noqa: S101 (the range is empty without)
            known[epoch], key = key, derive(key, "next")
        return {epoch: digest(derive(key, "digest"), words) for epoch, key in known.items()}

    def _absent(self) -> bool:
        """Whether there is no log at all; one that cannot be looked at is not absent, opening it says why."""
        try:
            self.folder.lstat()
        except OSError as exc:
            return isinstance(exc, FileNotFoundError)
        return False

    @contextlib.contextmanager
    def _locked(self) -> Iterator[durable.Inside]:
        """The open folder, with the lock of every writer held."""
        try:
            with durable.folder(self.folder, create=True) as inside, durable.locked(inside, LOCK, LOCK_WAIT_S):
                durable.discard(inside, keys.NAME)
                yield inside
        except OSError as exc:
            raise fault("unwritten", why(exc), self.folder) from exc

    def _opened(self, inside: durable.Inside) -> tuple[Keys, segments.Tail]:
        """Keys and end of the log, which fit each other. Raises `AuditError`."""
        tail, held = segments.tail(inside), keys.load(inside)
        try:
            signed = checkpoint.last(inside)
        except NewerLineError as exc:
            raise fault("newer") from exc
        except ValueError as exc:
            raise fault("damaged") from exc
        if held is None:
            if tail.segment or signed:
                raise fault("keys")
            held = Keys.new(self._clock().day)
            keys.save(inside, held)
        last = tail.last
        if (signed and signed.seq > (last.seq if last else 0)) or (last is None and held.epoch):
            raise fault("damaged")
        if last and last.epoch != held.epoch and (last.epoch, last.kind) != (held.epoch - 1, EPOCH_END):
            raise fault("damaged")
        if last and last.epoch == held.epoch and not last.sealed_with(derive(bytes.fromhex(held.key), "mac")):
            raise fault("damaged")
        return held, tail

    def _append(self, inside: durable.Inside, held: Keys, tail: segments.Tail, event: Event) -> Record:
        moment, begun, last = self._clock(), tail.last.seq if tail.last else 0, tail.last
        seen = _seen(held, tail, moment)
        if last and _ends(held, last, moment):
            held, last, tail = _move(inside, held, last, tail, moment)
        fresh = tail.size >= self._segment and not tail.torn
        if fresh:
            seen.append(Event("log.rotated", {"segment": tail.segment + 1}))
        made = _chain(held, last, moment, [*seen, event])
        _put(inside, tail, made, fresh=fresh)
        if made[-1].seq // CHECKPOINT_EVERY > begun // CHECKPOINT_EVERY:
            checkpoint.append(inside, checkpoint.make(held, made[-1]))
        self._used = True
        return made[-1]


def _seen(held: Keys, tail: segments.Tail, moment: Moment) -> list[Event]:
    """What the end of the log says happened since it was written."""
    if tail.last is None:
        seen = [Event("log.opened", {"origin": held.origin, "public": held.public})]
    else:
        jump = _jump(tail.last.moment, moment)
        seen = [Event("clock.jump", {"ms": jump})] if jump else []
    return [*seen, Event("log.recovered", {"bytes": tail.torn})] if tail.torn else seen


def _ends(held: Keys, last: Record, moment: Moment) -> bool:
    """Whether the epoch of the last record is over."""
    full = last.seq + 1 - held.since >= EPOCH_RECORDS or moment.day != held.day
    return last.epoch == held.epoch and (full or last.kind == EPOCH_END)


def _move(
    inside: durable.Inside, held: Keys, last: Record, tail: segments.Tail, moment: Moment
) -> tuple[Keys, Record, segments.Tail]:
    """End the epoch with its own key, so that nobody later can say it ended earlier; then destroy that key."""
    if last.kind != EPOCH_END:
        made = _chain(held, last, moment, [Event(EPOCH_END, {})])
        _put(inside, tail, made, fresh=False)
        last, tail = made[-1], segments.tail(inside)
    held = held.moved(last.seq + 1, moment.day)
    keys.save(inside, held)
    return held, last, tail


def _chain(held: Keys, last: Record | None, moment: Moment, events: Sequence[Event]) -> list[Record]:
    """The records of events that follow `last`."""
    key = bytes.fromhex(held.key)
    sealing = derive(key, "mac"), derive(key, "digest")
    made: list[Record] = []
    for event in events:
        seq, prev = (last.seq, last.hash) if last else (0, START)
        last = write(seq + 1, prev, held.epoch, moment, event, sealing)
        made.append(last)
    return made


def _put(inside: durable.Inside, tail: segments.Tail, made: Sequence[Record], *, fresh: bool) -> None:
    """Write records behind the last whole line, or into a fresh segment; a failure leaves what was there."""
    if fresh or not tail.segment:
        segment, size, flags = tail.segment + 1, 0, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL
    else:
        segment, size, flags = tail.segment, tail.size, os.O_RDWR | os.O_APPEND
    with durable.opened(inside, segments.name(segment), flags) as handle:
        if tail.torn:
            os.ftruncate(handle, size)
        try:
            durable.write(handle, b"".join(r.line + b"\n" for r in made))
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, size)
            raise
    if not size:
        system.settle(inside)


def _jump(last: Moment, moment: Moment) -> int:
    """By how many milliseconds the clock was moved since the last record; 0 where it was not, or nobody can tell."""
    by = moment.t - last.t
    if moment.boot == last.boot:
        by -= moment.mono - last.mono
    elif by > 0:
        return 0
    return by if abs(by) > JUMP_MS else 0
