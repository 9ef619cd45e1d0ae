"""Files that hold messages behind a line of their own: mbox, which has any number, and the emlx of Apple Mail."""

import re
from collections.abc import Iterator

from reviewer.draft import StepKind
from reviewer.readers import eml, html
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason

MAX_MESSAGES = 500

_LENGTH = re.compile(rb"([0-9]{1,10})[ \t]*\r?\n")
_NEXT = re.compile(rb"^From [^\n]{0,200}[0-9]:[0-9]{2}[^\n]{0,200}\n(?=[!-9;-~]+:)", re.MULTILINE)
"""Where the next message begins: with a time, and a head after it, as no sentence has it."""


def read(data: bytes, out: Gather) -> None:
    """Every message. Raises `Unreadable`."""
    if length := _LENGTH.match(data):
        _apple(data[length.end() :], int(length[1]), out)
        return
    data = data.lstrip(b"\r\n")
    for number, message in enumerate(_messages(data), 1):
        if number > MAX_MESSAGES:
            raise Unreadable(Reason.TOO_MUCH)
        here = out if len(message) == len(data) else out.at(StepKind.FILE, f"{number}.eml")
        if message.startswith(b"From "):
            first, _, message = message.partition(b"\n")
            here.at(StepKind.PROPERTY, "From").text(out.decoded(first))
        try:
            eml.read(message, here)
        except Unreadable as exc:
            if exc.reason is Reason.TOO_MUCH:
                raise
            here.missed(exc.reason, exc.detail)


def _messages(data: bytes) -> Iterator[bytes]:
    """Each message with its first line."""
    begin = 0
    for found in _NEXT.finditer(data, 1):
        yield data[begin : found.start()]
        begin = found.start()
    yield data[begin:]


def _apple(data: bytes, length: int, out: Gather) -> None:
    """A message and what the program keeps about it; as one where it is not as long as it says."""
    if length > len(data):
        out.missed(Reason.TRUNCATED)
    rest = data[length:]
    kept = rest.lstrip().startswith(b"<?xml")
    eml.read(data[:length] if kept else data, out)
    if kept:
        html.read(rest, out.at(StepKind.HIDDEN))
