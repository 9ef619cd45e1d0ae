"""Where a target puts what the program reads from a file: in memory where the system has such a folder."""

import tempfile
from functools import cache
from pathlib import Path


@cache
def file(name: str) -> Path:
    """A file of that name in a folder of its own."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None)) / name
