"""Messages between a process and its child: a 4-byte big-endian length and that many bytes of UTF-8 JSON.

A child waits for its parent as long as it takes. The engine's parent uses `Frames`, which waits no longer than it is
told to; on Windows, where nothing tells whether a pipe has room, a send may.
"""

import json
import struct
import threading
import time
from collections.abc import Mapping
from typing import IO, Any, Protocol

from reviewer import system
from reviewer.errors import EngineError

MAX_FRAME = 64 * 1024 * 1024
PART = 1 << 16
"""Bytes that are read at once."""


class Child(Protocol):
    """What an engine's process is to the front end: `subprocess.Popen`, or one that somebody else started."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Where requests go."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """Where answers come from."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def poll(self) -> int | None:
        """Its exit status; `None` while it lives."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; one of somebody else's is given back. Raises `subprocess.TimeoutExpired`."""

    def kill(self) -> None:
        """End it, or have its owner do so."""


def write_frame(stream: IO[bytes], message: Mapping[str, Any]) -> None:
    """Send one message; lone surrogates travel as JSON escapes."""
    frame = memoryview(_framed(message))
    while frame:
        frame = frame[stream.write(frame) :]
    stream.flush()


def read_frame(stream: IO[bytes]) -> dict[str, Any] | None:
    """Receive one message; `None` at the end of the stream. Raises `EngineError` on a malformed frame."""
    head = _read_exactly(stream, 4)
    if head is None:
        return None
    body = _read_exactly(stream, _size(head))
    return None if body is None else _message(body)


def _read_exactly(stream: IO[bytes], size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = stream.read(size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _framed(message: Mapping[str, Any]) -> bytes:
    body = json.dumps(message).encode("ascii")
    return struct.pack(">I", len(body)) + body


def _size(head: bytes) -> int:
    (size,) = struct.unpack(">I", head)
    if size > MAX_FRAME:
        raise EngineError(f"引擎的消息过大（{size} 字节） / an engine message of {size} bytes is too large")
    return int(size)


def _message(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise EngineError("引擎的消息不是 JSON / an engine message is not JSON") from exc
    if not isinstance(message, dict):
        raise EngineError("引擎的消息不是对象 / an engine message is not an object")
    return message


class Frames:
    """A parent's ends of a child's unbuffered pipes: what the child does not take stays queued, half a frame is kept.

    One thread takes; any may put and push.
    """

    def __init__(self, give: IO[bytes], take: IO[bytes]) -> None:
        self._give, self._take = give, take
        self._unsent, self._unread = bytearray(), bytearray()
        self._writing = threading.Lock()

    @property
    def empty(self) -> bool:
        """Whether nothing is under way, as far as it can be seen from here."""
        return not self._unsent and not self._unread

    def put(self, message: Mapping[str, Any]) -> None:
        """Queue a message behind what is queued."""
        self._unsent += _framed(message)

    def push(self, timeout_s: float) -> bool:
        """Send what is queued, waiting so long for room in the pipe; whether nothing is left.

        What nobody can receive any more is dropped: who reads the answer sees that the child has ended.
        """
        until = time.monotonic() + timeout_s
        while self._unsent:
            left = max(0.0, until - time.monotonic())
            if not self._writing.acquire(timeout=left):
                return False
            try:
                sent = system.write_some(self._give, bytes(self._unsent[:PART]), min(left, 0.01))
                del self._unsent[:sent]
            except (OSError, ValueError):
                self._unsent.clear()
                return True
            finally:
                self._writing.release()
            if not sent and time.monotonic() >= until:
                return False
        return True

    def take(self, timeout_s: float) -> dict[str, Any] | None:
        """The next message; `None` where it is not there, or not whole, within so many seconds or one read.

        Raises `EOFError` at the end of the pipe, `EngineError` on a malformed frame.
        """
        if (message := self._whole()) is None and self._more(timeout_s):
            message = self._whole()
        return message

    def _more(self, timeout_s: float) -> bool:
        """Read what is there. Raises `EOFError`."""
        try:
            if not system.readable(self._take, timeout_s):
                return False
            part = self._take.read(PART)
        except (OSError, ValueError) as exc:
            raise EOFError from exc
        if not part:
            raise EOFError
        self._unread += part
        return True

    def _whole(self) -> dict[str, Any] | None:
        """The first message of what was read, if all of it was. Raises `EngineError`."""
        if len(self._unread) < 4:
            return None
        end = 4 + _size(bytes(self._unread[:4]))
        if len(self._unread) < end:
            return None
        body = bytes(self._unread[4:end])
        del self._unread[:end]
        return _message(body)
