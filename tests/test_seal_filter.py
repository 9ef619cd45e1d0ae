"""The filter as a program: what it answers to every call on every machine, and the numbers against the kernel's own.

What the kernel itself answers is tried in a sealed process.
"""

import errno
import re
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.seal import Part, bpf
from reviewer.seal.syscalls import DENIED, MACHINES, NUMBERS, PROGRAMS, Machine, number

HEADERS = {
    0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    1: Path("/usr/include/asm-generic/unistd.h"),
}
FREE = {"socketpair", "sendto", "ioctl", "seccomp", *(n for n in NUMBERS if n.startswith("landlock"))}
"""Calls that are named but not refused outright."""


def answer(program: bytes, nr: int, arch: int, *arguments: int) -> int:
    """Run the filter as the kernel does, over `struct seccomp_data`."""
    given = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", nr & 0xFFFFFFFF, arch, 0, *given)
    steps = list(struct.iter_unpack("<HBBI", program))
    accumulator, at = 0, 0
    while True:
        code, then, otherwise, value = steps[at]
        at += 1
        if code == bpf.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == bpf.AND:
            accumulator &= value
        elif code == bpf.RETURN:
            return int(value)
        else:
            holds = accumulator == value if code == bpf.EQUAL else accumulator >= value
            at += then if holds else otherwise


@pytest.fixture(params=[(name, programs) for name in MACHINES for programs in (True, False)], ids=str)
def filtered(request: pytest.FixtureRequest) -> tuple[bytes, Machine, bool]:
    """The filter of a machine, with and without programs."""
    name, programs = request.param
    return bpf.program(MACHINES[name], programs=programs), MACHINES[name], programs


def test_refuses_what_it_should_and_nothing_else(filtered: tuple[bytes, Machine, bool]) -> None:
    program, machine, programs = filtered
    denied = {number(n, machine) for n in (DENIED if programs else (*DENIED, *PROGRAMS))}
    argued = {number(n, machine) for n in ("socketpair", "sendto", "ioctl")}
    for nr in set(range(600)) - argued:
        assert answer(program, nr, machine.audit) == (bpf.REFUSE if nr in denied else bpf.ALLOW), nr
    assert {n for n in NUMBERS if number(n, machine) not in denied} == FREE | (set(PROGRAMS) if programs else set())


def test_local_sockets_are_of_this_machine_only() -> None:
    for machine in MACHINES.values():
        program = bpf.program(machine, programs=False, local=True)
        made = number("socket", machine)
        for family in range(50):
            expected = bpf.ALLOW if family == socket.AF_UNIX else bpf.REFUSE
            assert answer(program, made, machine.audit, family, 1, 0) == expected, family
        allowed = {
            n for n in (*DENIED, *PROGRAMS) if answer(program, number(n, machine), machine.audit, 0) == bpf.ALLOW
        }
        assert allowed == {"connect", "sendmsg", "recvmsg"}


def test_foreign_calls_do_not_get_through(filtered: tuple[bytes, Machine, bool]) -> None:
    program, machine, _ = filtered
    assert answer(program, 41, 0x40000003) == bpf.KILL
    for other in MACHINES.values():
        assert other == machine or answer(program, 0, other.audit) == bpf.KILL
    assert answer(program, 0x40000000 | 41, machine.audit) == bpf.REFUSE
    assert answer(program, -1, machine.audit) == bpf.REFUSE


def test_arguments_decide_where_they_matter(filtered: tuple[bytes, Machine, bool]) -> None:
    program, machine, _ = filtered
    pair, send, ioctl = (number(n, machine) for n in ("socketpair", "sendto", "ioctl"))
    cloexec = 0o2000000
    for kind, expected in ((1, bpf.ALLOW), (1 | cloexec, bpf.ALLOW), (2, bpf.REFUSE), (5 | cloexec, bpf.REFUSE)):
        assert answer(program, pair, machine.audit, 1, kind, 0, 0) == expected, kind
    for address, expected in ((0, bpf.ALLOW), (0x7F00, bpf.REFUSE), (0x7F << 40, bpf.REFUSE)):
        assert answer(program, send, machine.audit, 3, 0, 0, 0, address, 0) == expected, address
    for request, expected in ((0x5413, bpf.ALLOW), (bpf.TIOCSTI, bpf.REFUSE), (bpf.TIOCLINUX, bpf.REFUSE)):
        assert answer(program, ioctl, machine.audit, 0, request, 0) == expected, request
        assert answer(program, ioctl, machine.audit, 0, request | 1 << 32, 0) == expected, request


def test_a_refusal_is_eperm_so_that_libraries_go_on() -> None:
    assert bpf.REFUSE & 0xFFFF == errno.EPERM


@pytest.mark.parametrize("column", HEADERS)
def test_numbers_are_the_kernels(column: int) -> None:
    header = HEADERS[column]
    if not header.exists():
        pytest.skip("the kernel's headers are not here")
    known = {m[1]: int(m[2]) for m in re.finditer(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())}
    mine = {name: numbers[column] for name, numbers in NUMBERS.items() if numbers[column] <= max(known.values())}
    assert mine == {name: known.get(name) for name in mine}


def test_calls_that_are_newer_than_the_tables_have_one_number() -> None:
    assert {name for name, (x86, generic) in NUMBERS.items() if max(x86, generic) >= 424 and x86 != generic} == set()


KERNEL_PARTS = """
import ctypes, errno, sys
from reviewer.seal import Part, kernel, seal
here, clone = -100, 1
seal(Part(sys.argv[1]))
for number, *arguments in (
    (430, b"tmpfs", 0), (428, here, b"/", clone), (467, here, b"/", clone, None, 0), (433, here, b"/", 0),
    (431, -1, 0, None, None, 0), (432, -1, 0, 0), (429, -1, b"", here, b"/", 4), (442, -1, b"", 0x1000, None, 0),
    *((kernel.number(name, kernel.machine()), *given) for name, *given in (
        ("init_module", None, 0, b""), ("finit_module", -1, b"", 0), ("delete_module", None, 0),
        ("mount", None, None, None, 0, None), ("bpf", 0, None, 0), ("unshare", 0), ("setns", -1, 0),
        ("umount2", None, 0), ("pivot_root", None, None), ("chroot", None), ("kexec_load", 0, 1 << 20, None, 0),
        ("kexec_file_load", -1, -1, 0, None, 0), ("reboot", 0, 0, 0, None), ("swapon", None, -1), ("swapoff", None),
        ("acct", b""), ("quotactl", -1, None, 0, None), ("quotactl_fd", -1, -1, 0, None), ("settimeofday", 1, None),
        ("clock_settime", 1, None), ("adjtimex", None), ("clock_adjtime", 1, None),
    )),
):
    answered = kernel.libc.syscall(number, *arguments)
    print(number, answered, errno.errorcode.get(ctypes.get_errno()))
"""
"""The new ways to mount by their numbers, which are the same everywhere, and others by name, tried with what would work
or do no harm where the seal let it through."""


@pytest.mark.skipif(sys.platform != "linux", reason="the seal is the Linux kernel's")
@pytest.mark.parametrize("part", [Part.FRONT, Part.ENGINE])
def test_parts_of_the_kernel_that_nothing_needs_are_refused(part: Part) -> None:
    done = subprocess.run([sys.executable, "-c", KERNEL_PARTS, part], capture_output=True, text=True, check=True)
    answers = [line.split() for line in done.stdout.splitlines()]
    assert len(answers) == 30
    assert [number for number, *answer in answers if answer != ["-1", "EPERM"]] == []
