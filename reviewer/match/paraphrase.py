"""Rewritten passages: near in meaning, and confirmed by the facts they share.

A sentence vector alone confuses a paraphrase with harmless text on the same topic. So a window counts only with what
only the document says: numbers with their units, and letter pairs that are rare in ordinary text.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewer.match.skeleton import bigrams, facts

WEIGHTS = {"bias": -9.0, "cosine": 7.0, "rare": 7.5, "facts": 0.9}
"""Log-odds of `evidence`; fitted by `tests/bench/matching.py` on invented documents, never on the development set."""

SUSPECT = 0.5
CONFIRMED = 0.9


@dataclass(frozen=True, slots=True)
class Rarity:
    """How surprising each letter pair is, from the documents and from public text."""

    counts: Mapping[str, int]
    total: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Rarity":
        """Count in how many of `texts` (letters only) each pair occurs."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(bigrams(text))
        return cls(counts, max(len(texts), 1))

    def weight(self, pair: str) -> float:
        """Inverse document frequency, in nats."""
        return math.log((self.total + 1) / (self.counts.get(pair, 0) + 0.5))


def evidence(
    window: str, letters: str, document: str, cosine: float, document_facts: set[str], rarity: Rarity
) -> float:
    """Probability that `window` (its `letters`) was rewritten from `document` (letters only)."""
    shared = facts(window) & document_facts
    weight = 0.0
    for fact in shared:
        digits = sum(c.isdigit() for c in fact)
        weight += min(2.0, 0.4 * digits + (0.4 if len(fact) > digits else 0))
    pairs = bigrams(letters)
    whole = sum(rarity.weight(p) for p in pairs) or 1.0
    held = sum(rarity.weight(p) for p in pairs if p in document)
    z = WEIGHTS["bias"] + WEIGHTS["cosine"] * cosine + WEIGHTS["rare"] * held / whole
    z += WEIGHTS["facts"] * min(weight, 5.0)
    return 1 / (1 + math.exp(-z))
