"""The encrypted store: one SQLite file that is the truth for documents, fingerprints, vectors and what made them.

Encryption is SQLite3 Multiple Ciphers; the key is 32 bytes from a key file, or from a passphrase through Argon2id with
the salt in `<store>.salt`. Every change is one transaction. The rollback journal (not WAL) lets the file be read from
read-only media.
"""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reviewer.draft import Value
from reviewer.errors import StoreError, StoreLocked

SCHEMA = 1
LEVELS = ("公开", "内部", "工作秘密", "普通商密", "核心商密", "秘密", "机密", "绝密")
"""Known levels, lowest first; an unknown level ranks as 内部."""

_TABLES = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE documents(
  id INTEGER PRIMARY KEY, doc TEXT NOT NULL UNIQUE, level TEXT NOT NULL, title TEXT NOT NULL, number TEXT NOT NULL,
  expires TEXT NOT NULL, text TEXT NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE fingerprints(
  hash INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, view INTEGER NOT NULL,
  position INTEGER NOT NULL, PRIMARY KEY(hash, document, view, position)) WITHOUT ROWID;
CREATE INDEX fingerprints_of ON fingerprints(document);
CREATE TABLE snippets(
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX snippets_of ON snippets(document);
"""


class Document(Value):
    """A classified document as it is added."""

    doc: str
    level: str
    title: str = ""
    number: str = ""
    expires: str = ""
    """Day (YYYY-MM-DD) after which it is no longer secret; empty where none is known."""
    text: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A window of a document's text and its vector."""

    start: int
    stop: int
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A stored document: its row number and what was added."""

    id: int
    document: Document


class Key(Value):
    """How the store is unlocked: 32 bytes from a file, or a passphrase."""

    file: Path | None = None
    passphrase: str | None = None

    def secret(self, store: Path, *, create: bool) -> bytes:
        """The 32-byte key. Raises `StoreLocked` when there is none; `create` makes a missing key file or salt."""
        if self.passphrase:
            return self._derive(store, create=create)
        if self.file is None:
            raise StoreLocked("no key for the index was given", "give --key-file or REVIEWER_PASSPHRASE")
        if not self.file.exists() and create:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _write_private(self.file, secrets.token_bytes(32))
        try:
            data = self.file.read_bytes()
        except OSError as exc:
            raise StoreLocked(f"the key file {self.file.name} cannot be read", "put it where it was") from exc
        if len(data) != 32:
            raise StoreLocked(f"{self.file.name} is not a key of this program", "give the right key file")
        return data

    def _derive(self, store: Path, *, create: bool) -> bytes:
        from argon2.low_level import Type, hash_secret_raw

        salt_file = store.with_name(store.name + ".salt")
        if create and not salt_file.exists():
            _write_private(salt_file, secrets.token_bytes(16))
        try:
            salt = salt_file.read_bytes()
        except OSError as exc:
            raise StoreLocked(f"{salt_file.name} is missing", "it belongs beside the store") from exc
        phrase = (self.passphrase or "").encode()
        return hash_secret_raw(phrase, salt, time_cost=3, memory_cost=65536, parallelism=2, hash_len=32, type=Type.ID)


def _write_private(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


class Store:
    """An open store. Use `Store.create` or `Store.open`; a second writer waits up to five seconds."""

    def __init__(self, connection: Any, path: Path) -> None:
        self._db = connection
        self.path = path
        self.fingerprint_key = bytes(self._meta("fingerprint_key"))

    @classmethod
    def create(cls, path: Path, key: Key, embedder: str) -> "Store":
        """A new, empty store for vectors of `embedder` (its hash). Raises `StoreError` when the file exists."""
        import apsw

        if path.exists():
            raise StoreError(f"{path.name} exists already", "add to it, or remove it first")
        path.parent.mkdir(parents=True, exist_ok=True)
        secret = key.secret(path, create=True)
        _write_private(path, b"")
        with _translated(path):
            db = apsw.Connection(str(path))
            _unlock(db, secret)
            with db:
                for statement in _TABLES.split(";"):
                    db.execute(statement)
                rows = {
                    "schema": SCHEMA,
                    "embedder": embedder,
                    "fingerprint_key": secrets.token_bytes(32),
                    "generation": 0,
                }
                db.executemany("INSERT INTO meta VALUES(?, ?)", list(rows.items()))
            return cls(db, path)

    @classmethod
    def open(cls, path: Path, key: Key, embedder: str = "", *, write: bool = False) -> "Store":
        """Open for reviewing, or for managing with `write`. One clear `StoreError` each for: a missing file, a wrong
        key, a newer schema, another embedder (where given), a damaged page. Nothing is written.
        """
        import apsw

        if not path.exists():
            raise StoreError(f"there is no index store {path.name}", "build one with `reviewer index build`")
        secret = key.secret(path, create=False)
        with _translated(path):
            flags = apsw.SQLITE_OPEN_READWRITE if write else apsw.SQLITE_OPEN_READONLY
            db = apsw.Connection(str(path), flags=flags)
            _unlock(db, secret)
            try:
                schema = db.execute("SELECT value FROM meta WHERE name='schema'").get
            except (apsw.NotADBError, apsw.SQLError) as exc:
                raise StoreLocked(f"{path.name} does not open with this key", "give the key it was made with") from exc
            if schema > SCHEMA:
                raise StoreError(f"{path.name} was made by a newer version of this program", "update this program")
            store = cls(db, path)
            if embedder and store._meta("embedder") != embedder:
                raise StoreError(f"{path.name} was built with another embedder", "build it again")
            return store

    @property
    def version(self) -> str:
        """Changes with every change of the content."""
        return f"generation {self._meta('generation')}"

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def documents(self) -> list[Indexed]:
        """Every document, in the order of its id."""
        with _translated(self.path):
            rows = self._db.execute("SELECT id, doc, level, title, number, expires, text FROM documents ORDER BY id")
            names = ("doc", "level", "title", "number", "expires", "text")
            return [Indexed(r[0], Document(**dict(zip(names, r[1:], strict=True)))) for r in rows]

    def add(self, document: Document, views: Sequence[Sequence[tuple[int, int]]], snippets: Sequence[Snippet]) -> bool:
        """Add or replace one document in one transaction; `views` are the winnowed fingerprints of each view.

        False when the very same document is there already.
        """
        digest = hashlib.sha256(document.model_dump_json().encode()).hexdigest()
        with _translated(self.path), self._db:
            held = self._db.execute("SELECT sha256 FROM documents WHERE doc=?", (document.doc,)).get
            if held == digest:
                return False
            self._delete(document.doc)
            d = document
            values = (d.doc, d.level, d.title, d.number, d.expires, d.text, digest)
            self._db.execute(
                "INSERT INTO documents(doc, level, title, number, expires, text, sha256) VALUES(?,?,?,?,?,?,?)", values
            )
            row = self._db.last_insert_rowid()
            self._db.executemany(
                "INSERT OR IGNORE INTO fingerprints VALUES(?,?,?,?)",
                ((h, row, view, position) for view, marks in enumerate(views) for h, position in marks),
            )
            self._db.executemany(
                "INSERT INTO snippets(document, start, stop, vector) VALUES(?,?,?,?)",
                ((row, s.start, s.stop, s.vector.astype(np.float32).tobytes()) for s in snippets),
            )
            self._advance()
        return True

    def remove(self, doc: str) -> bool:
        """Remove one document in one transaction; False when it is not there."""
        with _translated(self.path), self._db:
            if not self._delete(doc):
                return False
            self._advance()
        return True

    def lookup(self, hashes: Sequence[int], view: int) -> Mapping[int, list[tuple[int, int]]]:
        """For each hash that is stored in `view`: (document id, position) of its places."""
        found: dict[int, list[tuple[int, int]]] = {}
        with _translated(self.path):
            for part in range(0, len(hashes), 500):
                some = list(dict.fromkeys(hashes[part : part + 500]))
                marks = ",".join("?" * len(some))
                query = f"SELECT hash, document, position FROM fingerprints WHERE view=? AND hash IN ({marks})"  # noqa: S608
                for h, document, position in self._db.execute(query, (view, *some)):
                    found.setdefault(h, []).append((document, position))
        return found

    def vectors(self) -> tuple[NDArray[np.float32], list[tuple[int, int, int]]]:
        """All vectors (n, d) and, per row, (document id, start, stop)."""
        with _translated(self.path):
            rows = list(self._db.execute("SELECT document, start, stop, vector FROM snippets ORDER BY id"))
        places = [(r[0], r[1], r[2]) for r in rows]
        if not rows:
            return np.zeros((0, 1), np.float32), places
        return np.stack([np.frombuffer(r[3], np.float32) for r in rows]), places

    def stats(self) -> dict[str, int]:
        """How much is stored."""
        with _translated(self.path):
            tables = ("documents", "snippets", "fingerprints")
            counts = {t: int(self._db.execute(f"SELECT count(*) FROM {t}").get) for t in tables}  # noqa: S608
        return {**counts, "bytes": self.path.stat().st_size, "generation": int(self._meta("generation"))}

    def verify(self) -> None:
        """Read every page and every row. Raises `StoreError` when something is damaged."""
        with _translated(self.path):
            answer = self._db.execute("PRAGMA integrity_check").get
            orphans = self._db.execute(
                "SELECT count(*) FROM snippets WHERE document NOT IN (SELECT id FROM documents)"
            ).get
        if answer != "ok" or orphans:
            raise StoreError(f"{self.path.name} is damaged", "restore it from a copy or build it again")

    def _delete(self, doc: str) -> bool:
        row = self._db.execute("SELECT id FROM documents WHERE doc=?", (doc,)).get
        if row is None:
            return False
        for table in ("fingerprints", "snippets"):
            self._db.execute(f"DELETE FROM {table} WHERE document=?", (row,))  # noqa: S608
        self._db.execute("DELETE FROM documents WHERE id=?", (row,))
        return True

    def _advance(self) -> None:
        self._db.execute("UPDATE meta SET value=value+1 WHERE name='generation'")

    def _meta(self, name: str) -> Any:
        with _translated(self.path):
            return self._db.execute("SELECT value FROM meta WHERE name=?", (name,)).get


def _unlock(db: Any, secret: bytes) -> None:
    db.pragma("cipher", "chacha20")
    db.pragma("hexkey", secret.hex())
    db.set_busy_timeout(5000)


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Every error of the database library as one sentence."""
    import apsw

    try:
        yield
    except apsw.NotADBError as exc:
        raise StoreLocked(f"{path.name} does not open with this key", "give the key it was made with") from exc
    except apsw.BusyError as exc:
        raise StoreError(f"{path.name} is being changed by another program", "try again in a moment") from exc
    except apsw.FullError as exc:
        raise StoreError("the disk is full; the store is as it was before", "make room and try again") from exc
    except (apsw.CorruptError, apsw.IOError) as exc:
        raise StoreError(f"{path.name} is damaged", "restore it from a copy or build it again") from exc
    except apsw.ReadOnlyError as exc:
        raise StoreError(f"{path.name} is read-only here", "open it where it can be written") from exc
    except apsw.CantOpenError as exc:
        raise StoreError(f"{path.name} cannot be opened", "check the file's rights") from exc
