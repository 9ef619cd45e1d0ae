"""The connection to one encrypted SQLite file, and every error of the database library as one sentence."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from reviewer import durable
from reviewer.errors import StoreError
from reviewer.index.faults import fault, written
from reviewer.index.keys import HEAD, Key, write_private
from reviewer.index.leftovers import making, sweep

_ALWAYS = {
    "temp_store": "MEMORY",
    "secure_delete": "ON",
    "cell_size_check": "ON",
    "trusted_schema": "OFF",
    "foreign_keys": "ON",
}
"""Nothing in temporary files, deleted rows overwritten, a damaged or hostile file found early."""

_WRITING = {"journal_mode": "DELETE", "synchronous": "EXTRA"}
"""A rollback journal, so that the file opens from read-only media; a finished change survives a loss of power."""

_WRITE_ERRORS = ("WRITE", "FSYNC", "DIR_FSYNC", "TRUNCATE", "DELETE", "CLOSE", "DIR_CLOSE", "SEEK")
"""Kinds of SQLITE_IOERR that happen while writing."""

WAIT_MS = 5000
"""How long a second writer waits for the first."""


def missing(path: Path) -> bool:
    """Whether there is no store; an empty file is none."""
    return not path.exists() or (path.is_file() and not path.stat().st_size)


def create(path: Path, key: Key, fill: Callable[[Any], None]) -> Any:
    """A connection to a new encrypted file of mode 0600 with what `fill` puts in; it is there whole or not at all.
    Raises `StoreError` when there is one.

    It never holds free pages: it shrinks when documents go, and a check of the tables reads every page.
    """
    with written(path):
        durable.make_folders(path.parent)
    with arriving(path, key, replace=False) as part:
        secret, head = key.head()
        write_private(part, b"")
        with contextlib.closing(_connect(part, secret + head, write=True)) as db, translated(path):
            db.pragma("auto_vacuum", "FULL")
            with transaction(db):
                fill(db)
    return _connect(path, secret + head, write=True)


@contextlib.contextmanager
def arriving(path: Path, key: Key, *, replace: bool) -> Iterator[Path]:
    """A name for a new file, which takes the place of `path` in one step once it is made; else nothing of it stays.

    `key` opens what may be there already: nobody changes that meanwhile. Without `replace` nothing may be there, before
    or after the new file is made. Raises `StoreError`.
    """
    sweep(path)
    with written(path), making(path) as part:
        _refuse(path, replace=replace)
        yield part
        with kept(path, key):
            _refuse(path, replace=replace)
            _place(part, path)
    try:
        durable.named(path)
    except OSError as exc:
        raise fault("unsettled", path.name) from exc


def _refuse(path: Path, *, replace: bool) -> None:
    if not replace and not missing(path):
        raise fault("exists", path.name)


def _place(part: Path, path: Path) -> None:
    """Put `part` in the place of `path`. A journal of the old file, or of one moved away, would be played into the new
    one: it goes, and is there again where the system refuses. Raises `OSError`.
    """
    aside = part.with_suffix(".old-journal")
    with contextlib.suppress(FileNotFoundError):
        journal(path).rename(aside)
    try:
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            aside.rename(journal(path))
        raise
    aside.unlink(missing_ok=True)


def connect(path: Path, key: Key, *, write: bool) -> Any:
    """A connection to an existing file. Raises `StoreError`.

    Nothing is written, but that a change which a kill has interrupted is undone where the place can be written.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError as exc:
        raise fault("missing", path.name) from exc
    except OSError as exc:
        raise fault("rights", path.name) from exc
    if not head:
        raise fault("missing", path.name)
    if len(head) < HEAD:
        raise fault("foreign", path.name)
    raw = key.opens(head) + head
    if write:
        sweep(path)
    elif journal(path).exists():
        with contextlib.suppress(StoreError):
            _undo(path, raw)
    return _connect(path, raw, write=write)


def journal(path: Path) -> Path:
    """The file that is there during a change, and after one that was interrupted."""
    return path.with_name(path.name + "-journal")


@contextlib.contextmanager
def kept(path: Path, key: Key) -> Iterator[None]:
    """Keep every other writer from the file `path`, its interrupted change undone first; one that does not open is not
    kept. Raises `StoreError` when another program is changing it.
    """
    import apsw

    with contextlib.ExitStack() as held:
        try:
            db = connect(path, key, write=True)
            held.callback(db.close)
            with translated(path):
                held.enter_context(transaction(db))
        except StoreError as exc:
            if isinstance(exc.__cause__, apsw.BusyError):
                raise
        yield


def _undo(path: Path, raw: bytes) -> None:
    """Read through a connection that may write: that rolls an interrupted change back, and no other."""
    db = _connect(path, raw, write=True)
    try:
        with translated(path):
            db.pragma("schema_version")
    finally:
        db.close()


def rekey(db: Any, key: Key) -> None:
    """Encrypt the whole file anew under another key, in one transaction."""
    secret, head = key.head()
    db.pragma("rekey", "raw:" + (secret + head).hex())


def _connect(path: Path, raw: bytes, *, write: bool) -> Any:
    import apsw

    mode = apsw.SQLITE_OPEN_READWRITE if write else apsw.SQLITE_OPEN_READONLY
    with translated(path):
        db = apsw.Connection(str(path), flags=mode | apsw.SQLITE_OPEN_NOFOLLOW)
        db.pragma("cipher", "chacha20")
        db.pragma("key", "raw:" + raw.hex())
        db.set_busy_timeout(WAIT_MS)
        for name, value in {**_ALWAYS, **(_WRITING if write else {})}.items():
            db.pragma(name, value)
    return db


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Every error of the database library as a `StoreError`."""
    import apsw

    try:
        yield
    except apsw.BusyError as exc:
        raise fault("busy", path.name) from exc
    except apsw.FullError as exc:
        raise fault("full") from exc
    except apsw.IOError as exc:
        wrote = getattr(exc, "extendedresult", 0) in {getattr(apsw, f"SQLITE_IOERR_{kind}") for kind in _WRITE_ERRORS}
        raise fault("full" if wrote else "damaged", path.name) from exc
    except (apsw.NotADBError, apsw.CorruptError) as exc:
        raise fault("damaged", path.name) from exc
    except apsw.ReadOnlyError as exc:
        raise fault("read-only", path.name) from exc
    except apsw.CantOpenError as exc:
        raise fault("rights", path.name) from exc


@contextlib.contextmanager
def transaction(db: Any) -> Iterator[None]:
    """All or nothing; waits for another writer before it reads."""
    import apsw

    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(apsw.Error):
            db.execute("ROLLBACK")
        raise
