"""What matching needs of a store, read in one transaction so that a writer beside it is seen whole or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reviewer.index.fingerprints import Fingerprints
from reviewer.index.schema import halves, places
from reviewer.index.vectors import EXACT, Floats, Halves, VectorIndex

_PART = 100_000
"""Vectors that are copied at a time."""


@dataclass(frozen=True, slots=True)
class Content:
    """The searchable side of one generation."""

    generation: int
    fingerprints: Fingerprints
    vectors: VectorIndex
    rows: NDArray[np.int64]
    """(n, 3): document id, start, stop of every vector of `vectors`."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some vectors (n, d), (document id, how many) in their order, and each one's inverted list (n,)."""

    documents: list[tuple[int, int]]
    vectors: Halves
    lists: NDArray[np.uint16]


def load(db: Any, generation: int) -> Content:
    """Read it; the caller holds a transaction."""
    fingerprints = Fingerprints(db.execute("SELECT document, marks FROM features ORDER BY document"))
    rows = [
        np.column_stack([np.full(len(places(w)), document, np.int64), places(w).astype(np.int64)])
        for document, w in db.execute("SELECT document, windows FROM features ORDER BY document")
    ]
    table = np.concatenate(rows) if rows else np.zeros((0, 3), np.int64)
    centroids = centroids_of(db) if len(table) > EXACT else None
    if centroids is None:
        vectors = VectorIndex(vectors_of(db))
    else:
        vectors = VectorIndex.listed(centroids, ((p.vectors, p.lists) for p in parts(db)))
    return Content(generation, fingerprints, vectors, table)


def vectors_of(db: Any) -> Halves:
    """(n, d): every vector."""
    found = [part.vectors for part in parts(db)]
    return np.concatenate(found) if found else np.zeros((0, 1), np.float16)


def centroids_of(db: Any) -> Floats | None:
    """(m, d): the middles of the inverted lists, where the store is large enough to have some."""
    row = db.execute("SELECT value FROM meta WHERE name='centroids'").get
    if not row:
        return None
    lists = int(db.execute("SELECT value FROM meta WHERE name='lists'").get)
    return np.frombuffer(row, "<f4").reshape(lists, -1)


def parts(db: Any) -> Iterator[Part]:
    """Every vector, some hundred thousand at a time, in the order of the documents' ids."""
    documents: list[tuple[int, int]] = []
    vectors: list[Halves] = []
    lists: list[NDArray[np.uint16]] = []
    held = 0
    query = (
        "SELECT id, snippets, vectors, assigned FROM features JOIN documents ON id=features.document"
        " LEFT JOIN lists ON lists.document=id WHERE snippets > 0 ORDER BY id"
    )
    for document, count, data, assigned in db.execute(query):
        documents.append((document, count))
        vectors.append(halves(data, count))
        lists.append(np.frombuffer(assigned or b"", "<u2"))
        held += count
        if held >= _PART:
            yield Part(documents, np.concatenate(vectors), np.concatenate(lists))
            documents, vectors, lists, held = [], [], [], 0
    if documents:
        yield Part(documents, np.concatenate(vectors), np.concatenate(lists))
