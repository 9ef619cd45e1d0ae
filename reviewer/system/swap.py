"""What this machine swaps to, and whether it could be read from the disk; asked of Linux's /proc and /sys."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path("/")
_CIPHERED = re.compile(r"CRYPT-(?:LUKS\d|PLAIN|TCRYPT|LOOPAES)-")
"""How the names of encrypted devices begin (cryptsetup); other `CRYPT-` ones only check what they hold."""
_ESCAPED = re.compile(r"\\(\d{3})")
_DEEPEST = 8
"""Devices that lie on one another, at most."""


class Swap(NamedTuple):
    """One device or file that memory is swapped to."""

    name: str
    sealed: bool
    """Whether it was seen to be encrypted, or to be memory itself (zram without a disk behind it)."""


def device(name: str, *, whole: bool) -> str:
    """`major:minor` of a block device (`whole`), or of the one a file lies on. Raises `OSError`."""
    state = os.stat(name)
    number = state.st_rdev if whole else state.st_dev
    return f"{os.major(number)}:{os.minor(number)}"


def swaps(root: Path = ROOT, device: Callable[..., str] = device) -> tuple[Swap, ...] | None:
    """What is swapped to now; `None` where the system does not tell. What cannot be looked into is not sealed."""
    try:
        lines = (root / "proc/swaps").read_text("utf-8", "replace").splitlines()[1:]
    except OSError:
        return None
    return tuple(_swap(root, line.split(), device) for line in lines if line.strip())


def _swap(root: Path, fields: list[str], device: Callable[..., str]) -> Swap:
    name = _ESCAPED.sub(lambda m: chr(int(m[1], 8)), fields[0])
    try:
        number = device(name, whole=fields[1] == "partition")
        return Swap(name, _sealed((root / "sys/dev/block" / number).resolve(), _DEEPEST))
    except OSError:
        return Swap(name, sealed=False)


def _sealed(block: Path, deepest: int) -> bool:
    """Whether a device is encrypted or memory, or lies on none that is not. Raises `OSError`."""
    if not block.is_dir() or deepest == 0:
        return False
    if block.name.startswith("zram"):
        behind = block / "backing_dev"
        return not behind.exists() or behind.read_text().strip() == "none"
    mapped = block / "dm/uuid"
    if mapped.exists() and _CIPHERED.match(mapped.read_text()):
        return True
    below = list((block / "slaves").iterdir()) if (block / "slaves").is_dir() else []
    return bool(below) and all(_sealed(b.resolve(), deepest - 1) for b in below)
