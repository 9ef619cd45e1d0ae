"""Winnowed k-gram fingerprints (Schleimer, Wilkerson, Aiken 2003), keyed so that the table does not reveal text.

With k = 5 and w = 4 every run of k + w - 1 = 8 symbols that a draft copies shares at least one stored fingerprint, and a
run of 12 shares two, because a draft looks up all its k-grams and only the documents' side is thinned.
"""

import hashlib
from collections.abc import Sequence

GRAM = 5
WINDOW = 4


def grams(symbols: Sequence[str], key: bytes) -> list[int]:
    """The signed 64-bit keyed hash of every run of `GRAM` symbols, in order."""
    joined = [s.encode("utf-8", "replace") for s in symbols]
    return [
        int.from_bytes(
            hashlib.blake2b(b"\x00".join(joined[i : i + GRAM]), digest_size=8, key=key).digest(), "big", signed=True
        )
        for i in range(len(joined) - GRAM + 1)
    ]


def winnow(hashes: Sequence[int]) -> list[tuple[int, int]]:
    """(hash, position) of the rightmost minimum of every window of `WINDOW` hashes, each once."""
    chosen: dict[int, int] = {}
    for start in range(max(1, len(hashes) - WINDOW + 1) if hashes else 0):
        window = range(start, min(start + WINDOW, len(hashes)))
        place = min(window, key=lambda i: (hashes[i], -i))
        chosen[place] = hashes[place]
    return [(h, i) for i, h in chosen.items()]
