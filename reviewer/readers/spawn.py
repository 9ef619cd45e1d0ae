"""The parent's side of parsing: start the limited child, take its entries, put the draft together."""

import contextlib
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from typing import IO, Any

from reviewer.draft import Channel, Draft, Lang, Place, Step, StepKind, Unread, describe
from reviewer.readers.reasons import Reason, say
from reviewer.seal import Part, Seal, seen
from reviewer.seal.environment import child_command, child_environment
from reviewer.system import readable

WALL_S = 300.0
"""Seconds a file may take, pictures included; the child has limits of its own on processor time."""

MAX_OUTPUT = 128 * 2**20
"""Bytes taken from the child at most."""

CELL = " | "
"""Between cells of a row."""

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "2"}


def parse(data: bytes, name: str, channel: Channel, lang: Lang) -> Draft:
    """A draft from a file's bytes by way of the child; whatever stops it early is named in `unread`."""
    return assemble(_entries(data, name), name, channel, lang)


def seal() -> Seal | None:
    """The seal of such a child, started for nothing else; none where it could not be sealed."""
    for entry in _entries(b"", ""):
        match entry:
            case ["seal", said]:
                return seen(Seal(**said))
    return None


def assemble(entries: Iterable[list[Any]], name: str, channel: Channel, lang: Lang) -> Draft:
    """Join texts into one draft with the place of each, and name what was missed; no `end` is a missed part too."""
    parts: list[str] = []
    places: list[Place] = []
    unread: dict[Unread, None] = {}
    length, ended, partial = 0, False, Reason.CRASHED
    for entry in entries:
        match entry:
            case ["text", steps, words, glued]:
                separator = (CELL if glued else "\n") if parts else ""
                parts += (separator, clean(words))
                start = length + len(separator)
                length = start + len(words)
                places.append(Place(span=(start, length), steps=_steps(steps)))
            case ["missed", steps, reason, detail]:
                what = describe(_steps(steps), lang) or name
                unread[Unread(what=what, reason=say(Reason(reason), detail, lang))] = None
            case ["end"]:
                ended = True
            case ["stopped", reason]:
                partial = Reason(reason)
    if not ended:
        unread[Unread(what=name, reason=say(partial, "", lang))] = None
    return Draft(text="".join(parts), channel=channel, id=name, unread=tuple(unread), places=tuple(places))


def clean(raw: str) -> str:
    """`raw` with lone surrogates as U+FFFD, one for one, so that spans keep their places."""
    return raw if _sound(raw) else "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in raw)


def _sound(raw: str) -> bool:
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _steps(raw: list[list[str]]) -> tuple[Step, ...]:
    return tuple(Step(kind=StepKind(kind), name=name) for kind, name in raw)


def _entries(data: bytes, name: str) -> Iterator[list[Any]]:
    """The child's entries; the last may be `["stopped", reason]`."""
    child = subprocess.Popen(
        child_command(Part.READERS, "reviewer.readers.child"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(**ENVIRONMENT),
        start_new_session=True,
    )
    assert child.stdin is not None  # noqa: S101 (a pipe was asked for)
    assert child.stdout is not None  # noqa: S101
    head = json.dumps(name).encode("ascii") + b"\n"
    feeder = threading.Thread(target=_feed, args=(child.stdin, head, data), daemon=True)
    feeder.start()
    try:
        yield from _lines(child.stdout)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        feeder.join()
    if child.returncode == -24:
        yield ["stopped", Reason.TOO_SLOW.value]


def _feed(pipe: IO[bytes], head: bytes, data: bytes) -> None:
    """Send the file; a child that is gone does not want it."""
    with contextlib.suppress(BrokenPipeError), pipe:
        pipe.write(head)
        pipe.write(data)


def _lines(pipe: IO[bytes]) -> Iterator[list[Any]]:
    """Whole lines as entries until the end, the clock or the cap on output."""
    deadline, taken, rest = time.monotonic() + WALL_S, 0, b""
    while readable(pipe, max(0.0, deadline - time.monotonic())):
        chunk = os.read(pipe.fileno(), 2**16)
        taken += len(chunk)
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield json.loads(line)
        if taken > MAX_OUTPUT:
            yield ["stopped", Reason.TOO_MUCH.value]
            return
    yield ["stopped", Reason.TOO_SLOW.value]
