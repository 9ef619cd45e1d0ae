"""How surprising each pair of letters is: what separates the words of one document from those of everybody."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of `total` background texts each letter pair occurs."""

    counts: Mapping[str, int]
    total: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Rarity":
        """Count over `texts` (letters only)."""
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            counts.update(bigrams(text))
            total += 1
        return cls(counts, max(total, 1))

    def weight(self, pair: str) -> float:
        """Inverse document frequency as a share of the largest there can be, in [0, 1]."""
        return math.log((self.total + 1) / (self.counts.get(pair, 0) + 0.5)) / math.log(2 * self.total + 2)

    def sum(self, pairs: Iterable[str]) -> float:
        """The weights of several pairs together."""
        return math.fsum(self.weight(p) for p in pairs)


def bigrams(letters: str) -> set[str]:
    """Pairs of neighbouring letters."""
    return {letters[i : i + 2] for i in range(len(letters) - 1)}
