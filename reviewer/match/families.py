"""Boilerplate: words that stand in several documents which otherwise have little in common."""

from collections.abc import Callable
from functools import lru_cache

from reviewer.match.public import RUN

UNLIKE = 3
"""Documents unlike one another that share words from which the words are boilerplate."""

CROWD = 30
"""Documents from which shared words are boilerplate however alike the documents are."""

ALIKE = 0.5
"""Share of the shorter document's runs from which two documents are versions of one."""

Runs = frozenset[str] | frozenset[int]


class Families:
    """Tells boilerplate from what several versions of one document say."""

    def __init__(self, runs: Callable[[int], Runs]) -> None:
        """`runs` gives the runs of a document, or hashes of them, by its row number."""
        kept = lru_cache(maxsize=2000)(runs)
        self._alike = lru_cache(maxsize=20_000)(lambda a, b: _share(kept(a), kept(b)) >= ALIKE)
        self._known: dict[frozenset[int], bool] = {}

    def __call__(self, documents: set[int]) -> bool:
        """Whether what all these documents share is boilerplate."""
        if len(documents) < UNLIKE:
            return False
        if len(documents) >= CROWD:
            return True
        key = frozenset(documents)
        if key not in self._known:
            first: list[int] = []
            for document in sorted(documents):
                if not any(self._alike(document, other) for other in first):
                    first.append(document)
            self._known[key] = len(first) >= UNLIKE
        return self._known[key]


def runs(letters: str) -> Runs:
    """Every run of `RUN` letters."""
    return frozenset(letters[i : i + RUN] for i in range(len(letters) - RUN + 1))


def _share(a: Runs, b: Runs) -> float:
    return len(a & b) / max(min(len(a), len(b)), 1)
