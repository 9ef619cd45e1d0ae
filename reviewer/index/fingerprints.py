"""Winnowed k-gram fingerprints (Schleimer, Wilkerson, Aiken 2003), keyed so that the table does not reveal text.

Every run of k + w - 1 symbols that a draft copies shares at least one stored fingerprint, because a draft looks up all
its k-grams and only the documents' side is thinned: 12 letters with k = 8 and w = 5. Syllables are taken
with k = 5 and w = 4, so that a text retyped with errors still shares some: 8 share one, 12 share two.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRAM, WINDOW = 8, 5
"""k and w of letters."""

SYLLABLES, SPOKEN = 5, 4
"""k and w of syllables."""

Marks = Sequence[tuple[int, int]]
"""(keyed hash, position) of the fingerprints of one view of a document."""


def grams(symbols: Sequence[str], key: bytes, size: int = GRAM) -> list[int]:
    """The signed 64-bit keyed hash of every run of `size` symbols, in order."""
    joined = [s.encode("utf-8", "replace") for s in symbols]
    return [
        int.from_bytes(
            hashlib.blake2b(b"\x00".join(joined[i : i + size]), digest_size=8, key=key).digest(), "big", signed=True
        )
        for i in range(len(joined) - size + 1)
    ]


def winnow(hashes: Sequence[int], width: int = WINDOW) -> list[tuple[int, int]]:
    """(hash, position) of the rightmost minimum of every window of `width` hashes, each once."""
    chosen: dict[int, int] = {}
    for start in range(max(1, len(hashes) - width + 1) if hashes else 0):
        window = range(start, min(start + width, len(hashes)))
        place = min(window, key=lambda i: (hashes[i], -i))
        chosen[place] = hashes[place]
    return [(h, i) for i, h in chosen.items()]


_MARK = np.dtype([("hash", "<i8"), ("view", "<u4"), ("position", "<u4")])


def pack(views: Sequence[Marks]) -> bytes:
    """The fingerprints of one document, 16 bytes each."""
    rows = [(h, view, position) for view, marks in enumerate(views) for h, position in marks]
    return np.array(rows, _MARK).tobytes()


def hashes_of(packed: bytes, view: int) -> frozenset[int]:
    """The hashes in a view of the packed fingerprints of one document."""
    marks = np.frombuffer(packed, _MARK)
    return frozenset(marks["hash"][marks["view"] == view].tolist())


MARK_BYTES = _MARK.itemsize
"""Bytes of a packed fingerprint."""


class Fingerprints:
    """The fingerprints of all documents, in memory, sorted by hash; 16 bytes each."""

    def __init__(self, documents: Iterable[tuple[int, bytes]]) -> None:
        """`documents` are (document id, its packed fingerprints)."""
        ids: list[int] = []
        parts: list[NDArray[Any]] = []
        for document, packed in documents:
            ids.append(document)
            parts.append(np.frombuffer(packed, _MARK))
        marks = np.concatenate(parts) if parts else np.zeros(0, _MARK)
        owners = np.repeat(np.array(ids, np.uint32), [len(part) for part in parts])
        del parts
        self._views: dict[int, tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32]]] = {}
        for view in np.unique(marks["view"]).tolist():
            chosen = np.flatnonzero(marks["view"] == view)
            chosen = chosen[np.argsort(marks["hash"][chosen], kind="stable")]
            self._views[view] = (marks["hash"][chosen], owners[chosen], marks["position"][chosen])

    def __len__(self) -> int:
        return sum(len(hashes) for hashes, _, _ in self._views.values())

    def lookup(self, hashes: Sequence[int], view: int) -> Mapping[int, list[tuple[int, int]]]:
        """For each hash that is stored in `view`: (document id, position) of its places."""
        if view not in self._views or not hashes:
            return {}
        stored, owners, positions = self._views[view]
        wanted = np.unique(np.array(hashes, np.int64))
        first, last = np.searchsorted(stored, wanted, "left"), np.searchsorted(stored, wanted, "right")
        hits = np.flatnonzero(last > first)
        return {
            int(wanted[i]): list(
                zip(owners[first[i] : last[i]].tolist(), positions[first[i] : last[i]].tolist(), strict=True)
            )
            for i in hits.tolist()
        }
