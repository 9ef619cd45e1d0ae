"""Copied and retyped passages: fingerprints of syllables, grown to runs that sound alike, aligned to exact spans."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from reviewer.index import SYLLABLES, Store
from reviewer.match.leads import LONE, nearest, places
from reviewer.match.public import RUN, anyones
from reviewer.match.rarity import Rarity
from reviewer.match.source import SOUNDS, Source

COPIED = 12
"""Characters in a row, white space not counted, from which a copy counts alone."""

GAP = 40
"""Letters between two runs that may be damaged without breaking a passage."""

DRIFT = 8
"""Letters that may be added or lost between two runs."""

OWN = 4
"""Letters of a copied run that must stand neither in public text, nor in boilerplate, nor in the document's title."""

OWN_SHARE = 0.2

REACH = 24
"""Letters before the first and after the last run that are still compared."""

DAMAGE = 0.6
"""What a differing letter takes from an alignment to which an equal one gives 1."""

Flags = NDArray[np.bool_]
Span = tuple[int, int]
Run = tuple[int, int, int]
"""(place in the draft, place in the document, length) of letters that sound alike."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Letters `start:stop` of the draft that stand in a document at `there`."""

    document: int
    start: int
    stop: int
    there: tuple[int, int]
    same: int
    """Letters that are equal or sound alike."""
    exact: int
    """The longest identical run in characters, white space not counted, with enough of the document's own words."""
    run: Span
    """The letters of the draft where it stands; empty where there is none."""
    weight: float
    """How surprising the shared letters are: how many pairs of the rarest kind they are worth."""
    beyond: float
    """The same without the pairs of the document's topic."""
    also: tuple[int, ...] = ()
    """Other documents that hold the passage as well."""

    @property
    def similarity(self) -> float:
        """The share of both sides that is the same, in [0, 1]."""
        return self.same / max(self.stop - self.start, self.there[1] - self.there[0], 1)


def passages(
    draft: Source,
    store: Store,
    source: Callable[[int], Source],
    public: Flags,
    rarity: Rarity,
    families: Callable[[set[int]], bool],
    topics: Mapping[int, frozenset[str]],
    titles: Mapping[int, str],
) -> list[Passage]:
    """Every passage of the draft that resembles one in a document, the most surprising first.

    `public` marks the draft's runs of `RUN` letters that are public; `families` tells whether documents that share a
    fingerprint are so many and so unlike that the shared words are boilerplate; `topics` holds the letter pairs that
    say what each document is about, `titles` the letters of its title, which counts by itself.
    """
    common = anyones(public, draft.letters.text)
    worth = cache(rarity.weight)
    hits: dict[int, list[tuple[int, Sequence[int]]]] = {}
    crowd = set()
    for i, where in places(draft.syllables, store, SOUNDS, SYLLABLES).items():
        if families(set(where)):
            common[max(0, i - 3) : i + SYLLABLES + 3] = True
        if sum(map(len, where.values())) > LONE:
            crowd.add(i)
        for document, there in where.items():
            hits.setdefault(document, []).append((i, there))
    found: list[Passage] = []
    for document, met in hits.items():
        (i, there), *more = met
        if not more and len(there) < 2 and i in crowd:
            continue
        text = source(document)
        titled = _titled(text.letters.text, titles[document])
        pairs = [(i, j) for i, there in met for j in nearest(draft, text, i, there)]
        for cluster in _clusters(_grown(draft, text, pairs)):
            for segments in _aligned(draft, text, cluster):
                passage = _passage(draft, text, document, segments, (common, titled), worth, topics[document])
                if passage is not None:
                    found.append(passage)
    return _strongest(found)


def _grown(draft: Source, text: Source, pairs: Sequence[tuple[int, int]]) -> list[Run]:
    """Every maximal run of equal sounds around the fingerprints."""
    here, there = draft.sounds, text.sounds
    reached: dict[int, int] = {}
    runs = []
    for i, j in sorted(set(pairs)):
        if reached.get(j - i, -1) >= i + SYLLABLES:
            continue
        a, b = i, i + SYLLABLES
        while a > 0 and j - (i - a) > 0 and here[a - 1] == there[j - (i - a) - 1]:
            a -= 1
        while b < len(here) and j + (b - i) < len(there) and here[b] == there[j + (b - i)]:
            b += 1
        reached[j - i] = b
        runs.append((a, j - (i - a), b - a))
    return sorted(runs)


def _clusters(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that follow one another on both sides with little between them."""
    clusters: list[list[Run]] = []
    for run in runs:
        for cluster in clusters[-8:][::-1]:
            a, x, n = cluster[-1]
            ahead, beyond = run[0] - (a + n), run[1] - (x + n)
            if 0 <= ahead <= GAP and 0 <= beyond <= GAP and abs(ahead - beyond) <= DRIFT:
                cluster.append(run)
                break
        else:
            clusters.append([run])
    return clusters


def _aligned(draft: Source, text: Source, cluster: Sequence[Run]) -> Iterator[list[Run]]:
    """The equal segments of a cluster, with the small ones between and around its runs; worthless gaps split it."""
    here, there = draft.sounds, text.sounds
    (a, x, _), (b, y, n) = cluster[0], cluster[-1]
    segments = _equal(here, there, (max(0, a - REACH), a), (max(0, x - REACH), x))
    for (p, q, length), (r, s, _) in zip(cluster, [*cluster[1:], (-1, -1, 0)], strict=True):
        segments.append((p, q, length))
        if r >= 0:
            segments += _equal(here, there, (p + length, r), (q + length, s))
    end, last = b + n, y + n
    segments += _equal(here, there, (end, min(end + REACH, len(here))), (last, min(last + REACH, len(there))))
    yield from _best(segments)


def _equal(here: str, there: str, mine: tuple[int, int], its: tuple[int, int]) -> list[Run]:
    """Equal runs of a best alignment of two short stretches."""
    blocks = Levenshtein.opcodes(here[slice(*mine)], there[slice(*its)])
    return [(mine[0] + o.src_start, its[0] + o.dest_start, o.src_end - o.src_start) for o in blocks if o.tag == "equal"]


def _best(segments: Sequence[Run]) -> Iterator[list[Run]]:
    """The stretches of segments whose equal letters outweigh the damage between them: the best one first, then those
    before it and those behind it, each in the same way.
    """
    waiting = [segments]
    while waiting:
        some = waiting.pop()
        score, first, stop = _stretch(some)
        if score >= SYLLABLES:
            yield list(some[first:stop])
            waiting += [some[stop:], some[:first]]


def _stretch(segments: Sequence[Run]) -> tuple[float, int, int]:
    """The score of the best stretch of segments and its range; of equal ones the first."""
    best = (0.0, 0, 0)
    score, first = 0.0, 0
    for k, (a, x, n) in enumerate(segments):
        if k > first or score > 0:
            pa, px, pn = segments[k - 1]
            score -= DAMAGE * max(a - pa - pn, x - px - pn)
        if score <= 0:
            score, first = 0.0, k
        score += n
        if score > best[0]:
            best = (score, first, k + 1)
    return best


def _passage(
    draft: Source,
    text: Source,
    document: int,
    segments: Sequence[Run],
    nobodys: tuple[Flags, Flags],
    worth: Callable[[str], float],
    topic: frozenset[str],
) -> Passage | None:
    """The passage of aligned segments; `nobodys` marks letters of the draft and of the document that prove no copy,
    `worth` weighs a pair.
    """
    (a, x, _), (b, y, n) = segments[0], segments[-1]
    same = sum(length for _, _, length in segments)
    letters = text.letters.text
    weight = beyond = 0.0
    exact, own = 0, (a, a)
    for i, j, length in segments:
        common = nobodys[0][i : i + length] | nobodys[1][j : j + length]
        for k in range(length - 1):
            if not (common[k] and common[k + 1]):
                pair = letters[j + k : j + k + 2]
                weight += worth(pair)
                beyond += 0.0 if pair in topic else worth(pair)
        exact, own = max((exact, own), _exact(draft, text, (i, j, length), common), key=lambda e: e[0])
    if same < RUN and exact < COPIED:
        return None
    return Passage(document, a, b + n, (x, y + n), same, exact, own, weight, beyond)


def _titled(letters: str, title: str) -> Flags:
    """The letters of a document that are its title, wherever it stands there."""
    flags = np.zeros(len(letters), np.bool_)
    for m in re.finditer(re.escape(title), letters) if title else ():
        flags[m.start() : m.end()] = True
    return flags


def _exact(draft: Source, text: Source, run: Run, common: Flags) -> tuple[int, Span]:
    """The longest identical stretch in a run that sounds alike, its characters counted, and its letters of the draft; 0
    where `common` marks most of the run.

    Letters count without the punctuation between them, or with it where it is identical too.
    """
    i, j, length = run
    own = np.concatenate([[0], np.cumsum(~common)])
    best, place = 0, (i, i)

    def consider(count: int, begin: int, end: int) -> None:
        nonlocal best, place
        mine = own[end] - own[begin]
        if count > best and mine >= OWN and mine >= OWN_SHARE * (end - begin):
            best, place = count, (i + begin, i + end)

    begin = with_marks = 0
    between, beyond = draft.between, text.between
    count = _alike(between[i][::-1], beyond[j][::-1])
    for k in range(length):
        if draft.letters.text[i + k] != text.letters.text[j + k]:
            begin = with_marks = k + 1
            count = 0
            continue
        mine, its = between[i + k + 1], beyond[j + k + 1]
        count += 1 + _alike(mine, its)
        consider(k + 1 - begin, begin, k + 1)
        consider(count, with_marks, k + 1)
        if mine != its:
            with_marks, count = k + 1, 0
    return best, place


def _alike(a: str, b: str) -> int:
    """How many characters two strings begin alike with."""
    if not (a and b):
        return 0
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _strongest(found: Sequence[Passage]) -> list[Passage]:
    """The strongest passages; one that mostly lies inside a stronger one goes, and is named there if it is as good.

    A copied run outside it stays, whatever lies around the run.
    """
    kept: list[Passage] = []
    others: dict[int, list[int]] = {}
    for p in sorted(found, key=lambda p: (-(p.exact >= COPIED), -p.weight, -p.same, p.start)):
        parts = [(p.start, p.stop), p.run] if p.exact >= COPIED else [(p.start, p.stop)]
        over = next((n for n, k in enumerate(kept) if all(_mostly(part, k) for part in parts)), None)
        if over is None:
            kept.append(p)
        elif p.weight >= 0.9 * kept[over].weight and p.document != kept[over].document:
            others.setdefault(over, []).append(p.document)
    return [replace(p, also=tuple(dict.fromkeys(others.get(n, ())))) for n, p in enumerate(kept)]


def _mostly(part: Span, k: Passage) -> bool:
    """Whether more than half of these letters lie in a passage."""
    return min(part[1], k.stop) - max(part[0], k.start) > 0.5 * (part[1] - part[0])


def covered(found: Sequence[Passage]) -> Mapping[int, int]:
    """For each document how many of its letters the passages cover."""
    letters: dict[int, set[int]] = {}
    for p in found:
        letters.setdefault(p.document, set()).update(range(*p.there))
    return {document: len(places) for document, places in letters.items()}
