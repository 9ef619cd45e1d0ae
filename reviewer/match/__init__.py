"""The match stage: does the draft copy, rewrite, or name an indexed document? It never shows the document's text."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import ClauseRef, Finding, MatchKind, Stage
from reviewer.index import SPOKEN, SYLLABLES, Document, Snippet, Store, grams, winnow
from reviewer.match.copies import COPIED, covered, passages
from reviewer.match.examined import behind, cut, left
from reviewer.match.families import Families, runs
from reviewer.match.findings import finding, inherited, weight
from reviewer.match.likeness import CERTAIN, Likeness
from reviewer.match.public import Public, bodies, shipped_public
from reviewer.match.rarity import Rarity, bigrams
from reviewer.match.registered import registered
from reviewer.match.rewritten import SURE, Rewriting, Rewritings, proven, topic
from reviewer.match.source import Source, windows
from reviewer.match.titles import Registered
from reviewer.match.weights import Weights, probability, shipped_weights
from reviewer.verdict import StageResult

Floats = NDArray[np.float32]

TRIED = 20
"""Of so many documents, the longest, one is chosen whose copy must be found."""
PRIVATE = 60
"""Runs of letters that are not public and that a document needs for it: its copy is then no matter of judgement."""
COPY = 2000
"""Characters of such a copy at most."""


class Encodes(Protocol):
    """What matching needs of an embedder."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, d) unit vectors."""


def prepare(document: Document, embedder: Encodes, key: bytes) -> tuple[list[list[tuple[int, int]]], list[Snippet]]:
    """Fingerprints of text, title and number, and embedded windows of a document, ready for `Store.add`."""
    source = Source.read(document.text)
    views = [
        winnow(grams(source.letters.text, key)),
        winnow(grams(source.syllables, key, SYLLABLES), SPOKEN),
        *registered(document, key),
    ]
    ranges = windows(document.text)
    vectors = embedder.encode([document.text[a:b] for a, b in ranges])
    return views, [Snippet(a, b, v) for (a, b), v in zip(ranges, vectors, strict=True)]


class Matcher:
    """A stage over an open store."""

    def __init__(
        self,
        store: Store,
        embedder: Encodes,
        clauses: Mapping[str, ClauseRef],
        lang: Lang,
        public: Sequence[str] = (),
        ordinary: Sequence[str] = (),
        weights: Weights | None = None,
    ) -> None:
        """`clauses` gives the citation of each clause id.

        `public` texts may be quoted by anyone, beside the shipped ones; `ordinary` ones show how people write."""
        self._store = store
        self._clauses = clauses
        self._lang = lang
        self._weights = weights or shipped_weights()
        self._documents = {d.id: d.document for d in store.documents()}
        sources = {i: Source.read(d.text) for i, d in self._documents.items()}
        self._sources = sources
        named = {i: bodies(d.text) for i, d in self._documents.items()}
        names = [name for some in named.values() for name in some]
        self._public: Public = shipped_public().with_texts([*public, *names])
        background = [Source.read(t) for t in (*public, *ordinary)]
        self._rarity = Rarity.of(bigrams(s.letters.text) for s in (*background, *sources.values()))
        self._families = Families(lambda i: runs(sources[i].letters.text))
        self._topics = {i: topic([d.title, d.number, *named[i]]) for i, d in self._documents.items()}
        self._titles = {i: Source.read(d.title).letters.text for i, d in self._documents.items()}
        self._registered = Registered(self._documents, self._rarity)
        index, rows = store.neighbours()
        self._rewritings = Rewritings(
            sources,
            self._topics,
            index,
            rows,
            embedder.encode,
            self._rarity,
            [s.facts for s in background],
            self._weights.paraphrase,
        )

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Findings for copies, quoted titles and numbers, and rewritten passages."""
        unfinished = behind(draft, self._lang)
        draft, folded = cut(draft, folded)
        counted = [like for like in self.weigh(draft.text, folded) if like.over >= 0]
        found = tuple(self._findings(draft, counted))
        return StageResult(stage=Stage.MATCH, findings=found, unfinished=unfinished, examined=((0, len(draft.text)),))

    def known(self) -> str | None:
        """A copy of what is indexed, which must be found; `None` where everything is short or public."""
        longest = sorted(self._sources, key=lambda i: -len(self._documents[i].text))[:TRIED]
        private = {i: int((~self._public.marks(self._sources[i].letters.text[:COPY])).sum()) for i in longest}
        best = max(private, key=lambda i: private[i], default=None)
        return self._documents[best].text[:COPY] if best is not None and private[best] >= PRIVATE else None

    def weigh(self, text: str, folded: Folded, floor: float = 0.0) -> list[Likeness]:
        """Every likeness whose odds lie at most `floor` below the threshold.

        What lies in a stretch that counts already is not looked at again.
        """
        draft = Source.of(folded)
        if not draft.letters.text or not self._documents:
            return []
        public = self._public.marks(draft.letters.text)
        copied = list(self._copied(draft, public))
        named = (like for like in self._named(draft) if not any(like.within(k) for k in copied if k.over >= 0))
        found = [like for like in (*copied, *named) if like.over >= -floor]
        counted = [like for like in found if like.over >= 0]
        leave = left(draft, public, counted)
        known = {like.document for like in counted}
        rewritten = self._rewritings(text, leave, floor)
        return [*found, *(self._rewritten(draft, r) for r in rewritten if r.document not in known)]

    def unweighed(self, text: str, folded: Folded, *, rewritten: bool) -> Iterator[Likeness]:
        """Everything that would be weighed, however unlikely: what weights are fitted on."""
        draft = Source.of(folded)
        public = self._public.marks(draft.letters.text)
        if rewritten:
            for r in self._rewritings.likely(text, left(draft, public, ()), math.inf):
                yield self._rewritten(draft, r)
        else:
            yield from self._copied(draft, public)
            yield from self._named(draft)

    def _copied(self, draft: Source, public: NDArray[np.bool_]) -> Iterator[Likeness]:
        letters = draft.letters.text
        copied = passages(
            draft,
            self._store,
            self._sources.__getitem__,
            public,
            self._rarity,
            self._families,
            self._topics,
            self._titles,
        )
        cover = covered(copied)
        near = self._weights.near
        for p in copied:
            features = {
                "weight": math.log1p(p.beyond),
                "similarity": p.similarity,
                "length": math.log((p.stop - p.start) / 20),
            }
            exact = p.exact >= COPIED
            odds = near.odds(features)
            document = max((p.document, *p.also), key=lambda i: weight(self._documents[i]))
            yield Likeness(
                document=document,
                kind=MatchKind.VERBATIM if exact and p.similarity > 0.98 else MatchKind.NEAR,
                span=draft.span(p.start, p.stop),
                score=p.similarity,
                share=(p.stop - p.start) / len(letters),
                over=CERTAIN if exact else near.over(odds),
                blocks=exact or near.blocks(odds),
                also=tuple(i for i in (p.document, *p.also) if i != document),
                held=cover.get(document, p.there[1] - p.there[0]) / len(self._sources[document].letters.text),
                features=features,
            )

    def _named(self, draft: Source) -> Iterator[Likeness]:
        title, letters = self._weights.title, len(draft.letters.text)
        for q in self._registered(draft):
            odds = CERTAIN if q.certain else title.odds(q.features)
            yield Likeness(
                document=q.document,
                kind=q.kind,
                span=draft.span(q.start, q.stop),
                score=q.score,
                share=(q.stop - q.start) / letters,
                over=CERTAIN if q.certain else title.over(odds),
                blocks=q.certain or title.blocks(odds),
                features=q.features,
            )

    def _rewritten(self, draft: Source, r: Rewriting) -> Likeness:
        odds = self._weights.paraphrase.odds(r.features)
        return Likeness(
            document=r.document,
            kind=MatchKind.PARAPHRASE,
            span=r.span,
            score=probability(odds),
            share=r.letters / len(draft.letters.text),
            over=r.over,
            blocks=self._weights.paraphrase.blocks(odds) and proven(r.features, SURE),
            features=r.features,
        )

    def _findings(self, draft: Draft, counted: Sequence[Likeness]) -> list[Finding]:
        rows = dict.fromkeys(i for like in counted for i in (like.document, *like.also))
        found = [finding(draft, like, self._documents[like.document], self._clauses, self._lang) for like in counted]
        return inherited(found, [self._documents[i] for i in rows], self._lang)
