"""The match stage: does the draft copy, rewrite, or name an indexed document? It never shows the document's text."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import ClauseRef, Finding, Match, MatchKind, Severity, Stage
from reviewer.index import GRAM, Document, Snippet, Store, grams, winnow
from reviewer.match.copies import COPIED, Passage, passages
from reviewer.match.paraphrase import CONFIRMED, SUSPECT, Rarity, evidence
from reviewer.match.skeleton import Skeleton, facts, skeleton, windows
from reviewer.match.titles import quotes
from reviewer.normalise import fold
from reviewer.verdict import StageResult

Floats = NDArray[np.float32]

LIMIT = 100_000
"""Characters of a draft that are compared; the rest is reported as not examined."""

STATE_SECRET = ("绝密", "机密", "秘密")
BOILERPLATE = 3
"""Documents that share a run of letters from which it counts as boilerplate."""

NEIGHBOURS = 12
"""Snippets looked up for each window."""


class Encodes(Protocol):
    """What matching needs of an embedder."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, d) unit vectors."""


def prepare(document: Document, embedder: Encodes, key: bytes) -> tuple[list[list[tuple[int, int]]], list[Snippet]]:
    """Fingerprints of both views and embedded windows of a document, ready for `Store.add`."""
    letters = skeleton(fold(document.text))
    views = [winnow(grams(list(letters.text), key)), winnow(grams(letters.sounds(), key))]
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
            found.append(self._finding(draft, span, p.document, kind, p.score, share))
        return found

    def _names(self, draft: Draft, folded: Folded, letters: Skeleton) -> list[Finding]:
        total = max(len(letters.text), 1)
        found = []
        for document, content in self._documents.items():
            for q in quotes(letters, content):
                span = _span(folded, letters, q.start, q.stop)
                found.append(self._finding(draft, span, document, q.kind, q.score, (q.stop - q.start) / total))
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
            self._finding(draft, span, document, MatchKind.PARAPHRASE, p, (span[1] - span[0]) / max(len(draft.text), 1))
            for document, (p, span) in ranked
            if not any(min(b, span[1]) - max(a, span[0]) > 0.5 * (span[1] - span[0]) for a, b in taken)
        ]

    def _is_public(self, letters: str) -> bool:
        """Whether most of a window stands in public text or boilerplate."""
        runs = [letters[i : i + GRAM] for i in range(len(letters) - GRAM + 1)]
        return bool(runs) and sum(run in self._common for run in runs) > 0.5 * len(runs)

    def _finding(
        self, draft: Draft, span: tuple[int, int], document: int, kind: MatchKind, score: float, share: float
    ) -> Finding:
        content = self._documents[document]
        state = content.level in STATE_SECRET
        expired = bool(content.expires) and content.expires < date.today().isoformat()
        sure = kind is not MatchKind.PARAPHRASE or score >= CONFIRMED
        severity = Severity.BLOCK if state and sure and not expired else Severity.REVIEW
        named = kind in (MatchKind.TITLE, MatchKind.NUMBER)
        clause_id = ("wx-3" if named else "wx-1") if state else "wx-6"
        zh, en = _REASONS[kind]
        if expired:
            zh, en = (
                f"{zh}（该文件保密期限已过，须核实是否解密）",
                f"{en} (its period has passed: check declassification)",
            )
        return Finding(
            rule=f"match.{kind.value}",
            stage=Stage.MATCH,
            severity=severity,
            confidence=round(min(score, 1.0), 4),
            clause=ClauseRef(pack="wechat-party-government", id=clause_id, title=_TITLES[clause_id]),
            span=span,
            quote=draft.quote(span),
            reason=self._lang.pick(f"{zh}。", f"{en}."),
            advice=self._lang.pick(
                "不要发送；删去这部分，按涉密渠道办理。",
                "Do not send; remove this part and use the classified channel.",
            ),
            match=Match(
                doc=content.doc,
                level=content.level,
                kind=kind,
                score=round(min(score, 1.0), 4),
                draft_share=round(min(share, 1.0), 4),
            ),
        )


_REASONS = {
    MatchKind.VERBATIM: ("这段文字与索引中的文件逐字相同", "these words stand word for word in an indexed document"),
    MatchKind.NEAR: ("这段文字与索引中的文件几乎相同", "these words are nearly those of an indexed document"),
    MatchKind.PARAPHRASE: ("这段文字像是改写自索引中的文件，事实相同", "this seems rewritten from an indexed document"),
    MatchKind.TITLE: ("引用了索引中文件的名称", "the title of an indexed document is quoted"),
    MatchKind.NUMBER: ("引用了索引中文件的文号", "the number of an indexed document is quoted"),
}
_TITLES = {
    "wx-1": "不得用微信传播国家秘密文件、资料",
    "wx-3": "不得引用国家秘密文件的内容、名称和文号",
    "wx-6": "不得传播未公开的内部文件、资料",
}


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
