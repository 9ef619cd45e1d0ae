"""Carrying a store to another station: a whole copy under a passphrase of its own, itself a store.

A protected store stays protected: who has the carrying passphrase can review with the copy, not read its texts.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from reviewer import durable, system
from reviewer.index import connection
from reviewer.index.connection import translated
from reviewer.index.faults import fault, written
from reviewer.index.keys import Key, write_private
from reviewer.index.store import Store


def export(path: Path, key: Key, target: Path, carried: Key) -> None:
    """Write a checked copy of the store `path` to `target`, which `carried` opens. Raises `StoreError`."""
    if target.exists():
        raise fault("exists", target.name)
    _copy(path, key, target, carried)


def take_in(source: Path, carried: Key, path: Path, key: Key, *, replace: bool = False) -> None:
    """Make the carried copy `source` this station's store `path`; an old one only goes with `replace`, all at once.
    Raises `StoreError`.
    """
    if path.exists() and not replace:
        raise fault("exists", path.name)
    with written(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, carried, path, key)


def _copy(source: Path, key: Key, target: Path, new: Key) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with written(target), _removed(part):
        opened = Store.open(source, key)
        try:
            _under_lock(opened, part)
        finally:
            opened.close()
        with translated(part):
            db = connection.connect(part, key, write=True)
            connection.rekey(db, new)
            db.close()
        copied = Store.open(part, new)
        try:
            copied.verify()
        finally:
            copied.close()
        with connection.kept(target, new):
            # A journal of the old file, or of one moved away, would be played into the new one.
            connection.journal(target).unlink(missing_ok=True)
            os.replace(part, target)
        with durable.opened_folder(target.parent) as folder:
            system.settle(folder)


def _under_lock(store: Store, part: Path) -> None:
    """Copy the file's bytes, still encrypted, while no writer can finish a change."""
    write_private(part, b"")
    with store.standing(), store.path.open("rb") as file, part.open("wb") as out:
        shutil.copyfileobj(file, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())


@contextlib.contextmanager
def _removed(part: Path) -> Iterator[None]:
    """No half-made copy stays behind."""
    try:
        yield
    finally:
        for left in (part, connection.journal(part)):
            left.unlink(missing_ok=True)
