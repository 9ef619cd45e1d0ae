"""Which documents hold a letter pair or a fact: finds what a window of the draft may have been rewritten from."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reviewer.match.facts import figures, number, retold
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


COMMON = 0.3
"""The rarity up to which a fact tells nothing."""

TELLING = {1: 0.5, 2: 1.0}
"""What a fact of so many figures tells; more figures tell `FIGURES`."""

FIGURES = 2.0

TOLD = 0.25
"""The weight from which a number is counted among those that are shared."""


class Facts:
    """Which texts hold a fact; a text also holds its facts as they may be retold."""

    def __init__(self, facts: Sequence[frozenset[str]], rarity: Rarity) -> None:
        """`rarity` is counted over facts, with these texts among them."""
        self._owners: dict[str, list[int]] = {}
        self._rarity = rarity
        for n, held in enumerate(facts):
            for fact in held.union(*map(retold, held)):
                self._owners.setdefault(fact, []).append(n)

    def shared(self, facts: Iterable[str]) -> Mapping[int, float]:
        """For each text that shares one: the weight of the facts together."""
        total: dict[int, float] = {}
        for fact in facts:
            owners = self._owners.get(fact, ())
            weight = self.weight(fact) if owners else 0.0
            for n in owners:
                total[n] = total.get(n, 0.0) + weight
        return total

    def compared(self, facts: Iterable[str], text: int) -> tuple[int, float]:
        """How many different numbers among these facts a text holds, and the weight of those it does not hold: what
        speaks for it as the source, and against.
        """
        weights: dict[str, float] = {}
        held: dict[str, float] = {}
        for fact in facts:
            owners = self._owners.get(fact, [])
            at = bisect_left(owners, text)
            into = held if at < len(owners) and owners[at] == text else weights
            value = number(fact)
            into[value] = max(into.get(value, 0.0), self.weight(fact))
        told = sum(weight > TOLD for weight in held.values())
        return told, math.fsum(weight for value, weight in weights.items() if value not in held)

    def weight(self, fact: str) -> float:
        """How telling a fact is: one that is rare, and one of more figures, says more."""
        rare = max(0.0, self._rarity.weight(fact, own=1) - COMMON) / (1 - COMMON)
        return rare * TELLING.get(figures(fact), FIGURES)


def _codes(text: str) -> NDArray[np.int64]:
    return np.unique(np.fromiter((_code(p) for p in bigrams(text)), np.int64))


def _code(pair: str) -> int:
    return (ord(pair[0]) << 21) | ord(pair[1])
