"""Landlock: what a process may write, and that it reaches into no other process's memory. From Linux 5.13 on.

It is an addition to the filter: a kernel without it seals all the same. It holds for this thread and those it starts,
so it is put on before any other thread.
"""

import ctypes
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from reviewer.errors import SealError
from reviewer.seal import kernel

CREATE_RULESET_VERSION, RULE_PATH_BENEATH = 1, 1

WRITE_FILE, TRUNCATE, REFER = 1 << 1, 1 << 14, 1 << 13
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
MAKE = sum(1 << bit for bit in range(4, 13))
"""Removing and making files, folders, devices, pipes, sockets, links."""
TERMINAL = "/dev/tty"
SCOPES = 0b11
"""Abstract sockets and signals to processes outside, from ABI 6."""


class _Ruleset(ctypes.Structure):
    """`struct landlock_ruleset_attr`."""

    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    """`struct landlock_path_beneath_attr`."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock in this kernel, 0 for none."""
    return max(0, kernel.call("landlock_create_ruleset", None, 0, CREATE_RULESET_VERSION))


def write_nothing() -> int:
    """From now on this thread writes, makes and removes no file but the null device, and touches no process outside.

    The ABI in force, or 0.
    """
    return _write({os.devnull: WRITE_FILE}, SCOPES)


def write_only(folders: Iterable[Path]) -> int:
    """From now on it writes only below those folders, where no device is made, to the null device and its terminal.

    The ABI in force, or 0: ABI 1 would refuse every rename between folders, so it is left alone.
    """
    if abi() < 2:
        return 0
    below = WRITE_FILE | MAKE & ~(MAKE_CHAR | MAKE_BLOCK) | REFER
    devices = (d for d in (os.devnull, TERMINAL) if os.path.exists(d))
    return _write({**{str(f): below for f in folders}, **dict.fromkeys(devices, WRITE_FILE)}, 0)


def keep_to_itself() -> int:
    """Files stay free until it is known what is to be written (`write_only`); devices cannot be made. The ABI, or 0."""
    version = abi()
    if version < 2:
        return 0
    _enter(MAKE_CHAR | MAKE_BLOCK | REFER, {"/": REFER}, 0)
    return version


def _write(allowed: Mapping[str, int], scopes: int) -> int:
    """Writing, making and removing are refused but where `allowed` gives them; cutting short is a kind of writing."""
    version = abi()
    if not version:
        return 0
    cut = TRUNCATE if version >= 3 else 0
    handled = WRITE_FILE | MAKE | cut | (REFER if version >= 2 else 0)
    _enter(handled, {path: access | cut for path, access in allowed.items()}, scopes if version >= 6 else 0)
    return version


def _enter(handled: int, allowed: Mapping[str, int], scopes: int) -> None:
    """`handled` rights are refused but where `allowed` gives them; older kernels know a shorter structure."""
    ruleset = _Ruleset(handled, 0, scopes)
    size = ctypes.sizeof(ruleset if scopes else ctypes.c_uint64)
    rules = _checked(kernel.call("landlock_create_ruleset", ctypes.byref(ruleset), size, 0))
    try:
        for path, access in allowed.items():
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                beneath = _Beneath(access, place)
                _checked(kernel.call("landlock_add_rule", rules, RULE_PATH_BENEATH, ctypes.byref(beneath), 0))
            finally:
                os.close(place)
        kernel.no_new_privileges()
        _checked(kernel.call("landlock_restrict_self", rules, 0))
    finally:
        os.close(rules)


def _checked(result: int) -> int:
    if result < 0:
        raise SealError("内核拒绝写入限制 / the kernel refused the write limits (Landlock)")
    return result
