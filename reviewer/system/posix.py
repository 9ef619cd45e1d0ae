"""Linux and macOS."""

import ctypes
import errno
import fcntl
import os
import select
import sys
from pathlib import Path
from typing import IO

Inside = int
"""An open folder: its descriptor."""


def open_folder(path: Path, *, follow: bool = False) -> Inside:
    """Open a folder, not through a link unless `follow`. Raises `OSError`."""
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | (0 if follow else os.O_NOFOLLOW))


def folder_at(inside: Inside, name: str) -> Inside:
    """Open a folder in an open one. Raises `OSError`."""
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=inside)


def close_folder(inside: Inside) -> None:
    """Close it."""
    os.close(inside)


def private(inside: Inside) -> None:
    """Raise `PermissionError` for a folder of another user or open to others."""
    state = os.fstat(inside)
    if state.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "the folder belongs to another user")
    if state.st_mode & 0o077:
        raise PermissionError(errno.EPERM, "the folder is open to other users (chmod 700)")


def trusted(state: os.stat_result) -> None:
    """Raise `PermissionError` for a file that others than this user and the administrator can change."""
    if state.st_mode & 0o022:
        raise PermissionError(errno.EPERM, "other users may change it (chmod 600)")
    if state.st_uid not in (0, os.geteuid()):
        raise PermissionError(errno.EPERM, "it belongs to another user")


def open_at(inside: Inside | None, name: str | Path, flags: int) -> int:
    """A descriptor of a file, made with mode 0600 where `flags` create; no link is followed, no pipe waited for."""
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=inside)


def size_at(inside: Inside, name: str) -> int:
    """Bytes of a file. Raises `OSError`."""
    return os.stat(name, dir_fd=inside, follow_symlinks=False).st_size


def unlink_at(inside: Inside, name: str) -> None:
    """Remove a file. Raises `OSError`."""
    os.unlink(name, dir_fd=inside)


def replace_at(inside: Inside, old: str, new: str) -> None:
    """Give a file the name of another, in its place. Raises `OSError`."""
    os.replace(old, new, src_dir_fd=inside, dst_dir_fd=inside)


def settle(inside: Inside) -> None:
    """See the folder's names on disk. Raises `OSError`."""
    os.fsync(inside)


def try_lock(handle: int, *, shared: bool = False) -> bool:
    """Lock an open file for as long as it is open; whether nobody else has it."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def readable(stream: IO[bytes], timeout_s: float) -> bool:
    """Whether a pipe has something to read, or has ended, within so many seconds."""
    return bool(select.select([stream], [], [], timeout_s)[0])


def write_some(stream: IO[bytes], data: bytes, timeout_s: float) -> int:
    """Write what a pipe takes at once; how many bytes that were, 0 where it has no room within so many seconds."""
    if not select.select([], [stream], [], timeout_s)[1]:
        return 0
    return stream.write(data[: select.PIPE_BUF])


def file_system(path: Path) -> int | None:
    """Linux's number of the file system a path lies on (`f_type` of statfs); `None` elsewhere. Raises `OSError`."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    found = (ctypes.c_long * 32)()
    if library.statfs(os.fsencode(path), ctypes.byref(found)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return found[0] & 0xFFFFFFFF


def cores() -> int:
    """How many processor cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def c_library() -> ctypes.CDLL:
    """The C library."""
    return ctypes.CDLL(None)
