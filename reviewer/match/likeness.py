"""How a part of a draft resembles a document, before it is decided whether that counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewer.finding import MatchKind
from reviewer.match.weights import probability

CERTAIN = 99.0
"""Odds above the threshold of what needs no weighing: a copy, a registered number, a whole title."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Characters `span` of the draft resemble a document (row number of the store)."""

    document: int
    kind: MatchKind
    span: tuple[int, int]
    score: float
    """Similarity in [0, 1]."""
    share: float
    """Part of the draft's letters that it covers."""
    over: float
    """Log-odds above the threshold from which it is a finding."""
    blocks: bool
    """Whether it is certain enough to decide alone."""
    also: tuple[int, ...] = ()
    """Other documents that hold the same words."""
    held: float = 0.0
    """Part of the document's letters that all copies in the draft cover together."""
    features: Mapping[str, float] = field(default_factory=dict)

    @property
    def confidence(self) -> float:
        """How certain it is, in [0, 1]; a half at the threshold."""
        return 1.0 if self.over >= CERTAIN else probability(self.over)

    def within(self, copy: "Likeness") -> bool:
        """Whether these words, which need weighing, mostly lie in a copy from the same document."""
        both = min(self.span[1], copy.span[1]) - max(self.span[0], copy.span[0])
        same = self.document in (copy.document, *copy.also)
        return same and self.over < CERTAIN and both > 0.5 * (self.span[1] - self.span[0])
