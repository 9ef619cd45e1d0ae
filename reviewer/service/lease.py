"""The borrowed engine, as a command sees it: a child process that somebody else started."""

import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewer.service.door import ask

WAIT_S = 5.0
"""How long a command waits for another one to give the engine back, before it starts one of its own."""
POLL_S = 0.1
RETURNED = b"\1"
"""What the third pipe says before its end: nothing of the borrower's is left in the other two."""


class Lease:
    """Another process's engine until it ends or is given back; stands where `Engine` holds its own child."""

    def __init__(self, said: Mapping[str, Any], fds: list[int]) -> None:
        self.identity: str = said["identity"]
        self.hello: Mapping[str, Any] = said["hello"]
        self.pid: int = said["pid"]
        give, take, held = fds
        self.stdin = os.fdopen(give, "wb", buffering=0)
        self.stdout = os.fdopen(take, "rb", buffering=0)
        self._held = os.fdopen(held, "wb", buffering=0)
        self._ended: int | None = None

    def poll(self) -> int | None:
        """`None` while it is lent to us."""
        return self._ended

    def wait(self, timeout: float | None = None) -> int:
        """Give it back: it has answered all that it was asked."""
        return self._give_back(RETURNED)

    def kill(self) -> None:
        """Give it up: the service ends its process and reads nothing of what it says."""
        self._give_back(b"")

    def _give_back(self, said: bytes) -> int:
        if self._ended is None:
            self._ended = 0
            for stream in (self.stdin, self.stdout):
                with contextlib.suppress(OSError):
                    stream.close()
            with contextlib.suppress(OSError), self._held as held:
                held.write(said)
        return self._ended


def borrow(folder: Path) -> Lease | None:
    """The warm engine of the service in `folder`; `None` where there is none, or others have it for too long.

    Called before the process is sealed; afterwards the socket is closed. Raises `EngineError` as `ask` does.
    """
    until = time.monotonic() + WAIT_S
    while (answer := ask(folder, "lease")) is not None:
        said, fds = answer
        if len(fds) == 3:
            return Lease(said, fds)
        if not said.get("busy") or time.monotonic() > until:
            return None
        time.sleep(POLL_S)
    return None
