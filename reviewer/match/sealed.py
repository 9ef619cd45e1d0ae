"""Matching a store whose texts are sealed, with what fingerprints, hashed names and vectors alone can say.

Fingerprints that follow one another without a gap, in draft and document alike, prove that everything from the first to
the last is the same; what lies around them stays untold. So a copied run of 12 letters is always found, but it is told
as certain only from 12 proven letters on, and rewritten passages are known by their vectors only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import Finding, MatchKind, Stage
from reviewer.index import GRAM, Store, grams
from reviewer.match import BOILERPLATE, LIMIT, NEIGHBOURS, Encodes
from reviewer.match.copies import COPIED, GAP, LETTERS, SOUNDS
from reviewer.match.findings import finding
from reviewer.match.registered import named, pieces
from reviewer.match.skeleton import Skeleton, runs, skeleton, windows
from reviewer.normalise import fold
from reviewer.verdict import StageResult

ALIKE = 0.9
"""Cosine from which a window is taken for a rewritten passage; docs/index.md has what that finds."""


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

    def __init__(self, store: Store, embedder: Encodes, lang: Lang, public: Sequence[str] = ()) -> None:
        """`public` texts may be quoted by anyone (laws)."""
        self._store = store
        self._embedder = embedder
        self._lang = lang
        self._documents = {d.id: d.document for d in store.documents()}
        self._vectors, self._rows = store.neighbours()
        letters = [skeleton(fold(t)).text for t in public]
        self._public = frozenset(t[i : i + GRAM] for t in letters for i in range(len(t) - GRAM + 1))

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Findings for copies, quoted titles and numbers, and rewritten passages."""
        if len(draft.text) > LIMIT:
            draft = draft.model_copy(update={"text": draft.text[:LIMIT]})
            folded = fold(draft.text)
        letters = skeleton(folded)
        found = [*self._copied(draft, folded, letters), *self._named(draft, folded, letters)]
        known = {f.match.doc for f in found if f.match}
        found += [f for f in self._alike(draft) if f.match and f.match.doc not in known]
        return StageResult(stage=Stage.MATCH, findings=tuple(found), examined=((0, len(draft.text)),))

    def _copied(self, draft: Draft, folded: Folded, letters: Skeleton) -> Iterator[Finding]:
        for p in proven(letters, self._store, self._public):
            score = p.same / (p.stop - p.start)
            kind = MatchKind.VERBATIM if p.longest >= COPIED and score > 0.98 else MatchKind.NEAR
            certain = p.longest >= COPIED or p.same >= 2 * GRAM
            share = (p.stop - p.start) / len(letters.text)
            span, document = _span(folded, letters, p.start, p.stop), self._documents[p.document]
            yield finding(draft, span, document, kind, score, share, self._lang, blocks=certain)

    def _named(self, draft: Draft, folded: Folded, letters: Skeleton) -> Iterator[Finding]:
        for n in named(letters, self._store):
            span, share = _span(folded, letters, n.start, n.stop), (n.stop - n.start) / len(letters.text)
            yield finding(draft, span, self._documents[n.document], n.kind, n.score, share, self._lang)

    def _alike(self, draft: Draft) -> Iterator[Finding]:
        ranges = [r for r in windows(draft.text) if not self._is_public(draft.text[slice(*r)])]
        scores, rows = self._vectors.search(self._embedder.encode([draft.text[a:b] for a, b in ranges]), NEIGHBOURS)
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
            share = (span[1] - span[0]) / len(draft.text)
            kind = MatchKind.PARAPHRASE
            yield finding(draft, span, self._documents[document], kind, score, share, self._lang, blocks=False)

    def _is_public(self, text: str) -> bool:
        letters = skeleton(fold(text)).text
        held = [letters[i : i + GRAM] in self._public for i in range(len(letters) - GRAM + 1)]
        return bool(held) and sum(held) > 0.5 * len(held)


def proven(draft: Skeleton, store: Store, public: frozenset[str]) -> list[Proven]:
    """Passages that fingerprints prove, the longest first. `public` are runs of `GRAM` letters that anyone may use."""
    found: list[Proven] = []
    for view, symbols in ((LETTERS, list(draft.text)), (SOUNDS, draft.sounds())):
        hashes = grams(symbols, store.fingerprint_key)
        places = store.lookup(hashes, view)
        hits: dict[int, list[tuple[int, int]]] = {}
        own: set[int] = set()
        for i, h in enumerate(hashes):
            where = places.get(h, ())
            if where and draft.text[i : i + GRAM] not in public and len({d for d, _ in where}) < BOILERPLATE:
                own.add(i)
            for document, position in where:
                hits.setdefault(document, []).append((i, position))
        for document, pairs in hits.items():
            for chain in runs(pairs, GAP):
                if own.isdisjoint(i for i, _ in chain):
                    continue
                p = _proven(document, chain)
                if (
                    p.longest >= COPIED
                    or (p.same >= 2 * GRAM and p.same >= 0.5 * (p.stop - p.start))
                    or view == LETTERS
                ):
                    found.append(p)
    kept: list[Proven] = []
    for p in sorted(found, key=lambda p: (-p.same, p.start)):
        if all(min(p.stop, k.stop) - max(p.start, k.start) <= 0.5 * (p.stop - p.start) for k in kept):
            kept.append(p)
    return kept


def _proven(document: int, chain: Sequence[tuple[int, int]]) -> Proven:
    """What a chain of fingerprints proves."""
    lines: dict[int, list[int]] = {}
    for i, j in chain:
        lines.setdefault(j - i, []).append(i)
    stretches = [(a, b + GRAM) for starts in lines.values() for a, b in pieces(starts, GRAM)]
    same = len({letter for a, b in stretches for letter in range(a, b)})
    start, stop = min(a for a, _ in stretches), max(b for _, b in stretches)
    return Proven(document, start, stop, same, max(b - a for a, b in stretches))


def _span(folded: Folded, letters: Skeleton, start: int, stop: int) -> tuple[int, int]:
    return folded.to_draft(letters.places[start], letters.places[stop - 1] + 1)
