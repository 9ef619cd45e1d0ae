"""Copied and retyped passages: fingerprints of letters and of sounds, chained and extended to exact spans."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.index import GRAM, Store, grams
from reviewer.match.skeleton import Skeleton, runs

LETTERS, SOUNDS = 0, 1
"""Views of a text that are fingerprinted."""

COPIED = 12
"""Letters in a row from which a copy counts alone (the winnowing guarantee)."""

GAP = 40
"""Letters between two fingerprints that may be damaged without breaking a passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Letters `start:stop` of the draft that stand in a document; `same` of them are identical there."""

    document: int
    start: int
    stop: int
    same: int
    longest: int
    """The longest run of identical letters."""

    @property
    def score(self) -> float:
        """Share of the passage that is identical."""
        return min(1.0, self.same / max(self.stop - self.start, 1))


def passages(draft: Skeleton, store: Store, texts: dict[int, Skeleton], common: frozenset[str]) -> list[Passage]:
    """Passages of the draft that were copied, best first. `common` are 8-letter runs that are public or boilerplate."""
    found: list[Passage] = []
    for view, symbols in ((LETTERS, list(draft.text)), (SOUNDS, draft.sounds())):
        hashes = grams(symbols, store.fingerprint_key)
        places = store.lookup(hashes, view)
        hits: dict[int, list[tuple[int, int]]] = {}
        for i, h in enumerate(hashes):
            if h in places and draft.text[i : i + GRAM] not in common:
                for document, position in places[h]:
                    hits.setdefault(document, []).append((i, position))
        for document, pairs in hits.items():
            for chain in runs(pairs, GAP):
                passage = _extend(draft, texts[document], document, chain, view)
                if passage is not None:
                    found.append(passage)
    return _without_overlap(found)


def _extend(
    draft: Skeleton, text: Skeleton, document: int, chain: Sequence[tuple[int, int]], view: int
) -> Passage | None:
    """Grow a chain over equal symbols at both ends; `None` when it is too short to say anything."""
    here, there = (draft.text, text.text) if view == LETTERS else (draft.sounds(), text.sounds())
    (a, x), (b, y) = chain[0], chain[-1]
    b, y = b + GRAM, y + GRAM
    while a > 0 and x > 0 and here[a - 1] == there[x - 1]:
        a, x = a - 1, x - 1
    while b < len(here) and y < len(there) and here[b] == there[y]:
        b, y = b + 1, y + 1
    covered: set[int] = set()
    longest = 0
    for i, j in chain:
        left, right = i, i + GRAM
        while left > a and j - (i - left) > 0 and here[left - 1] == there[j - (i - left) - 1]:
            left -= 1
        while right < b and j + (right - i) < len(there) and here[right] == there[j + (right - i)]:
            right += 1
        covered.update(range(left, right))
        longest = max(longest, right - left)
    minimum = COPIED if view == LETTERS else COPIED + 2
    if longest < minimum and not (len(covered) >= 2 * GRAM and len(covered) >= 0.5 * (b - a)):
        return None
    return Passage(document, a, b, len(covered), longest)


def _without_overlap(found: Sequence[Passage]) -> list[Passage]:
    """The strongest passages; a weaker one that mostly lies inside a stronger one goes."""
    kept: list[Passage] = []
    for p in sorted(found, key=lambda p: (-p.same, -p.score, p.start)):
        inside = any(min(p.stop, k.stop) - max(p.start, k.start) > 0.5 * (p.stop - p.start) for k in kept)
        if not inside:
            kept.append(p)
    return kept
