"""Where a draft and the documents share fingerprints: the places from which equal runs are grown."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reviewer.index import SYLLABLES, Store, grams
from reviewer.match.source import Source

Numbers = NDArray[np.int64]

LONE = 20
"""A fingerprint that stands in more places is no lead by itself, and leads to only the `NEAREST` of one document."""

NEAREST = 3
"""Of the places of a fingerprint that one document repeats (the labels of a roster), so many are led to."""

AROUND = 32
"""Letters on each side that are compared to choose them."""

Places = Mapping[int, Sequence[int]]
"""For each document (row number of the store), the positions of one fingerprint in it."""


def places(symbols: Sequence[str], store: Store, view: int, size: int) -> dict[int, Places]:
    """For each symbol of the draft from which `size` of them have a fingerprint in a view of documents: its places,
    ascending.
    """
    hashes = grams(symbols, store.fingerprint_key, size)
    known: dict[int, dict[int, list[int]]] = {}
    for h, found in store.lookup(hashes, view).items():
        known[h] = {}
        for document, position in sorted(found):
            known[h].setdefault(document, []).append(position)
    return {i: known[h] for i, h in enumerate(hashes) if h in known}


def nearest(draft: Source, text: Source, i: int, there: Sequence[int]) -> Sequence[int]:
    """The places of a document from which to grow runs: all, or of many those where most around letter `i` of the
    draft sounds the same, the first ones among equals.
    """
    if len(there) <= LONE:
        return there
    reach = np.arange(-AROUND, SYLLABLES + AROUND)
    same = _at(text.codes, np.asarray(there)[:, None] + reach, -1) == _at(draft.codes, i + reach, -2)
    before = np.logical_and.accumulate(same[:, AROUND - 1 :: -1], axis=1).sum(1)
    after = np.logical_and.accumulate(same[:, AROUND + SYLLABLES :], axis=1).sum(1)
    best = np.argsort(-(before + after), kind="stable")[:NEAREST]
    return [there[n] for n in best.tolist()]


def _at(codes: Numbers, at: Numbers, outside: int) -> Numbers:
    """The codes at these places, `outside` before the first and after the last."""
    inside = (at >= 0) & (at < len(codes))
    return np.where(inside, codes[np.where(inside, at, 0)], outside)
