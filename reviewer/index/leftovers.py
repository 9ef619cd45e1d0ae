"""New files on their way to a store's place, and the end of those whose maker was killed.

Beside `.NAME.XXXXXXXX.part` lies `.NAME.XXXXXXXX.maker`, locked as long as its maker lives. The new file itself is not
locked: on network file systems that would keep the database library out.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from reviewer import durable, system

PART, MAKER = ".part", ".maker"
ENDINGS = (".part-journal", PART, MAKER)
"""In the order in which they are removed."""


@contextlib.contextmanager
def making(path: Path) -> Iterator[Path]:
    """A name for a new file beside `path`, which `sweep` leaves alone; at the end what is not moved away goes.

    Raises `OSError`.
    """
    with durable.opened_folder(path.parent) as inside:
        while True:
            stem = f".{path.name}.{secrets.token_hex(4)}"
            maker = system.open_at(inside, stem + MAKER, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            try:
                if system.try_lock(maker) and os.fstat(maker).st_nlink:  # no sweep came before the lock
                    yield path.with_name(stem + PART)
                    return
            finally:
                os.close(maker)
                _remove(inside, stem)


def sweep(path: Path) -> None:
    """Remove the new files beside `path` whose makers are dead, as far as that can be done now."""
    ours = re.compile(rf"(\.{re.escape(path.name)}\.[0-9a-f]{{8}})(?:{'|'.join(map(re.escape, ENDINGS))})")
    with contextlib.suppress(OSError), durable.opened_folder(path.parent) as inside:
        for stem in {m[1] for m in map(ours.fullmatch, os.listdir(inside)) if m}:
            with contextlib.suppress(OSError):
                _end(inside, stem)


def _end(inside: durable.Inside, stem: str) -> None:
    with contextlib.ExitStack() as held:
        with contextlib.suppress(FileNotFoundError):
            if not system.try_lock(held.enter_context(durable.opened(inside, stem + MAKER, os.O_RDWR))):
                return
        _remove(inside, stem)


def _remove(inside: durable.Inside, stem: str) -> None:
    for ending in ENDINGS:
        durable.remove(inside, stem + ending)
