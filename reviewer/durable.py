"""Private files that are on disk when the call returns, and that are never reached through a symbolic link."""

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from reviewer import system
from reviewer.system import Inside as Inside

UNRELIABLE: Mapping[int, str] = {
    0x6969: "NFS",
    0xFF534D42: "CIFS",
    0xFE534D42: "SMB",
    0x517B: "SMB",
    0x01021997: "9p",
    0x65735546: "FUSE",
    0x5346414F: "AFS",
    0x73757245: "Coda",
}
"""File systems by Linux's number (linux/magic.h) whose locks may be of this machine only, late, or none: those of a
network, and FUSE, behind which may lie one (sshfs)."""


POLL_S = 0.002
"""How often the first of those who wait for a lock asks for it."""


class UnsettledError(OSError):
    """What was asked is done, but may not outlast a loss of power."""


def identity(path: Path, *, content: bool = False) -> tuple[int, ...] | None:
    """Which file this is, whatever it is called, and with `content` what it differs in once it was changed; `None` for
    one that is not there or not to be seen.
    """
    try:
        seen = path.stat()
    except OSError:
        return None
    which = seen.st_dev, seen.st_ino
    return (*which, seen.st_size, seen.st_mtime_ns) if content else which


def size(path: Path) -> int:
    """Bytes of a file; 0 where there is none. Raises `OSError`."""
    return path.stat().st_size if path.exists() else 0


@contextlib.contextmanager
def folder(path: Path, *, create: bool = False) -> Iterator[Inside]:
    """An open folder that belongs to this user and is closed to others.

    Raises `OSError`: `PermissionError` with what is wrong for a folder of another user or open to others.
    """
    if create and not path.is_symlink():
        make_folders(path.parent)
        make_folders(path, mode=0o700)
    inside = system.open_folder(path)
    try:
        system.private(inside)
        yield inside
    finally:
        system.close_folder(inside)


def make_folders(path: Path, mode: int = 0o777) -> None:
    """Make a folder, of that mode, and those above it that are missing, every new name on disk. Raises `OSError`."""
    if path.exists():
        return
    make_folders(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=mode)
    named(path)


def named(path: Path) -> None:
    """See the name of a new file or folder on disk. Raises `OSError`."""
    with opened_folder(path.parent) as inside:
        system.settle(inside)


@contextlib.contextmanager
def opened_folder(path: Path) -> Iterator[Inside]:
    """An open folder, whoever it belongs to and whatever link leads to it. Raises `OSError`."""
    inside = system.open_folder(path, follow=True)
    try:
        yield inside
    finally:
        system.close_folder(inside)


@contextlib.contextmanager
def opened(inside: Inside, name: str, flags: int) -> Iterator[int]:
    """A descriptor of a regular file in an open folder, made with mode 0600 where `flags` create. Raises `OSError`."""
    handle = system.open_at(inside, name, flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(inside: Inside, name: str, wait_s: float, *, shared: bool = False) -> Iterator[None]:
    """The only holder of a lock file in an open folder; `shared`, one of several, of a lock file that is there.

    Who has waited longest is next. Only who has waited for half of the time asks out of turn: the next one may be
    stopped. Raises `OSError` when the lock is not to be had for `wait_s` seconds.
    """
    until = time.monotonic() + wait_s
    with opened(inside, name, os.O_RDONLY if shared else os.O_RDWR | os.O_CREAT) as handle:
        take = partial(system.try_lock, handle, shared=shared)
        if _tickets(inside, name) or not take():
            with _queued(inside, name, until) as ahead:
                _in_turn(take, ahead, until, until - wait_s / 2)
        yield


def _in_turn(take: Callable[[], bool], ahead: Callable[[], int], until: float, impatient: float) -> None:
    """Take a lock when nobody is ahead, or after the moment `impatient`. Raises `TimeoutError` after `until`."""
    while True:
        others, now = ahead(), time.monotonic()
        if (not others or now > impatient) and take():
            return
        if now > until:
            raise TimeoutError(errno.ETIMEDOUT, "another process holds its lock")
        time.sleep(POLL_S * (1 + others))


@contextlib.contextmanager
def _queued(inside: Inside, name: str, until: float) -> Iterator[Callable[[], int]]:
    """A place among those who wait for a lock, by when they give up: how many are before it.

    It is a file beside the lock, which is locked as long as its owner lives; who can make none waits all the same.
    """
    mine = f"{name}.{int(until * 1e9):020}.{secrets.token_hex(4)}"
    with contextlib.ExitStack() as held:
        held.callback(remove, inside, mine)
        with contextlib.suppress(OSError):
            system.try_lock(held.enter_context(opened(inside, mine, os.O_RDWR | os.O_CREAT | os.O_EXCL)))
        yield lambda: _before(inside, name, mine)


def _tickets(inside: Inside, name: str) -> list[str]:
    """Places of those who wait for a lock, the next one first."""
    ticket = re.compile(re.escape(name) + r"\.\d{20}\.[0-9a-f]{8}")
    return sorted(filter(ticket.fullmatch, os.listdir(inside)))


def _before(inside: Inside, name: str, mine: str) -> int:
    """How many wait before `mine`; places that are given up, and of the dead, are removed."""
    before = [ticket for ticket in _tickets(inside, name) if ticket < mine]
    while before and _given_up(inside, before[0]):
        before.pop(0)
    return len(before)


def _given_up(inside: Inside, ticket: str) -> bool:
    try:
        if int(ticket.split(".")[-2]) > time.monotonic() * 1e9:
            with opened(inside, ticket, os.O_RDWR) as handle:
                if not system.try_lock(handle):
                    return False
        system.unlink_at(inside, ticket)
    except OSError:
        pass
    return True


def trusted(path: Path, limit: int) -> bytes:
    """A file that only this user or the administrator can change. Raises `OSError`."""
    with trusted_file(path, os.O_RDONLY, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, "the file is too large")
    return data


def trusted_file(path: Path, flags: int, mode: str) -> IO[bytes]:
    """The same, open, and made where `flags` create; not through a link. Raises `OSError`."""
    file: IO[bytes] = os.fdopen(system.open_at(None, path, flags), mode)
    try:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise PermissionError(errno.EPERM, "not a regular file")
        system.trusted(state)
    except OSError:
        file.close()
        raise
    return file


def read(inside: Inside, name: str, limit: int) -> bytes:
    """A whole file of at most `limit` bytes. Raises `OSError`, also for a longer one."""
    with opened(inside, name, os.O_RDONLY) as handle:
        data = bytearray()
        while block := os.read(handle, min(1 << 20, limit + 1 - len(data))):
            data += block
        if len(data) > limit:
            raise OSError(errno.EFBIG, "the file is too large")
        return bytes(data)


def end(handle: int, most: int) -> bytes:
    """The last bytes of an open file, at most so many. Raises `OSError`."""
    os.lseek(handle, max(0, os.fstat(handle).st_size - most), os.SEEK_SET)
    return os.read(handle, most)


def put(handle: int, data: bytes) -> None:
    """All of `data`, on disk when the system finds time. Raises `OSError`."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def write(handle: int, data: bytes) -> None:
    """All of `data`, then to disk. Raises `OSError`."""
    put(handle, data)
    os.fsync(handle)


def put_in_place(path: Path, part: str, data: bytes) -> None:
    """The file at `path` is the old one or the new one, whole, also in a folder that others may write to.

    It is written beside, under the name `part`, anew whatever stands there, and not left there; of two who do so at
    once one fails. Raises `OSError`.
    """
    with opened_folder(path.parent) as inside:
        try:
            _swap(inside, part, path.name, data)
        except BaseException:
            remove(inside, part)
            raise


def replace(inside: Inside, name: str, data: bytes) -> None:
    """The file is the old one or the new one, whole, whatever happens.

    Raises `UnsettledError` where it is the new one and its name may not be on disk, `OSError` where it is the old one.
    """
    _swap(inside, _part(name), name, data)
    try:
        system.settle(inside)
    except OSError as exc:
        raise UnsettledError(*exc.args) from exc


def _swap(inside: Inside, part: str, name: str, data: bytes) -> None:
    """Write under the name `part`, anew whatever stands there, and put it in the place of `name`. Raises `OSError`."""
    remove(inside, part)
    with opened(inside, part, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as handle:
        write(handle, data)
    system.replace_at(inside, part, name)


def discard(inside: Inside, name: str) -> None:
    """Remove what a killed `replace` of that file has left; only for who keeps its other writers away."""
    remove(inside, _part(name))


def remove(inside: Inside, name: str) -> None:
    """Remove a file in an open folder, if it is there and that can be done."""
    with contextlib.suppress(OSError):
        system.unlink_at(inside, name)


def _part(name: str) -> str:
    return f"{name}.new"


def unreliable(path: Path) -> str:
    """The file system of a path, or of the folder it would be made in, if its locks cannot be trusted; else empty.

    Empty too where the system does not tell (`system.file_system`).
    """
    there = next((p for p in (path, *path.absolute().parents) if p.exists()), None)
    if there is None:
        return ""
    try:
        return UNRELIABLE.get(system.file_system(there) or 0, "")
    except OSError:
        return ""
