"""How surprising a letter pair or a fact is: what separates the words of one document from those of everybody."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LATIN = 0.15
"""What a pair of Latin letters is worth beside one of Chinese ones: a word has many, and most texts share most."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of `total` background texts each feature occurs."""

    counts: Mapping[str, int]
    total: int

    @classmethod
    def of(cls, texts: Iterable[Iterable[str]]) -> "Rarity":
        """Count over the features of each text, each once."""
        counts: Counter[str] = Counter()
        total = 0
        for features in texts:
            counts.update(features)
            total += 1
        return cls(counts, max(total, 1))

    def weight(self, feature: str, own: int = 0) -> float:
        """Inverse document frequency as a share of the largest there can be, in [0, 1]; `own` texts are not counted.

        A pair of Latin letters has `LATIN` of it.
        """
        count = max(self.counts.get(feature, 0) - own, 0)
        rare = math.log((self.total + 1) / (count + 0.5)) / math.log(2 * self.total + 2)
        return rare * LATIN if feature.isalpha() and feature.isascii() else rare

    def sum(self, features: Iterable[str]) -> float:
        """The weights of several features together."""
        return math.fsum(self.weight(f) for f in features)


def bigrams(letters: str) -> set[str]:
    """Pairs of neighbouring letters."""
    return {letters[i : i + 2] for i in range(len(letters) - 1)}
