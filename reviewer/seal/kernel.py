"""The calls to the kernel: the filter, dumpability, and what the kernel says of this process. Linux only."""

import ctypes
import errno
import os
from pathlib import Path

from reviewer.errors import SealError
from reviewer.seal.syscalls import MACHINES, Machine, number

PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1
STEP = 8
"""Bytes of one instruction."""

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def machine() -> Machine:
    """This machine. Raises `SealError` for one whose call numbers are not known."""
    name = os.uname().machine
    if name not in MACHINES:
        raise SealError(f"处理器 {name} 没有断网过滤器 / no filter for {name} processors")
    return MACHINES[name]


def call(name: str, *arguments: object) -> int:
    """A system call by name, past libc's own wrapper; the error number is in `ctypes.get_errno()`."""
    return int(libc.syscall(number(name, machine()), *arguments))


def undumpable() -> None:
    """No core dump, and no other process of this user reads this one's memory; an exec takes it back."""
    _prctl(PR_SET_DUMPABLE, 0)


def no_new_privileges() -> None:
    """No set-uid program helps this process or its children; a filter needs it."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def install(filter_: bytes) -> None:
    """Put a filter on every thread of this process for good. Raises `SealError`."""
    no_new_privileges()
    code = ctypes.create_string_buffer(filter_, len(filter_))
    program = _Program(len(filter_) // STEP, ctypes.addressof(code))
    done = call("seccomp", SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(program))
    if done != 0:
        why = f"thread {done}" if done > 0 else _said()
        raise SealError(f"内核没有接受断网过滤器 / the kernel did not take the filter ({why})")


def process(pid: int | None = None) -> dict[str, str]:
    """Everything of `/proc/PID/status` of that process or this one. Raises `OSError` where there is none."""
    status = Path(f"/proc/{pid or 'self'}/status").read_text()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in status.splitlines())}


def view(status: dict[str, str]) -> dict[str, str]:
    """What the kernel says of a filter: `NoNewPrivs` and the `Seccomp` lines."""
    return {name: value for name, value in status.items() if name == "NoNewPrivs" or name.startswith("Seccomp")}


def _prctl(option: int, value: int) -> None:
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise SealError(f"内核拒绝 prctl({option}) / the kernel refused prctl({option}) ({_said()})")


def _said() -> str:
    return errno.errorcode.get(ctypes.get_errno(), str(ctypes.get_errno()))
