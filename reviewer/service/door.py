"""The Unix socket of the service, both sides: the only module besides `fetch` that opens a connection.

The socket (0600) lies in a folder of the user's own (0700); each side asks the kernel who the other is (SO_PEERCRED)
and speaks to no other user. The folder is opened once and reached through its descriptor, so that it is the one that
was checked and its path may be of any length. One line of JSON each way; descriptors come with the answer.
"""

import contextlib
import json
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from reviewer import durable
from reviewer.errors import EngineError, why
from reviewer.system import try_lock

NAME = "engine.sock"
LINE = 65_536
"""Bytes of a question or an answer."""
FDS = 3
TIMEOUT_S = 2.0
"""How long either side waits for the other's line."""
TURN_S = 1.0
"""How long a service waits for the folder."""
POLL_S = 0.02

Answer = tuple[dict[str, Any], Sequence[int]]
"""What is said, and the descriptors that go with it."""


def supported() -> bool:
    """Whether this system has what the service rests on: Linux has."""
    return hasattr(socket, "SO_PEERCRED") and os.path.isdir("/proc/self/fd")


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[durable.Inside]:
    """The open folder. Raises `EngineError` unless it is ours and closed to everyone else, `OSError`."""
    with contextlib.ExitStack() as held:
        try:
            folder = held.enter_context(durable.folder(path))
        except PermissionError as exc:
            raise EngineError(
                f"{path}: {why(exc)}", "改为自己所有、权限 0700 / give it to yourself with mode 0700"
            ) from exc
        yield folder


def _ours(connection: socket.socket) -> bool:
    """Whether the process at the other end runs as this user."""
    size = struct.calcsize("3i")
    _pid, uid, _gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())


def ask(path: Path, question: str, timeout_s: float = TIMEOUT_S) -> tuple[dict[str, Any], list[int]] | None:
    """The service's answer and the descriptors that came with it; `None` where none listens or answers in time.

    Raises `EngineError` when the folder is open to others or another user listens.
    """
    if not supported() or not path.is_dir():
        return None
    with _folder(path) as folder, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        try:
            connection.connect(f"/proc/self/fd/{folder}/{NAME}")
            if not _ours(connection):
                raise EngineError(f"别的用户占着 / another user listens in {path}", "删掉那个目录 / remove that folder")
            connection.sendall(json.dumps(question).encode("ascii") + b"\n")
            data, fds, _flags, _address = socket.recv_fds(connection, LINE, FDS)
        except (OSError, TimeoutError):
            return None
    try:
        said = json.loads(data)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        for fd in fds:
            os.close(fd)
        return None
    for fd in fds:
        os.set_inheritable(fd, False)
    return said, list(fds)


def held(path: Path) -> bool:
    """Whether a service keeps that folder, also one that is loading or for another reason does not answer in time.

    Raises `EngineError` when the folder is open to others.
    """
    if not supported() or not path.is_dir():
        return False
    with _folder(path) as folder:
        return not try_lock(folder, shared=True)


def _locked(folder: durable.Inside) -> bool:
    """Lock the folder for a service; one who only asks (`held`) has it for a moment, and is waited for."""
    until = time.monotonic() + TURN_S
    while not (taken := try_lock(folder)) and time.monotonic() < until:
        time.sleep(POLL_S)
    return taken


class Door:
    """The listening side; one at a time in a folder."""

    def __init__(self, path: Path) -> None:
        """Make the folder and listen. Raises `EngineError` when a service is there or the folder is not ours."""
        if not supported():
            raise EngineError(
                "服务只能在 Linux 上运行 / the service needs Linux", "不用服务，直接 / run `reviewer check` without it"
            )
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._held = contextlib.ExitStack()
        folder = self._held.enter_context(_folder(path))
        if not _locked(folder):
            self._held.close()
            raise EngineError("已有服务在运行 / a service is already running", "看 / see `reviewer service status`")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(NAME, dir_fd=folder)
        self._held.callback(self._remove, folder)
        self._listener = self._held.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        before = os.umask(0o177)
        try:
            self._listener.bind(f"/proc/self/fd/{folder}/{NAME}")
        finally:
            os.umask(before)
        self._listener.listen(16)

    @staticmethod
    def _remove(folder: int) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(NAME, dir_fd=folder)

    def fileno(self) -> int:
        """For `select`."""
        return self._listener.fileno()

    def answer(self, reply: Callable[[str], Answer]) -> bool:
        """Take one connection and answer its question; whether the answer was sent.

        A caller that is not ours, slow or wrong gets nothing.
        """
        connection, _ = self._listener.accept()
        with connection, contextlib.suppress(OSError, ValueError):
            connection.settimeout(TIMEOUT_S)
            if not _ours(connection):
                return False
            question = json.loads(connection.makefile("rb").readline(LINE))
            if isinstance(question, str):
                said, fds = reply(question)
                socket.send_fds(connection, [json.dumps(said).encode("ascii")], fds)
                return True
        return False

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._held.close()
