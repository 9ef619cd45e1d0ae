"""Carrying a store to another station: a whole copy under a passphrase of its own, itself a store.

A protected store stays protected: who has the carrying passphrase can review with the copy, not read its texts.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from reviewer import durable
from reviewer.index import connection
from reviewer.index.connection import translated
from reviewer.index.faults import fault, reading, written
from reviewer.index.keys import Key, write_private
from reviewer.index.store import Store


def export(path: Path, key: Key, target: Path, carried: Key) -> None:
    """Write a checked copy of the store `path` to `target`, which `carried` opens. Raises `StoreError`."""
    if target.exists():
        raise fault("exists", target.name)
    _copy(path, key, target, carried, replace=False)


def duplicate(path: Path, key: Key, target: Path) -> None:
    """Write a checked copy of the store `path` to the new file `target`, which the same key opens.

    Raises `StoreError`, `OSError`.
    """
    with contextlib.closing(Store.open(path, key)) as opened:
        _under_lock(opened, target)
    with contextlib.closing(Store.open(target, key)) as copied:
        copied.verify()


def take_in(source: Path, carried: Key, path: Path, key: Key, *, replace: bool = False) -> None:
    """Make the carried copy `source` this station's store `path`; an old one only goes with `replace`, all at once.
    Raises `StoreError`.
    """
    if not connection.missing(path) and not replace:
        raise fault("exists", path.name)
    with written(path):
        durable.make_folders(path.parent)
    _copy(source, carried, path, key, replace=replace)


def _copy(source: Path, key: Key, target: Path, new: Key, *, replace: bool) -> None:
    with connection.arriving(target, new, replace=replace) as part:
        with contextlib.closing(Store.open(source, key)) as opened:
            _under_lock(opened, part)
        with contextlib.closing(connection.connect(part, key, write=True)) as db, translated(part):
            connection.rekey(db, new)
        with contextlib.closing(Store.open(part, new)) as copied:
            copied.verify()


def _under_lock(store: Store, part: Path) -> None:
    """Copy the file's bytes, still encrypted, while no writer can finish a change."""
    write_private(part, b"")
    with store.standing(), part.open("wb") as out:
        for piece in _pieces(store.path):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a MiB at a time. Raises `StoreError`."""
    with contextlib.ExitStack() as opened:
        with reading(path):
            file = opened.enter_context(path.open("rb"))
        while True:
            with reading(path):
                piece = file.read(1 << 20)
            if not piece:
                return
            yield piece
