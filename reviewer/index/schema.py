"""The tables of a store, and the row that holds what a document is matched by."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SCHEMA = 3

TABLES = (
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    # `sealed` is title, number and text under the texts' key; `content` and `source` are keyed hashes of what was added
    # and of the file it was read from. AUTOINCREMENT: the id of a removed document never names another one.
    "CREATE TABLE documents(id INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL UNIQUE, level TEXT NOT NULL,"
    " expires TEXT NOT NULL, length INTEGER NOT NULL, snippets INTEGER NOT NULL, content BLOB NOT NULL,"
    " source BLOB NOT NULL, sealed BLOB NOT NULL)",
    # `marks` are packed fingerprints, `windows` (start, stop) as uint32, `vectors` float16, `seal` a hash of the row.
    "CREATE TABLE features(document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE, marks BLOB NOT NULL,"
    " windows BLOB NOT NULL, vectors BLOB NOT NULL, seal BLOB NOT NULL)",
    # A rebuildable cache: `centroids` of the inverted lists in meta, and the list (uint16) of every vector.
    "CREATE TABLE lists(document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE, assigned BLOB NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Features:
    """What a document is matched by, as stored."""

    marks: bytes
    windows: bytes
    vectors: bytes

    def digest(self, key: bytes, about: str) -> bytes:
        """A keyed hash of every byte, and of the document's metadata `about`."""
        hashed = hashlib.blake2b(digest_size=16, key=key, person=b"features")
        for part in (about.encode(), self.marks, self.windows, self.vectors):
            hashed.update(len(part).to_bytes(8, "little") + part)
        return hashed.digest()


def places(windows: bytes) -> NDArray[np.uint32]:
    """(n, 2): start and stop of every window."""
    return np.frombuffer(windows, "<u4").reshape(-1, 2)


def halves(vectors: bytes, count: int) -> NDArray[np.float16]:
    """(count, d) vectors."""
    return np.frombuffer(vectors, "<f2").reshape(count, -1)
