"""Windows. Type-checked for it and run by a test over stand-ins for its calls; never yet run on it.

A folder cannot be held open there, so it is its path; links are looked for before a file is opened. Who may read and
change a file is left to the access list that the user's own folder hands down.
"""

import ctypes
import errno
import os
import stat
import sys
import time
from pathlib import Path
from typing import IO

assert sys.platform == "win32"  # noqa: S101 (tells the type checker)

import _winapi  # noqa: E402
import msvcrt  # noqa: E402

POLL_S = 0.01

Inside = Path
"""A folder: its path."""


def open_folder(path: Path, *, follow: bool = False) -> Inside:
    """A folder, not reached through a link unless `follow`. Raises `OSError`."""
    if not stat.S_ISDIR(os.stat(path, follow_symlinks=follow).st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return path


def folder_at(inside: Inside, name: str) -> Inside:
    """A folder in another. Raises `OSError`."""
    return open_folder(inside / name)


def close_folder(inside: Inside) -> None:
    """Nothing is open."""


def private(inside: Inside) -> None:
    """Left to the folder's access list."""


def trusted(state: os.stat_result) -> None:
    """Left to the file's access list."""


def open_at(inside: Inside | None, name: str | Path, flags: int) -> int:
    """A descriptor of a file, bytes as they are. Raises `OSError`, also for a link."""
    path = Path(name) if inside is None else inside / name
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return os.open(path, flags | os.O_BINARY | os.O_NOINHERIT, 0o600)


def size_at(inside: Inside, name: str) -> int:
    """Bytes of a file. Raises `OSError`."""
    return os.stat(inside / name, follow_symlinks=False).st_size


def unlink_at(inside: Inside, name: str) -> None:
    """Remove a file. Raises `OSError`."""
    os.unlink(inside / name)


def replace_at(inside: Inside, old: str, new: str) -> None:
    """Give a file the name of another, in its place. Raises `OSError`."""
    os.replace(inside / old, inside / new)


def settle(inside: Inside) -> None:
    """The system writes names with the file's own data."""


def try_lock(handle: int, *, shared: bool = False) -> bool:
    """Lock an open file for as long as it is open; whether nobody else has it. There is no shared lock."""
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def readable(stream: IO[bytes], timeout_s: float) -> bool:
    """Whether a pipe has something to read, or has ended, within so many seconds."""
    until = time.monotonic() + timeout_s
    pipe = msvcrt.get_osfhandle(stream.fileno())
    while True:
        try:
            if _winapi.PeekNamedPipe(pipe, 0)[0]:
                return True
        except OSError:
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(POLL_S)


def write_some(stream: IO[bytes], data: bytes, timeout_s: float) -> int:
    """Write to a pipe; how many bytes that were. Nothing tells whether it has room: where it has none this waits."""
    return stream.write(data)


def file_system(path: Path) -> int | None:
    """Not asked."""
    return None


def cores() -> int:
    """How many processor cores this machine has."""
    return os.cpu_count() or 1


def c_library() -> ctypes.CDLL:
    """The C library."""
    return ctypes.cdll.msvcrt
