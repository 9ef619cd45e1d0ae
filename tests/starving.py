"""An engine whose process may use only so much memory."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewer import engine
from reviewer.seal.environment import child_command
from reviewer.seal.state import Part

LIMITED = (
    "import os, resource, sys; most = int(sys.argv[1]);"
    "resource.setrlimit(resource.RLIMIT_AS, (most, most)); os.execv(sys.argv[2], sys.argv[2:])"
)
"""What an administrator's `ulimit -v` does; the engine's own limit is never higher than one it inherits."""


def limit(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Engines that are started from now on get `most` bytes of address space."""

    def command(part: Part, module: str) -> Sequence[str]:
        return [sys.executable, "-c", LIMITED, str(most), *child_command(part, module)]

    monkeypatch.setattr(engine, "child_command", command)


def most_used(pid: int | None) -> int:
    """Bytes of address space that a process has used at most (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmPeak:"))
