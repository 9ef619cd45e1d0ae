"""Which documents hold a letter pair or a fact: finds what a window of the draft may have been rewritten from."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reviewer.match.rarity import Rarity, bigrams

FREQUENT = 0.25
"""Share of the documents from which a pair says nothing about which one."""

FEW = 20
"""So few documents that every pair is kept."""


class Postings:
    """An inverted index over the letter pairs of texts; texts are numbered as they are given."""

    def __init__(self, texts: Sequence[str]) -> None:
        codes = [_codes(text) for text in texts]
        owners = [np.full(len(c), n, np.int32) for n, c in enumerate(codes)]
        flat = np.concatenate(codes) if codes else np.zeros(0, np.int64)
        order = np.argsort(flat, kind="stable")
        self._owners = np.concatenate(owners)[order] if owners else np.zeros(0, np.int32)
        self._codes, self._starts = np.unique(flat[order], return_index=True)
        self._stops = np.append(self._starts[1:], len(flat))
        self._count = len(texts)

    def shared(self, pairs: Iterable[str], rarity: Rarity) -> NDArray[np.float64]:
        """(texts,) the weight of the given pairs that each text holds."""
        wanted = {_code(p): rarity.weight(p) for p in pairs if len(p) == 2}
        total = np.zeros(self._count)
        if not len(self._codes) or not wanted:
            return total
        codes = np.fromiter(wanted, np.int64)
        at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        for place, code in zip(at, codes, strict=True):
            if self._codes[place] != code:
                continue
            owners = self._owners[self._starts[place] : self._stops[place]]
            if len(owners) <= max(FEW, FREQUENT * self._count):
                total[owners] += wanted[int(code)]
        return total


class Facts:
    """Which texts hold a fact."""

    def __init__(self, facts: Sequence[frozenset[str]]) -> None:
        self._owners: dict[str, list[int]] = {}
        for n, held in enumerate(facts):
            for fact in held:
                self._owners.setdefault(fact, []).append(n)
        self._count = len(facts)

    def shared(self, facts: Iterable[str]) -> Mapping[int, float]:
        """For each text that shares one: the weight of the facts together."""
        total: dict[int, float] = {}
        for fact in facts:
            for n in self._owners.get(fact, ()):
                total[n] = total.get(n, 0.0) + self.weight(fact)
        return total

    def weight(self, fact: str) -> float:
        """How telling a fact is: more digits and a unit say more, a fact of many documents less."""
        digits = sum(c.isdigit() for c in fact)
        common = len(self._owners.get(fact, ())) / max(self._count, 1)
        return min(2.0, 0.4 * digits + (0.4 if len(fact) > digits else 0)) * (1 - common)


def _codes(text: str) -> NDArray[np.int64]:
    return np.unique(np.fromiter((_code(p) for p in bigrams(text)), np.int64))


def _code(pair: str) -> int:
    return (ord(pair[0]) << 21) | ord(pair[1])
