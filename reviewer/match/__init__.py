"""The match stage: does the draft copy, rewrite, or name an indexed document? It never shows the document's text."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import Finding, MatchKind, Stage
from reviewer.index import GRAM, Document, Snippet, Store, grams, winnow
from reviewer.match.copies import COPIED, Passage, passages
from reviewer.match.findings import finding
from reviewer.match.paraphrase import CONFIRMED, SUSPECT, Rarity, evidence
from reviewer.match.registered import registered
from reviewer.match.skeleton import Skeleton, facts, skeleton, windows
from reviewer.match.titles import quotes
from reviewer.normalise import fold
from reviewer.verdict import StageResult

Floats = NDArray[np.float32]

LIMIT = 100_000
"""Characters of a draft that are compared; the rest is reported as not examined."""

BOILERPLATE = 3
"""Documents that share a run of letters from which it counts as boilerplate."""

NEIGHBOURS = 12
"""Snippets looked up for each window."""


class Encodes(Protocol):
    """What matching needs of an embedder."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, d) unit vectors."""


def prepare(document: Document, embedder: Encodes, key: bytes) -> tuple[list[list[tuple[int, int]]], list[Snippet]]:
    """Fingerprints of text, title and number, and embedded windows of a document, ready for `Store.add`."""
    letters = skeleton(fold(document.text))
    views = [winnow(grams(list(letters.text), key)), winnow(grams(letters.sounds(), key)), *registered(document, key)]
    ranges = windows(document.text)
    vectors = embedder.encode([document.text[a:b] for a, b in ranges])
    return views, [Snippet(a, b, v) for (a, b), v in zip(ranges, vectors, strict=True)]


class Matcher:
    """A stage over an open store."""

    def __init__(
        self, store: Store, embedder: Encodes, lang: Lang, public: Sequence[str] = (), ordinary: Sequence[str] = ()
    ) -> None:
        """`public` texts may be quoted by anyone (laws); `ordinary` ones show what is common in harmless writing."""
        self._store = store
        self._embedder = embedder
        self._lang = lang
        self._documents = {d.id: d.document for d in store.documents()}
        self._letters = {i: skeleton(fold(d.text)) for i, d in self._documents.items()}
        self._facts = {i: facts(d.text) for i, d in self._documents.items()}
        self._vectors, self._rows = store.neighbours()
        background = [skeleton(fold(t)).text for t in (*public, *ordinary)]
        self._rarity = Rarity.of([*background, *(s.text for s in self._letters.values())])
        self._common = _common([skeleton(fold(t)).text for t in public], [s.text for s in self._letters.values()])

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Findings for copies, quoted titles and numbers, and rewritten passages."""
        if len(draft.text) > LIMIT:
            draft = draft.model_copy(update={"text": draft.text[:LIMIT]})
            folded = fold(draft.text)
        letters = skeleton(folded)
        findings: list[Finding] = []
        taken: list[tuple[int, int]] = []
        if letters.text and self._documents:
            copied = passages(letters, self._store, self._letters, self._common)
            findings += self._copies(draft, folded, letters, copied)
            findings += self._names(draft, folded, letters)
            named = {f.match.doc for f in findings if f.match}
            taken = [f.span for f in findings]
            findings += [f for f in self._rewritten(draft, taken) if f.match and f.match.doc not in named]
        return StageResult(stage=Stage.MATCH, findings=tuple(findings), examined=((0, len(draft.text)),))

    def _copies(self, draft: Draft, folded: Folded, letters: Skeleton, copied: Sequence[Passage]) -> list[Finding]:
        total = max(len(letters.text), 1)
        found = []
        for p in copied:
            exact = p.longest >= COPIED and p.score > 0.98
            kind = MatchKind.VERBATIM if exact else MatchKind.NEAR
            share = (p.stop - p.start) / total
            span = _span(folded, letters, p.start, p.stop)
            found.append(finding(draft, span, self._documents[p.document], kind, p.score, share, self._lang))
        return found

    def _names(self, draft: Draft, folded: Folded, letters: Skeleton) -> list[Finding]:
        total = max(len(letters.text), 1)
        found = []
        for content in self._documents.values():
            for q in quotes(letters, content):
                span = _span(folded, letters, q.start, q.stop)
                share = (q.stop - q.start) / total
                found.append(finding(draft, span, content, q.kind, q.score, share, self._lang))
        return found

    def _rewritten(self, draft: Draft, taken: Sequence[tuple[int, int]]) -> list[Finding]:
        ranges = [r for r in windows(draft.text) if not any(a <= r[0] and r[1] <= b for a, b in taken)]
        if not ranges:
            return []
        texts = [draft.text[a:b] for a, b in ranges]
        scores, rows = self._vectors.search(self._embedder.encode(texts), NEIGHBOURS)
        best: dict[int, tuple[float, tuple[int, int]]] = {}
        for i, text in enumerate(texts):
            letters = skeleton(fold(text)).text
            if self._is_public(letters):
                continue
            nearest: dict[int, float] = {}
            for score, row in zip(scores[i], rows[i], strict=True):
                if row >= 0:
                    document = int(self._rows[row][0])
                    nearest[document] = max(nearest.get(document, -1.0), float(score))
            for document, cosine in nearest.items():
                p = evidence(text, letters, self._letters[document].text, cosine, self._facts[document], self._rarity)
                if p >= SUSPECT and p > best.get(document, (0.0, (0, 0)))[0]:
                    best[document] = (p, ranges[i])
        ranked = sorted(best.items(), key=lambda kv: -kv[1][0])[:1]
        return [
            finding(
                draft,
                span,
                self._documents[document],
                MatchKind.PARAPHRASE,
                p,
                (span[1] - span[0]) / max(len(draft.text), 1),
                self._lang,
                blocks=p >= CONFIRMED,
            )
            for document, (p, span) in ranked
            if not any(min(b, span[1]) - max(a, span[0]) > 0.5 * (span[1] - span[0]) for a, b in taken)
        ]

    def _is_public(self, letters: str) -> bool:
        """Whether most of a window stands in public text or boilerplate."""
        runs = [letters[i : i + GRAM] for i in range(len(letters) - GRAM + 1)]
        return bool(runs) and sum(run in self._common for run in runs) > 0.5 * len(runs)


def _span(folded: Folded, letters: Skeleton, start: int, stop: int) -> tuple[int, int]:
    """The draft's range behind letters `start:stop`."""
    return folded.to_draft(letters.places[start], letters.places[stop - 1] + 1)


def _common(public: Sequence[str], documents: Sequence[str]) -> frozenset[str]:
    """Runs of `GRAM` letters that stand in public text, or in so many documents that they are boilerplate."""
    runs = {text[i : i + GRAM] for text in public for i in range(len(text) - GRAM + 1)}
    counts: Counter[str] = Counter()
    for text in documents:
        counts.update({text[i : i + GRAM] for i in range(len(text) - GRAM + 1)})
    return frozenset(runs | {run for run, n in counts.items() if n >= BOILERPLATE})
