"""Every way out that is known, tried at each start: 21 attempts on this machine's own loopback, none of which may work.

An attempt counts as refused when the kernel answers `EPERM`, `EACCES`, or that it has no such thing; any other answer,
a refused connection included, means that the way is open. The list is the one that audit hooks, filters by address
family, Landlock and namespaces were measured against; each of those alone leaves 6 to 12 of them open.
"""

import contextlib
import ctypes
import errno
import os
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

from reviewer.seal import kernel
from reviewer.seal.bpf import TIOCSTI, X32
from reviewer.seal.kernel import call, libc
from reviewer.seal.syscalls import number

HOST, PORT = "127.0.0.1", 9
NAME = "probe.invalid"
"""A name that no server knows (RFC 2606)."""
PATH, ABSTRACT = "/nonexistent/reviewer-probe", "\0reviewer-probe"

AF_INET, AF_NETLINK, AF_PACKET, AF_VSOCK = 2, 16, 17, 40
STREAM, DATAGRAM, RAW = 1, 2, 3

REFUSED = frozenset((errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT))
NOT_FOUND = (socket.EAI_NONAME, socket.EAI_NODATA)
"""What a resolver answers that could ask; without a socket it cannot."""

SHELL = "child-system"
"""The attempt whose program a shell starts."""
NO_SHELL = 127
"""How `system` ends where the shell, or what it should start, could not be."""

CHILD = (
    "import _socket, errno, sys\n"
    f"try: _socket.socket({AF_INET}, {STREAM}).connect(({HOST!r}, {PORT}))\n"
    f"except OSError as e: sys.exit(e.errno not in {tuple(REFUSED)})\n"
    "sys.exit(1)"
)
"""A program that ends with 0 when its connection was refused by the kernel."""


class Early:
    """What is there before the seal: a socket not yet connected, and a thread that tries afterwards.

    `programs` says whether the process may start programs behind the seal.
    """

    def __init__(self, *, programs: bool = True) -> None:
        self.programs = programs
        self.sealed = threading.Event()
        self.thread_refused = False
        self.socket: socket.socket | None = None
        with contextlib.suppress(PermissionError):
            self.socket = socket.socket(AF_INET, STREAM)
        self._thread = threading.Thread(target=self._try, daemon=True)
        self._thread.start()

    def _try(self) -> None:
        self.sealed.wait()
        self.thread_refused = _raw_syscall()

    def finish(self) -> bool:
        """Let the thread try, and say whether it was refused."""
        self.sealed.set()
        self._thread.join()
        return self.thread_refused

    def close(self) -> None:
        """End the thread and close the socket, whatever happened between."""
        self.finish()
        if self.socket is not None:
            self.socket.close()


def run(early: Early, *, local: bool = False) -> dict[str, bool]:
    """Every attempt by name, and whether it was refused.

    Where `local` sockets are allowed, those attempts are left out.
    """
    return begin(early, local=local)()


def begin(early: Early, *, local: bool = False) -> Callable[[], dict[str, bool]]:
    """Try everything; what is returned waits for the two child processes, which run beside the caller. As `run`."""
    child = _start_child()
    said: list[bool] = []
    shell = threading.Thread(target=lambda: said.append(PROBES[SHELL](early)), daemon=True)
    shell.start()
    names = [name for name in PROBES if not (local and name in LOCAL)]
    results = {name: name != SHELL and PROBES[name](early) for name in names}

    def ended() -> dict[str, bool]:
        shell.join()
        return {**results, SHELL: said == [True], "child-subprocess": child is None or child.wait() == 0}

    return ended


def _refused(attempt: Callable[[], object]) -> bool:
    """Whether an attempt of Python's own modules failed the way a refusal does."""
    try:
        attempt()
    except OSError as exc:
        return exc.errno in REFUSED
    return False


def _answer(result: int) -> bool:
    """The same of a C function that returned `result`."""
    return result < 0 and ctypes.get_errno() in REFUSED


def _with_socket(family: int, kind: int, use: Callable[[socket.socket], object]) -> bool:
    def attempt() -> None:
        with socket.socket(family, kind) as made:
            use(made)

    return _refused(attempt)


def _address() -> ctypes.Array[ctypes.c_char]:
    """`struct sockaddr_in` of the probe's address."""
    raw = AF_INET.to_bytes(2, sys.byteorder) + PORT.to_bytes(2, "big") + socket.inet_aton(HOST) + bytes(8)
    return ctypes.create_string_buffer(raw, len(raw))


def _libc_socket(kind: int, use: Callable[[int], int]) -> bool:
    made = libc.socket(AF_INET, kind, 0)
    if made < 0:
        return _answer(made)
    try:
        return _answer(use(made))
    finally:
        os.close(made)


def _raw_syscall() -> bool:
    made = call("socket", AF_INET, STREAM, 0)
    if made >= 0:
        os.close(made)
    return _answer(made)


def _dns_python() -> bool:
    try:
        socket.getaddrinfo(NAME, PORT)
    except socket.gaierror as exc:
        return exc.errno not in NOT_FOUND
    return False


def _dns_libc() -> bool:
    found = ctypes.c_void_p()
    answer: int = libc.getaddrinfo(NAME.encode(), None, None, ctypes.byref(found))
    return answer not in (0, *NOT_FOUND)


def _earlier_socket(early: Early) -> bool:
    made = early.socket
    return made is None or _refused(lambda: made.connect((HOST, PORT)))


def _start_child() -> "subprocess.Popen[bytes] | None":
    """A child that tries, or none where programs cannot be started."""
    try:
        return subprocess.Popen([sys.executable, "-I", "-S", "-c", CHILD], stderr=subprocess.DEVNULL)
    except PermissionError:
        return None


def _child_system(*, programs: bool) -> bool:
    """A program that a shell starts; where no `programs` may be started there is no shell, which is a refusal too."""
    command = f"exec {shlex.quote(sys.executable)} -I -S -c {shlex.quote(CHILD)} 2>/dev/null"
    ended = os.waitstatus_to_exitcode(libc.system(os.fsencode(command)))
    return ended == 0 or (ended == NO_SHELL and not programs)


def _late_thread() -> bool:
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(_raw_syscall()))
    thread.start()
    thread.join()
    return results == [True]


def _datagram_pair() -> bool:
    def attempt() -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with ours, theirs:
            ours.sendto(b"", ABSTRACT)

    return _refused(attempt)


PROBES: Mapping[str, Callable[[Early], bool]] = {
    "python-tcp": lambda _: _with_socket(AF_INET, STREAM, lambda s: s.connect((HOST, PORT))),
    "python-udp": lambda _: _with_socket(AF_INET, DATAGRAM, lambda s: s.sendto(b"", (HOST, PORT))),
    "libc-tcp": lambda _: _libc_socket(STREAM, lambda fd: libc.connect(fd, _address(), 16)),
    "libc-udp": lambda _: _libc_socket(DATAGRAM, lambda fd: libc.sendto(fd, b"", 0, 0, _address(), 16)),
    "raw-syscall": lambda _: _raw_syscall(),
    "dns-python": lambda _: _dns_python(),
    "dns-libc": lambda _: _dns_libc(),
    "earlier-socket": _earlier_socket,
    SHELL: lambda early: _child_system(programs=early.programs),
    "earlier-thread": Early.finish,
    "later-thread": lambda _: _late_thread(),
    "unix-path": lambda _: _with_socket(socket.AF_UNIX, STREAM, lambda s: s.connect(PATH)),
    "unix-abstract": lambda _: _with_socket(socket.AF_UNIX, STREAM, lambda s: s.connect(ABSTRACT)),
    "unix-datagram": lambda _: _datagram_pair(),
    "netlink": lambda _: _answer(libc.socket(AF_NETLINK, RAW, 0)),
    "vsock": lambda _: _answer(libc.socket(AF_VSOCK, STREAM, 0)),
    "packet": lambda _: _answer(libc.socket(AF_PACKET, RAW, 0)),
    "io-uring": lambda _: _answer(call("io_uring_setup", 1, None)),
    "foreign-abi": lambda _: _answer(libc.syscall(X32 | number("socket", kernel.machine()), AF_INET, STREAM, 0)),
    "terminal-input": lambda _: _answer(libc.ioctl(-1, TIOCSTI, None)),
}
"""By name; `child-subprocess` runs beside them."""

NAMES = (*PROBES, "child-subprocess")
"""All 21."""

LOCAL = frozenset(("unix-path", "unix-abstract", "earlier-socket"))
"""Those that connect: to a process of this machine, or by a socket of before, of which a fresh process has none."""
