"""Checkpoints: signed statements of how far the log went, each with a short code for a paper register."""

import base64
import hashlib
import json
import os
import re
from dataclasses import dataclass

from reviewer import durable, system
from reviewer.audit.keys import Keys, signed_by
from reviewer.audit.line import NewerLineError, Record, canonical, loaded, whole

NAME = "checkpoints.jsonl"
VERSION = 1
LIMIT = 1 << 26
"""Bytes of the file: more than 200,000 checkpoints."""

TAIL = 4096
"""Bytes at its end in which the last checkpoint lies, and what a loss of power has left of the one after it."""

CODE_BYTES = 10
"""80 bits: a code that fits other records cannot be searched for."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log of this origin had `seq` records, and this was the hash of the last."""

    origin: str
    seq: int
    head: str
    t: int
    sig: str = ""

    @property
    def data(self) -> bytes:
        """What is signed."""
        return canonical({"v": VERSION, "origin": self.origin, "seq": self.seq, "head": self.head, "t": self.t})

    @property
    def code(self) -> str:
        """`SEQ-XXXX-XXXX-XXXX-XXXX` for the register."""
        return code(self.origin, self.seq, self.head)

    def signed_by(self, public: str) -> bool:
        """Whether the station with that key signed it."""
        return signed_by(public, self.data, self.sig)


def code(origin: str, seq: int, head: str) -> str:
    """The short code of a log that ends with record `seq`."""
    words = f"reviewer audit checkpoint\n{origin}\n{seq}\n{head}\n"
    raw = hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:CODE_BYTES]
    text = base64.b32encode(raw).decode()
    return "-".join([str(seq), *(text[i : i + 4] for i in range(0, len(text), 4))])


def make(keys: Keys, last: Record) -> Checkpoint:
    """A signed checkpoint of a log that ends with `last`."""
    unsigned = Checkpoint(keys.origin, last.seq, last.hash, last.moment.t)
    return Checkpoint(keys.origin, last.seq, last.hash, last.moment.t, keys.sign(unsigned.data))


def append(inside: durable.Inside, made: Checkpoint) -> None:
    """Add it to the file in an open folder, in place of a line that was not finished. Raises `OSError`."""
    line = canonical({**json.loads(made.data), "sig": made.sig}) + b"\n"
    with durable.opened(inside, NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT) as handle:
        size = os.fstat(handle).st_size
        tail = durable.end(handle, TAIL)
        torn = len(tail) - whole(tail)
        if torn:
            os.ftruncate(handle, size - torn)
        durable.write(handle, line)
    if not size:
        system.settle(inside)


def load(inside: durable.Inside) -> list[Checkpoint]:
    """Every whole line. Raises `ValueError` for one that is no checkpoint, `NewerLineError` where a later version might
    have written it, `OSError`.
    """
    try:
        data = durable.read(inside, NAME, LIMIT)
    except FileNotFoundError:
        return []
    kept = len(data[:-TAIL]) + whole(data[-TAIL:])
    return [_parse(line) for line in data[:kept].split(b"\n")[:-1]]


def last(inside: durable.Inside) -> Checkpoint | None:
    """The newest whole one. Raises as `load`."""
    try:
        with durable.opened(inside, NAME, os.O_RDONLY) as handle:
            tail = durable.end(handle, TAIL)
            lines = tail[: whole(tail)].split(b"\n")[:-1]
    except FileNotFoundError:
        return None
    return _parse(lines[-1]) if lines else None


def _parse(line: bytes) -> Checkpoint:
    match loaded(line):
        case {"v": int(version)} if version > VERSION:
            raise NewerLineError(f"version {version}")
        case {"origin": str(origin), "seq": int(seq), "head": str(head), "t": int(t), "sig": str(sig)}:
            made = Checkpoint(origin, seq, head, t, sig)
            if canonical({**json.loads(made.data), "sig": sig}) == line and re.fullmatch("[0-9a-f]{128}", sig):
                return made
    raise ValueError("not a checkpoint")
