"""Runs the program here with what Windows lacks taken away and its own calls stood in for: a stand-in, no proof.

Libraries are imported before, since they are not what is tried. `python -m tests.pretend_windows ARGUMENTS`.
"""

import errno
import fcntl
import importlib
import os
import select
import signal
import socket
import sys
import types
from collections.abc import Callable
from typing import Any

LIBRARIES = (
    "click", "pydantic", "pydantic_settings", "platformdirs", "numpy", "re2", "opencc", "rich", "cryptography",
    "minisign", "stdnum", "pypinyin", "rapidfuzz", "subprocess", "asyncio", "multiprocessing", "ctypes", "shutil",
    "tempfile",
    "cryptography.hazmat.primitives.asymmetric.ed25519", "cryptography.hazmat.primitives.kdf.hkdf",
    "pydantic_settings.sources", "click.testing", "uuid", "platform", "defusedxml.ElementTree",
)  # fmt: skip
NOT_THERE = (
    "O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_CLOEXEC", "O_PATH", "getuid", "geteuid", "getgid",
    "sched_getaffinity", "pread", "pwrite", "fchmod", "sysconf", "uname",
)  # fmt: skip
MODULES = ("fcntl", "resource", "termios", "tty", "pwd", "grp", "pty")


def _without_folders(real: Callable[..., Any], *, opens: bool = False) -> Callable[..., Any]:
    """The call as Windows has it: no `dir_fd`, and folders are not opened."""

    def call(*arguments: Any, **named: Any) -> Any:
        if any(name.endswith("dir_fd") and value is not None for name, value in named.items()):
            raise NotImplementedError("dir_fd unavailable on this platform")
        if opens and isinstance(arguments[0], str | os.PathLike) and os.path.isdir(arguments[0]):
            raise PermissionError(errno.EACCES, "a folder")
        return real(*arguments, **named)

    return call


def _locking(handle: int, mode: int, size: int) -> None:
    assert mode == 2
    assert size == 1
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _peek(pipe: int, size: int) -> tuple[int, int]:
    """What is in a pipe; a broken one raises, as there."""
    poll = _poll()
    poll.register(pipe, select.POLLIN)
    what = dict(poll.poll(0)).get(pipe, 0)
    if what & select.POLLHUP and not what & select.POLLIN:
        raise BrokenPipeError(errno.EPIPE, "the pipe has been ended")
    return (1 if what & select.POLLIN else 0), 0


_poll = select.poll


def pretend() -> None:
    """Become it."""
    for name in LIBRARIES:
        importlib.import_module(name)
    msvcrt: Any = types.ModuleType("msvcrt")
    msvcrt.LK_NBLCK, msvcrt.locking, msvcrt.get_osfhandle = 2, _locking, lambda handle: handle
    winapi: Any = types.ModuleType("_winapi")
    winapi.PeekNamedPipe = _peek
    sys.modules.update({"msvcrt": msvcrt, "_winapi": winapi})
    sys.modules.update(dict.fromkeys(MODULES))
    for name in NOT_THERE:
        delattr(os, name)
    os.O_BINARY = os.O_NOINHERIT = 0  # type: ignore[attr-defined]
    os.open = _without_folders(os.open, opens=True)  # type: ignore[assignment]
    for name in ("stat", "unlink", "replace", "rename", "mkdir"):
        setattr(os, name, _without_folders(getattr(os, name)))
    del select.poll, socket.SO_PEERCRED, socket.AF_UNIX, signal.SIGHUP
    select.select = _refuse_pipes  # type: ignore[assignment]
    sys.platform = "win32"


def _refuse_pipes(*_: object) -> None:
    raise OSError(10038, "an operation was attempted on something that is not a socket")


def main() -> None:
    """The program, over the scripted engine."""
    pretend()
    from reviewer.__main__ import main as command
    from reviewer.engine import Engine

    Engine.worker = "tests.scripted_worker"
    command()


if __name__ == "__main__":
    main()
