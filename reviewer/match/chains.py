"""Fingerprints that follow one another in a draft and in a document alike, where only their places are known.

Where a long draft and a document both repeat a fingerprint (the label of every row of a roster), it is followed not to
every one of its places but to those that something beside it points at: rosters take time proportional to their length.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from heapq import nlargest
from itertools import accumulate

from reviewer.match.copies import GAP
from reviewer.match.leads import LONE, NEAREST

DRIFT = 6
"""Letters that may be added or lost between two fingerprints."""

ALL = 30_000
"""Places of one document up to which a draft is followed to all of them."""

AROUND = 12
"""Letters on each side in which another fingerprint says which of many places are meant."""

Places = Mapping[int, Sequence[int]]
"""For each letter of the draft whose fingerprint the document has: its places there, ascending."""

Chain = list[tuple[int, int]]


def chains(places: Places) -> list[Chain]:
    """(draft, document) places where both move on together, allowing some letters of drift or damage; each goes to the
    newest chain that it prolongs.

    Chains are kept by the diagonal of their last place, so that a place is tried against those near its own only.
    """
    built: list[Chain] = []
    ends: dict[int, list[int]] = {}
    live: dict[int, int] = {}
    most = _most(places)
    pointed = _Pointed(places, most)
    for i in sorted(places):
        there = places[i]
        if len(there) > most:
            live = {n: x for n, x in live.items() if i - x <= GAP}
            longest = nlargest(NEAREST, live, key=lambda n: len(built[n]))
            there = pointed(i, [built[n][-1] for n in longest])
        for j in there:
            newest = -1
            for diagonal in range(j - i - DRIFT, j - i + DRIFT + 1):
                for n in ends.get(diagonal, ()):
                    x, y = built[n][-1]
                    if n > newest and 0 < i - x <= GAP and 0 < j - y <= GAP:
                        newest = n
            if newest < 0:
                newest = len(built)
                built.append([])
            else:
                x, y = built[newest][-1]
                ends[y - x].remove(newest)
            built[newest].append((i, j))
            live[newest] = i
            ends[j - i] = [n for n in ends.get(j - i, ()) if i - built[n][-1][0] <= GAP]
            ends[j - i].append(newest)
    return built


def _most(places: Places) -> int:
    """The places of a fingerprint up to which each of them is followed."""
    sizes = sorted(map(len, places.values()))
    together = list(accumulate(sizes))
    return max(LONE, sizes[max(0, bisect_right(together, ALL) - 1)])


class _Pointed:
    """Of the many places of a fingerprint those that its neighbours in the draft or the chains so far point at."""

    def __init__(self, places: Places, most: int) -> None:
        self._places = places
        self._letters = sorted(places)
        self._rare = [i for i in self._letters if len(places[i]) <= most]
        self._count = {i: len(there) for i, there in places.items()}
        self._both: dict[tuple[int, int, int], list[int]] = {}

    def __call__(self, i: int, last: Sequence[tuple[int, int]]) -> Sequence[int]:
        """The first places that hold a neighbour at the same distance, and those that prolong chains, whose `last`
        places are given; else the first of all.
        """
        there = self._places[i]
        found: set[int] = set()
        for n in self._neighbours(i):
            found.update(self._shared(i, n)[:NEAREST])
        for x, y in last:
            ahead = i + y - x
            found.update(
                there[bisect_left(there, max(y + 1, ahead - DRIFT)) : bisect_right(there, min(y + GAP, ahead + DRIFT))]
            )
        return sorted(found) or there[:NEAREST]

    def _neighbours(self, i: int) -> set[int]:
        """On each side the next letter whose fingerprint is rare, and the rarest one around."""
        at = bisect_left(self._rare, i)
        near = {n for n in self._rare[max(0, at - 1) : at + 1] if abs(n - i) <= AROUND}
        here = bisect_left(self._letters, i)
        before = self._letters[bisect_left(self._letters, i - AROUND) : here]
        after = self._letters[here + 1 : bisect_right(self._letters, i + AROUND)]
        return near | {min(side, key=self._count.__getitem__) for side in (before, after) if side}

    def _shared(self, i: int, n: int) -> list[int]:
        """The places of letter `i` beside which letter `n` stands as it does in the draft."""
        mine, its = self._places[i], self._places[n]
        asked = id(mine), id(its), n - i
        if asked not in self._both:
            known = set(its)
            self._both[asked] = [j for j in mine if j + n - i in known]
        return self._both[asked]
