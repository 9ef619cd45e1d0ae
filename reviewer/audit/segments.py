"""The log's files, `000001.jsonl` and so on, and where the last record lies."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviewer import durable, system
from reviewer.audit.faults import fault
from reviewer.audit.line import LONGEST, UNSYNCED, NewerLineError, Record, parse, whole


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the next record goes: the segment (0 where there is none), its size in whole lines, what was torn off."""

    segment: int
    size: int
    torn: int
    last: Record | None


def name(segment: int) -> str:
    """The file of a segment, which counts from 1."""
    return f"{segment:06}.jsonl"


def count(inside: durable.Inside) -> int:
    """How many segments there are. Raises `AuditError` when one in between is missing."""
    found = sorted(int(m[1]) for m in map(re.compile(r"(\d{6})\.jsonl").fullmatch, os.listdir(inside)) if m)
    if found != list(range(1, len(found) + 1)):
        raise fault("damaged")
    return len(found)


def tail(inside: durable.Inside) -> Tail:
    """The end of the log. Raises `AuditError` when its last whole line is no record of this version, `OSError`."""
    newest = count(inside)
    if not newest:
        return Tail(0, 0, 0, None)
    size, torn, last = _end(inside, newest)
    if last is None and newest > 1:
        last = _end(inside, newest - 1)[2]
    return Tail(newest, size, torn, last)


def _end(inside: durable.Inside, segment: int) -> tuple[int, int, Record | None]:
    with durable.opened(inside, name(segment), os.O_RDONLY) as handle:
        size = os.fstat(handle).st_size
        data = durable.end(handle, UNSYNCED + 2 * LONGEST)
    end = whole(data)
    torn = len(data) - end
    if not end:
        if size > UNSYNCED:
            raise fault("damaged")
        return 0, torn, None
    try:
        return size - torn, torn, parse(data[data.rfind(b"\n", 0, end - 1) + 1 : end - 1])
    except NewerLineError as exc:
        raise fault("newer") from exc
    except ValueError as exc:
        raise fault("damaged") from exc


def sizes(inside: durable.Inside) -> list[int]:
    """Bytes of each segment now. Raises `AuditError`, `OSError`."""
    return [system.size_at(inside, name(n)) for n in range(1, count(inside) + 1)]


def lines(inside: durable.Inside, segment: int, size: int) -> Iterator[bytes]:
    """The lines in the first `size` bytes; one that was torn or is too long comes without its end."""
    with durable.opened(inside, name(segment), os.O_RDONLY) as handle, os.fdopen(os.dup(handle), "rb") as file:
        while size > 0 and (line := file.readline(min(size, LONGEST + 2))):
            size -= len(line)
            yield line
