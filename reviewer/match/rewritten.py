"""Rewritten passages: near in meaning, and confirmed by the facts and the rare words they share.

A sentence vector alone confuses a paraphrase with harmless text on the same topic. So a window of the draft is first
asked what it shares that only the document says: numbers with their units, and letter pairs that are rare in ordinary
text. Only a window that could count if its meaning were as near as can be is embedded, and counts if it is.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reviewer.index import VectorIndex
from reviewer.match.facts import facts
from reviewer.match.postings import Facts, Postings
from reviewer.match.rarity import Rarity, bigrams
from reviewer.match.source import Source, windows
from reviewer.match.weights import Evidence

CANDIDATES = 6
"""Documents looked at closely for each window."""

NEIGHBOURS = 48
"""Snippets looked up for each window."""

FACT = 4.0
"""Rare letter pairs that a shared fact is worth when the likeliest documents are chosen."""

CEILING = 0.95
"""A cosine that rewritten text hardly exceeds; what cannot count even so is not embedded."""

RARE = 0.6
"""The weight from which a pair marks a place."""

PROOFS = 4
"""Facts and places together that a short window must share: one date or amount beside a common word proves nothing."""

SURE = 6
"""The same, from which it may decide alone."""

SHORT = 0.5
"""Letters of a short window, in 60: being shorter than this no longer speaks for the document."""

APART = 5
"""Letters between shared words that are not of one stretch."""

PART, STEP = 300, 150
"""Letters of a part of a document, and from one part to the next: what one window may have been rewritten from."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Characters `span` of the draft that seem rewritten from a document."""

    document: int
    span: tuple[int, int]
    letters: int
    over: float
    """Log-odds above the threshold of a finding."""
    features: Mapping[str, float] = field(default_factory=dict)


class Rewritings:
    """Looks for rewritten passages of the given documents, by their row numbers in the store.

    Documents are looked at in parts, so that sharing words with a long one is no easier than with a short one.
    """

    def __init__(
        self,
        sources: Mapping[int, Source],
        topics: Mapping[int, frozenset[str]],
        index: VectorIndex,
        rows: NDArray[np.int64],
        encode: Callable[[Sequence[str]], NDArray[np.float32]],
        rarity: Rarity,
        ordinary: Sequence[frozenset[str]],
        evidence: Evidence,
    ) -> None:
        """`topics` are letter pairs that say what a document is about and who wrote it; `ordinary` are the facts of
        texts that anyone writes.
        """
        parts = [(document, *part) for document, source in sources.items() for part in _parts(source)]
        self._documents = [document for document, _, _ in parts]
        self._texts = [letters for _, letters, _ in parts]
        self._postings = Postings(self._texts)
        common = Rarity.of([*ordinary, *(source.facts for source in sources.values())])
        self._facts = Facts([held for _, _, held in parts], common)
        self._index, self._rows, self._encode = index, rows, encode
        self._rarity = rarity
        self._topics = topics
        self._evidence = evidence

    def __call__(self, text: str, leave: Callable[[tuple[int, int]], bool], floor: float) -> list[Rewriting]:
        """The best window for each document, without documents whose words another one explains better."""
        best: dict[int, Rewriting] = {}
        for r in self.likely(text, leave, floor):
            if r.document not in best or r.over > best[r.document].over:
                best[r.document] = r
        return _explained(sorted(best.values(), key=lambda r: -r.over))

    def likely(self, text: str, leave: Callable[[tuple[int, int]], bool], floor: float) -> Iterator[Rewriting]:
        """Every window and document whose odds lie at most `floor` below the threshold.

        `leave` tells which ranges of the text need no look: copies, and words of the public.
        """
        hopeful: list[tuple[tuple[int, int], Source, dict[int, dict[str, float]]]] = []
        for span in windows(text):
            if leave(span):
                continue
            window = Source.read(text[span[0] : span[1]])
            likely = {n: f for n, f in self._features(window).items() if self._over(f, CEILING) >= -floor}
            if likely:
                hopeful.append((span, window, likely))
        if not hopeful:
            return
        vectors = self._encode([text[a:b] for (a, b), _, _ in hopeful])
        scores, rows = self._index.search(vectors, NEIGHBOURS)
        for (span, window, likely), near, places in zip(hopeful, scores, rows, strict=True):
            cosines: dict[int, float] = {}
            for cosine, row in zip(near, places, strict=True):
                if row >= 0:
                    cosines.setdefault(int(self._rows[row][0]), float(cosine))
            farthest = min(cosines.values(), default=0.0)
            for n, features in likely.items():
                document = self._documents[n]
                cosine = cosines.get(document, farthest)
                over = self._over(features, cosine)
                if over >= -floor:
                    known = {**features, "cosine": cosine}
                    yield Rewriting(document, span, len(window.letters.text), over, known)

    def _over(self, features: Mapping[str, float], cosine: float) -> float:
        return self._evidence.over(self._evidence.odds({**features, "cosine": cosine}))

    def _features(self, window: Source) -> dict[int, dict[str, float]]:
        """What a window shares with each of the likeliest documents, meaning apart."""
        pairs = bigrams(window.letters.text)
        held = self._postings.shared(pairs, self._rarity)
        known = self._facts.shared(window.facts)
        promise = held.copy()
        for n, weight in known.items():
            promise[n] += FACT * weight
        top = [int(n) for n in (-promise).argsort(kind="stable")[:CANDIDATES] if promise[n] > 0]
        shared = {n: self._shared(window, n, pairs, known.get(n, 0.0)) for n in top}
        return {n: features for n, features in shared.items() if proven(features, PROOFS)}

    def _shared(self, window: Source, n: int, pairs: set[str], told: float) -> dict[str, float]:
        """Pairs of the document's topic do not count: text about the same matter has them too."""
        text, its, topic = window.letters.text, self._texts[n], self._topics[self._documents[n]]
        held = {p for p in pairs if p in its and p not in topic}
        numbers, foreign = self._facts.compared(window.facts, n)
        return {
            "rare": math.log1p(math.fsum(self._rarity.weight(p) ** 3 for p in held)),
            "places": math.log1p(_places(text, {p for p in held if self._rarity.weight(p) > RARE})),
            "facts": math.log1p(told),
            "numbers": math.log1p(numbers),
            "foreign": math.log1p(foreign),
            "length": math.log(max(len(text) / 60, SHORT)),
        }


def proven(features: Mapping[str, float], least: int) -> bool:
    """Whether a window is long, or shares at least so many different numbers and places with a document."""
    long = features["length"] > math.log(SHORT)
    return long or round(math.expm1(features["numbers"]) + math.expm1(features["places"])) >= least


def _places(text: str, pairs: set[str]) -> int:
    """The stretches of a text that hold some of these pairs, `APART` letters or more from one another."""
    at = [i for i in range(len(text) - 1) if text[i : i + 2] in pairs]
    return sum(i - before >= APART for before, i in zip([-APART, *at], at, strict=False))


def topic(names: Iterable[str]) -> frozenset[str]:
    """The letter pairs of a document's title and number and of the bodies that head and sign it."""
    return frozenset(pair for name in names for pair in bigrams(Source.read(name).letters.text))


def _parts(source: Source) -> Iterator[tuple[str, frozenset[str]]]:
    """(letters, facts) of each part of a document."""
    letters = source.letters.text
    if len(letters) <= PART:
        yield letters, source.facts
        return
    for start in range(0, len(letters) - (PART - STEP), STEP):
        stop = min(start + PART, len(letters))
        places = source.letters.places
        yield letters[start:stop], frozenset(facts(source.folded.text[places[start] : places[stop - 1] + 1]))


def _explained(found: Sequence[Rewriting]) -> list[Rewriting]:
    """Without those whose words another document explains better."""
    kept: list[Rewriting] = []
    for r in found:
        half = 0.5 * (r.span[1] - r.span[0])
        if not any(min(r.span[1], k.span[1]) - max(r.span[0], k.span[0]) > half for k in kept):
            kept.append(r)
    return kept
