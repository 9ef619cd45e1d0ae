"""The filter: a classic BPF program over `struct seccomp_data` that refuses every way out and allows the rest.

Default allow, because libraries use too many calls for a list of the allowed ones to hold over their versions; a
refused call fails with EPERM, so that a library which only tries goes on; a foreign architecture ends the process.
"""

import struct

from reviewer.seal.syscalls import DENIED, PROGRAMS, Machine, number

LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000
"""`SECCOMP_RET_ALLOW`, `SECCOMP_RET_ERRNO | EPERM`, `SECCOMP_RET_KILL_PROCESS`."""

NR, ARCH, ARG0, ARG1, ARG4_LOW, ARG4_HIGH = 0, 4, 16, 24, 48, 52
"""Offsets in `struct seccomp_data` on a little-endian machine."""

X32 = 0x40000000
"""Bit of the x32 ABI's calls on x86-64."""

AF_UNIX = 1
LOCAL = frozenset(("connect", "sendmsg", "recvmsg"))
"""What a local socket is used with, where it is allowed: no other one can be made, and `sendto` names no address."""

SOCK_STREAM, SOCK_TYPE_MASK = 1, 0xF
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
"""Terminal requests that type into another program's input."""


def program(machine: Machine, *, programs: bool, local: bool = False) -> bytes:
    """The filter as `struct sock_filter[]`; whether other `programs` may be started, and `local` sockets made."""
    allowed = LOCAL | {"socket"} if local else frozenset()
    denied = [name for name in (*DENIED, *(() if programs else PROGRAMS)) if name not in allowed]
    code = [
        _step(LOAD, ARCH),
        _step(EQUAL, machine.audit, 1, 0),
        _step(RETURN, KILL),
        _step(LOAD, NR),
        _step(AT_LEAST, X32, 0, 1),
        _step(RETURN, REFUSE),
    ]
    for name in denied:
        code += [_step(EQUAL, number(name, machine), 0, 1), _step(RETURN, REFUSE)]
    code += _local_socket(machine) if local else []
    return b"".join(code + _socketpair(machine) + _sendto(machine) + _ioctl(machine) + [_step(RETURN, ALLOW)])


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """One instruction; the jumps count instructions to skip."""
    return struct.pack("<HBBI", code, then, otherwise, value)


def _local_socket(machine: Machine) -> list[bytes]:
    """Sockets of this machine only."""
    return [
        _step(EQUAL, number("socket", machine), 0, 4),
        _step(LOAD, ARG0),
        _step(EQUAL, AF_UNIX, 0, 1),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]


def _socketpair(machine: Machine) -> list[bytes]:
    """Stream pairs only, which an event loop wakes itself with: a datagram end could send to any address."""
    return [
        _step(EQUAL, number("socketpair", machine), 0, 5),
        _step(LOAD, ARG1),
        _step(AND, SOCK_TYPE_MASK),
        _step(EQUAL, SOCK_STREAM, 0, 1),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]


def _sendto(machine: Machine) -> list[bytes]:
    """Only without an address, which is what `send()` is."""
    return [
        _step(EQUAL, number("sendto", machine), 0, 6),
        _step(LOAD, ARG4_LOW),
        _step(EQUAL, 0, 0, 3),
        _step(LOAD, ARG4_HIGH),
        _step(EQUAL, 0, 0, 1),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]


def _ioctl(machine: Machine) -> list[bytes]:
    """Everything but typing into a terminal."""
    return [
        _step(EQUAL, number("ioctl", machine), 0, 5),
        _step(LOAD, ARG1),
        _step(EQUAL, TIOCSTI, 2, 0),
        _step(EQUAL, TIOCLINUX, 1, 0),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]
