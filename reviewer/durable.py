"""Private files that are on disk when the call returns, and that are never reached through a symbolic link."""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
DIRECTORY = getattr(os, "O_DIRECTORY", 0)


@contextlib.contextmanager
def folder(path: Path, *, create: bool = False) -> Iterator[int]:
    """A descriptor of a folder that belongs to this user and is closed to others.

    Raises `OSError`: `PermissionError` with what is wrong for a folder of another user or open to others.
    """
    if create and not path.is_symlink():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
    handle = os.open(path, os.O_RDONLY | DIRECTORY | NOFOLLOW)
    try:
        state = os.fstat(handle)
        if hasattr(os, "geteuid") and state.st_uid != os.geteuid():
            raise PermissionError(errno.EPERM, "the folder belongs to another user")
        if state.st_mode & 0o077:
            raise PermissionError(errno.EPERM, "the folder is open to other users (chmod 700)")
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def opened(inside: int, name: str, flags: int) -> Iterator[int]:
    """A descriptor of a regular file in an open folder, made with mode 0600 where `flags` create. Raises `OSError`."""
    handle = os.open(name, flags | NOFOLLOW | getattr(os, "O_NONBLOCK", 0), 0o600, dir_fd=inside)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(inside: int, name: str, wait_s: float) -> Iterator[None]:
    """The only holder of a lock file in an open folder. Raises `OSError` when another keeps it for `wait_s` seconds."""
    with opened(inside, name, os.O_RDWR | os.O_CREAT) as handle:
        until = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError(errno.ETIMEDOUT, "another process holds its lock") from None
                time.sleep(0.002)
        yield


def trusted(path: Path, limit: int) -> bytes:
    """A file that only this user or the administrator can change. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY | NOFOLLOW | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_mode & 0o022:
            raise PermissionError(errno.EPERM, "other users may change it (chmod 600)")
        if hasattr(os, "geteuid") and state.st_uid not in (0, os.geteuid()):
            raise PermissionError(errno.EPERM, "it belongs to another user")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, "the file is too large")
    return data


def read(inside: int, name: str, limit: int) -> bytes:
    """A whole file of at most `limit` bytes. Raises `OSError`, also for a longer one."""
    with opened(inside, name, os.O_RDONLY) as handle:
        data = bytearray()
        while block := os.read(handle, min(1 << 20, limit + 1 - len(data))):
            data += block
        if len(data) > limit:
            raise OSError(errno.EFBIG, "the file is too large")
        return bytes(data)


def write(handle: int, data: bytes) -> None:
    """All of `data`, then to disk. Raises `OSError`."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]
    os.fsync(handle)


def replace(inside: int, name: str, data: bytes) -> None:
    """The file is the old one or the new one, whole, whatever happens. Raises `OSError`."""
    part = f"{name}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part, dir_fd=inside)
    with opened(inside, part, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as handle:
        write(handle, data)
    os.replace(part, name, src_dir_fd=inside, dst_dir_fd=inside)
    os.fsync(inside)
