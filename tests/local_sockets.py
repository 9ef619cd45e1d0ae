"""Local (Unix) sockets of the tests that go outside their own folder, noted for `make prove-offline` by an audit hook.

Every process that imports something of `tests` while `NOTES` is set listens: pytest's own, and the children that run a
module of the tests or begin with one. As a plugin of pytest this connects once before the tests and once after them to
nowhere, so that a hook that hears nothing proves nothing.
"""

import os
import socket
import sys
from pathlib import Path

NOTES = "REVIEWER_LOCAL_SOCKETS"
"""The variable that names the file of the notes; the folder it lies in is the tests' own."""

EVENTS = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))

CONTROL = "/nonexistent/reviewer-control"


def listen(notes: Path) -> None:
    """Note from now on, one line each: what was asked, of which address, in which test."""
    own = os.path.realpath(notes.parent)

    def hear(event: str, args: tuple[object, ...]) -> None:
        if event in EVENTS and isinstance(args[0], socket.socket) and args[0].family == socket.AF_UNIX:
            address = args[1]
            if address is not None and not within(address, own):
                with notes.open("a") as file:
                    file.write(f"{event} {address!r} {os.environ.get('PYTEST_CURRENT_TEST', '')}\n")

    sys.addaudithook(hear)


def within(address: object, folder: str) -> bool:
    """Whether an address is a path below `folder`; an abstract name never is."""
    path = os.fsdecode(address) if isinstance(address, str | bytes | bytearray) else ""
    return not path.startswith("\0") and os.path.realpath(path).startswith(folder + os.sep)


def pytest_configure() -> None:
    """Before the tests."""
    _control()


def pytest_unconfigure() -> None:
    """After them."""
    _control()


def _control() -> None:
    with socket.socket(socket.AF_UNIX) as out:
        out.connect_ex(CONTROL)
