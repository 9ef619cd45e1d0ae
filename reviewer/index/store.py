"""The encrypted store: one SQLite file that is the truth for documents, fingerprints, vectors and what made them.

Two roles. Reviewing opens the file with its key and matches. Managing adds, removes and sees texts: where a managing
passphrase was set, titles, numbers and texts are sealed under a second key which only that passphrase opens, and a
store that is opened without it gives documents with empty ones. Every change is one transaction.
"""

import contextlib
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reviewer.index import checking, connection, content, schema, tending, vectors
from reviewer.index.connection import transaction, translated
from reviewer.index.faults import fault
from reviewer.index.fingerprints import MARK_BYTES, Marks, hashes_of, pack
from reviewer.index.keys import Key, Seal, unwrap, wrap
from reviewer.index.values import Document, Entry, Indexed, Snippet, is_day
from reviewer.index.vectors import VectorIndex


class Store:
    """An open store. Use `Store.create` or `Store.open`; a second writer waits up to five seconds."""

    def __init__(self, db: Any, path: Path, managing: str | None) -> None:
        """Over an open connection. Raises `StoreLocked` when `managing` is not the managing passphrase."""
        self._db = db
        self.path = path
        self.embedder = str(self._meta("embedder"))
        self.fingerprint_key = bytes(self._meta("fingerprint_key"))
        held = bytes(self._meta("text_key"))
        self.protected = bool(self._meta("protected"))
        self._seal: Seal | None = None
        if not self.protected:
            self._seal = Seal(held)
        elif managing:
            self._seal = Seal(unwrap(held, managing))
        self._content: content.Content | None = None

    @classmethod
    def create(cls, path: Path, key: Key, embedder: str, managing: str | None = None) -> "Store":
        """A new, empty store for vectors of `embedder` (its hash). Raises `StoreError` when the file exists."""
        text_key = secrets.token_bytes(32)
        rows = {
            "schema": schema.SCHEMA,
            "embedder": embedder,
            "fingerprint_key": secrets.token_bytes(32),
            "generation": 0,
            "protected": int(bool(managing)),
            "text_key": wrap(text_key, managing) if managing else text_key,
        }

        def fill(db: Any) -> None:
            for statement in schema.TABLES:
                db.execute(statement)
            db.executemany("INSERT INTO meta VALUES(?, ?)", list(rows.items()))

        db = connection.create(path, key, fill)
        try:
            return cls(db, path, managing)
        except BaseException:
            db.close()
            raise

    @classmethod
    def open(
        cls, path: Path, key: Key, embedder: str = "", *, write: bool = False, managing: str | None = None
    ) -> "Store":
        """Open for reviewing, or for managing with `write`. One clear `StoreError` each for: a missing file, a wrong
        key, another schema, another embedder (where given), a damaged page, a missing or wrong managing passphrase.
        Nothing is written.
        """
        db = connection.connect(path, key, write=write)
        try:
            with translated(path):
                made = db.execute("SELECT value FROM meta WHERE name='schema'").get
            if made != schema.SCHEMA:
                raise fault("newer" if made > schema.SCHEMA else "older", path.name)
            store = cls(db, path, managing)
            if embedder:
                store.require(embedder)
            if write and store.protected and not managing:
                raise fault("managing")
        except BaseException:
            db.close()
            raise
        return store

    def require(self, embedder: str) -> None:
        """Raises `StoreError` when the vectors are those of another embedder."""
        if self.embedder != embedder:
            raise fault("embedder", self.path.name)

    @property
    def readable(self) -> bool:
        """Whether titles, numbers and texts can be read."""
        return self._seal is not None

    @property
    def version(self) -> str:
        """Of this content in this store alone, and of how it is matched: with its texts or by fingerprints."""
        with translated(self.path):
            rows = dict(self._db.execute("SELECT name, value FROM meta WHERE name IN ('generation', 'state')"))
        parts = (
            "generation",
            rows["generation"],
            bytes(rows.get("state", b"")).hex(),
            "" if self.readable else "sealed",
        )
        return ":".join(str(p) for p in parts if p != "")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def entries(self) -> list[Entry]:
        """Every document without its title and text, in the order it was added."""
        with translated(self.path):
            rows = self._db.execute("SELECT doc, level, expires, length, snippets FROM documents ORDER BY id")
            return [Entry(*row) for row in rows]

    def documents(self) -> list[Indexed]:
        """Every document, in the order it was added; what matching asks afterwards is of the same generation."""
        with translated(self.path), self._db:
            self._refresh()
            rows = self._db.execute("SELECT id, doc, level, expires, sealed FROM documents ORDER BY id")
            return [Indexed(row[0], self._document(*row[1:])) for row in rows]

    def document(self, doc: str) -> Document | None:
        """One document, where there is one of that id."""
        with translated(self.path):
            query = "SELECT doc, level, expires, sealed FROM documents WHERE doc=?"
            row = next(iter(self._db.execute(query, (doc,))), None)
        return self._document(*row) if row else None

    def sources(self) -> Mapping[str, bytes]:
        """Of every document, the hash of the file it was read from, as given to `add`."""
        with translated(self.path):
            return dict(self._db.execute("SELECT doc, source FROM documents"))

    def add(self, document: Document, views: Sequence[Marks], snippets: Sequence[Snippet], source: bytes = b"") -> bool:
        """Add or replace one document in one transaction; `views` are the winnowed fingerprints of each view, `source`
        a hash of the file it was read from. False when the very same document is there already.
        """
        if self._seal is None:
            raise fault("managing")
        d = document
        key = self.fingerprint_key
        digest = hashlib.blake2b(d.model_dump_json().encode(), digest_size=16, key=key, person=b"content").digest()
        stacked = np.stack([s.vector for s in snippets]) if snippets else np.zeros((0, 1), np.float32)
        features = schema.Features(
            marks=pack(views),
            windows=np.array([(s.start, s.stop) for s in snippets], "<u4").tobytes(),
            vectors=stacked.astype("<f2").tobytes(),
        )
        sealed = self._seal.close(json.dumps([d.title, d.number, d.text]).encode(), d.doc)
        about = (d.doc, d.level, d.expires, len(d.text), len(snippets))
        with self._change():
            if self._db.execute("SELECT content FROM documents WHERE doc=?", (d.doc,)).get == digest:
                return False
            self._db.execute("DELETE FROM documents WHERE doc=?", (d.doc,))
            self._db.execute(
                "INSERT INTO documents(doc, level, expires, length, snippets, content, source, sealed)"
                " VALUES(?,?,?,?,?,?,?,?)",
                (*about, digest, source, sealed),
            )
            row = self._db.last_insert_rowid()
            check = features.digest(key, repr((row, *about)))
            values = (row, features.marks, features.windows, features.vectors, check)
            self._db.execute("INSERT INTO features VALUES(?,?,?,?,?)", values)
            centroids = content.centroids_of(self._db)
            if centroids is not None and snippets:
                assigned = vectors.assign(schema.halves(features.vectors, len(snippets)), centroids)
                self._db.execute("INSERT INTO lists VALUES(?,?)", (row, assigned.tobytes()))
            self._advance()
        return True

    def remove(self, doc: str) -> bool:
        """Remove one document in one transaction; False when it is not there. Raises `StoreError`."""
        with self._change():
            self._db.execute("DELETE FROM documents WHERE doc=?", (doc,))
            if not self._db.changes():
                return False
            self._advance()
        return True

    def lookup(self, hashes: Sequence[int], view: int) -> Mapping[int, list[tuple[int, int]]]:
        """For each hash that is stored in `view`: (document id, position) of its places."""
        return self._read().fingerprints.lookup(hashes, view)

    def hashes(self, document: int, view: int) -> frozenset[int]:
        """The fingerprints in `view` of a document, by its row number; none where it is gone."""
        with translated(self.path):
            packed = self._db.execute("SELECT marks FROM features WHERE document=?", (document,)).get
        return hashes_of(packed or b"", view)

    def neighbours(self) -> tuple[VectorIndex, Any]:
        """All vectors, searchable, and per row (document id, start, stop)."""
        read = self._read()
        return read.vectors, read.rows

    def exact(self) -> vectors.Halves:
        """All vectors (n, d), in the order of the rows of `neighbours`."""
        with translated(self.path), self._db:
            return content.vectors_of(self._db)

    @property
    def untended(self) -> bool:
        """Whether `tend` has something to do, which may take minutes."""
        with translated(self.path):
            return tending.due(self._db)

    def tend(self) -> bool:
        """Make the inverted lists of a store that has grown past exact search, or fourfold since; True when made."""
        with self._change():
            if not tending.due(self._db):
                return False
            tending.make(self._db)
            self._advance()
        return True

    def protect(self, passphrase: str) -> None:
        """Set or change the managing passphrase, in one transaction; the texts are sealed under a new key."""
        if self._seal is None:
            raise fault("managing")
        old, new = self._seal, Seal(secrets.token_bytes(32))
        with self._change():
            held = list(self._db.execute("SELECT id, doc, sealed FROM documents"))
            changed = ((new.close(old.open(sealed, doc), doc), row) for row, doc, sealed in held)
            self._db.executemany("UPDATE documents SET sealed=? WHERE id=?", changed)
            rows = {"protected": 1, "text_key": wrap(new.key, passphrase)}
            self._db.executemany("UPDATE meta SET value=?2 WHERE name=?1", list(rows.items()))
        self._seal, self.protected = new, True

    def stats(self) -> dict[str, int]:
        """How much is stored."""
        with translated(self.path):
            documents, snippets = next(self._db.execute("SELECT count(*), total(snippets) FROM documents"))
            marks = self._db.execute("SELECT total(length(marks)) FROM features").get
        return {
            "documents": documents,
            "snippets": int(snippets),
            "fingerprints": int(marks) // MARK_BYTES,
            "bytes": self.path.stat().st_size,
            "generation": int(self._meta("generation")),
            "protected": int(self.protected),
        }

    @contextlib.contextmanager
    def standing(self) -> Iterator[None]:
        """Hold the file as it is: no other program finishes a change meanwhile."""
        with translated(self.path), self._db:
            self._meta("generation")
            yield

    def verify(self) -> None:
        """Read every page and check every row. Raises `StoreError` when something is damaged."""
        with translated(self.path), self._db:
            sound = checking.sound(self._db, self.fingerprint_key, self._seal)
        if not sound:
            raise fault("damaged", self.path.name)

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with translated(self.path), transaction(self._db):
            yield

    def _read(self) -> content.Content:
        with translated(self.path), self._db:
            if self._content is None:
                self._refresh()
        assert self._content is not None  # noqa: S101 (just read)
        return self._content

    def _refresh(self) -> None:
        generation = int(self._meta("generation"))
        if self._content is None or self._content.generation != generation:
            self._content = content.load(self._db, generation)

    def _document(self, doc: str, level: str, expires: str, sealed: bytes) -> Document:
        title, number, text = json.loads(self._seal.open(sealed, doc)) if self._seal else ("", "", "")
        day = expires if is_day(expires) else ""  # a store made before days were checked may hold anything
        return Document(doc=doc, level=level, title=title, number=number, expires=day, text=text)

    def _advance(self) -> None:
        self._db.execute("UPDATE meta SET value=value+1 WHERE name='generation'")
        self._db.execute("INSERT OR REPLACE INTO meta VALUES('state', randomblob(8))")

    def _meta(self, name: str) -> Any:
        with translated(self.path):
            return self._db.execute("SELECT value FROM meta WHERE name=?", (name,)).get
