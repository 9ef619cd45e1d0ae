"""Matching a store whose texts are sealed, with what fingerprints, hashed names and vectors alone can say.

Fingerprints that follow one another without a gap, in draft and document alike, prove that everything from the first to
the last is the same; what lies around them stays untold. So a copied run of 12 letters is always found, but it is told
as certain only from 12 proven letters on, and rewritten passages are known by their vectors only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import ClauseRef, Finding, MatchKind, Stage
from reviewer.index import GRAM, SYLLABLES, Store
from reviewer.match import Encodes
from reviewer.match.chains import chains
from reviewer.match.copies import COPIED
from reviewer.match.examined import behind, cut, left
from reviewer.match.families import Families
from reviewer.match.findings import finding, inherited
from reviewer.match.leads import places
from reviewer.match.likeness import CERTAIN, Likeness
from reviewer.match.public import anyones, shipped_public
from reviewer.match.registered import named, pieces
from reviewer.match.source import LETTERS, SOUNDS, TITLE, Source, windows
from reviewer.verdict import StageResult

NEIGHBOURS = 12
"""Snippets looked up for each window."""

ALIKE = 0.84
"""Cosine of the default embedder from which a window is taken for a rewritten passage: one false alarm in a hundred on
tests/bench/corpus/fit.toml and precedents; docs/index.md has what that finds."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Letters `start:stop` of the draft resemble a document: `same` of them stand there, `longest` in one piece."""

    document: int
    start: int
    stop: int
    same: int
    longest: int


class SealedMatcher:
    """A stage over an open store, without its texts."""

    def __init__(
        self,
        store: Store,
        embedder: Encodes,
        clauses: Mapping[str, ClauseRef],
        lang: Lang,
        public: Sequence[str] = (),
    ) -> None:
        """`clauses` gives the citation of each clause id; `public` texts may be quoted by anyone (laws)."""
        self._store = store
        self._embedder = embedder
        self._clauses = clauses
        self._lang = lang
        self._documents = {d.id: d.document for d in store.documents()}
        self._vectors, self._rows = store.neighbours()
        self._families = Families(lambda i: store.hashes(i, LETTERS))
        self._public = shipped_public().with_texts(public)

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Findings for copies, quoted titles and numbers, and rewritten passages."""
        unfinished = behind(draft, self._lang)
        draft, folded = cut(draft, folded)
        source = Source.of(folded)
        public = self._public.marks(source.letters.text)
        likes = [*self._copied(source, public), *self._named(source)]
        known = {like.document for like in likes}
        likes += [like for like in self._alike(draft.text, left(source, public, ())) if like.document not in known]
        found = [finding(draft, like, self._documents[like.document], self._clauses, self._lang) for like in likes]
        sources = [self._documents[i] for i in dict.fromkeys(like.document for like in likes)]
        said = tuple(inherited(found, sources, self._lang))
        return StageResult(stage=Stage.MATCH, findings=said, unfinished=unfinished, examined=((0, len(draft.text)),))

    def _copied(self, draft: Source, public: NDArray[np.bool_]) -> Iterator[Likeness]:
        for p in proven(draft, self._store, public, self._families):
            score = p.same / (p.stop - p.start)
            kind = MatchKind.VERBATIM if p.longest >= COPIED and score > 0.98 else MatchKind.NEAR
            certain = p.longest >= COPIED or p.same >= 2 * GRAM
            yield _like(draft, p.document, kind, (p.start, p.stop), score, certain)

    def _named(self, draft: Source) -> Iterator[Likeness]:
        for n in named(draft, self._store):
            yield _like(draft, n.document, n.kind, (n.start, n.stop), n.score, True)

    def _alike(self, text: str, leave: Callable[[tuple[int, int]], bool]) -> Iterator[Likeness]:
        ranges = [r for r in windows(text) if not leave(r)]
        scores, rows = self._vectors.search(self._embedder.encode([text[a:b] for a, b in ranges]), NEIGHBOURS)
        best = max(
            (
                (float(s[0]), int(self._rows[r[0]][0]), span)
                for s, r, span in zip(scores, rows, ranges, strict=True)
                if r
            ),
            default=(0.0, 0, (0, 0)),
        )
        if best[0] >= ALIKE:
            score, document, span = best
            share = (span[1] - span[0]) / len(text)
            yield Likeness(document, MatchKind.PARAPHRASE, span, score, share, over=0.0, blocks=False)


def proven(
    draft: Source, store: Store, public: NDArray[np.bool_], families: Callable[[set[int]], bool]
) -> list[Proven]:
    """Passages that fingerprints prove, the longest first; words in the runs that `public` marks are no proof alone,
    nor are those of documents that `families` tells to be many and unlike.
    """
    found: list[Proven] = []
    letters = draft.letters.text
    common = anyones(public, letters)
    titled = _titled(letters, store)
    for view, symbols, size in ((LETTERS, letters, GRAM), (SOUNDS, draft.syllables, SYLLABLES)):
        hits: dict[int, dict[int, Sequence[int]]] = {}
        own: set[int] = set()
        for i, where in places(symbols, store, view, size).items():
            if not common[i : i + size].all() and not families(set(where)):
                own.add(i)
            for document, there in where.items():
                hits.setdefault(document, {})[i] = there
        for document, met in hits.items():
            for chain in chains(met):
                name = titled.get(document, set())
                if all(i not in own or name.issuperset(range(i, i + size)) for i, _ in chain):
                    continue
                p = _proven(document, chain, size)
                if (
                    p.longest >= COPIED
                    or (p.same >= 2 * GRAM and p.same >= 0.5 * (p.stop - p.start))
                    or view == LETTERS
                ):
                    found.append(p)
    return _strongest(found)


def _titled(letters: str, store: Store) -> dict[int, set[int]]:
    """For each document the letters of the draft that stand in its title, which counts by itself."""
    found: dict[int, set[int]] = {}
    for i, where in places(letters, store, TITLE, GRAM).items():
        for document in where:
            found.setdefault(document, set()).update(range(i, i + GRAM))
    return found


def _strongest(found: Sequence[Proven]) -> list[Proven]:
    """The longest passages, without those that mostly lie inside one that is kept: one that has their middle, then."""
    kept: list[Proven] = []
    over: dict[int, list[Proven]] = {}
    for p in sorted(found, key=lambda p: (-p.same, p.start)):
        around = over.get((p.start + p.stop) // 2, ())
        if all(min(p.stop, k.stop) - max(p.start, k.start) <= 0.5 * (p.stop - p.start) for k in around):
            kept.append(p)
            for letter in range(p.start, p.stop):
                over.setdefault(letter, []).append(p)
    return kept


def _proven(document: int, chain: Sequence[tuple[int, int]], size: int) -> Proven:
    """What a chain of fingerprints of `size` symbols proves."""
    lines: dict[int, list[int]] = {}
    for i, j in chain:
        lines.setdefault(j - i, []).append(i)
    stretches = [(a, b + size) for starts in lines.values() for a, b in pieces(starts, size)]
    same = len({letter for a, b in stretches for letter in range(a, b)})
    start, stop = min(a for a, _ in stretches), max(b for _, b in stretches)
    return Proven(document, start, stop, same, max(b - a for a, b in stretches))


def _like(
    draft: Source, document: int, kind: MatchKind, place: tuple[int, int], score: float, certain: bool
) -> Likeness:
    share = (place[1] - place[0]) / len(draft.letters.text)
    over = CERTAIN if certain else 0.0
    return Likeness(document, kind, draft.span(*place), score, share, over, certain)
