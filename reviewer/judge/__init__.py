"""The judge: reads the draft once with the offline model and says, per clause, how likely it is violated.

The model's hidden state is read by fitted heads together with a sentence embedding; nothing is generated. Evidence is
the sentences whose absence lowers the score most. The judge can raise a decision, never lower one.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from reviewer.draft import Channel, Draft, Folded, Lang
from reviewer.finding import ClauseRef, Finding, Severity, Stage
from reviewer.judge.heads import Floats, Heads, sigmoid
from reviewer.judge.windows import LIMIT, segments, trim, windows
from reviewer.verdict import Judgement, Neighbour, Probability, StageResult, Unfinished

EVIDENCE_SEGMENTS = 6
"""Pieces of a window that are left out in turn to find the deciding words; each costs one forward pass."""

NEIGHBOURS = 3


class Clause(Protocol):
    """What the judge needs of a clause of a regulation pack."""

    @property
    def ref(self) -> ClauseRef: ...

    def severity_on(self, channel: Channel) -> Severity: ...

    def explanation(self, lang: Lang) -> str: ...

    def suggestion(self, lang: Lang) -> str: ...


class Reads(Protocol):
    """Turns a text and its channel into a hidden state and an embedding."""

    def __call__(self, text: str, channel: Channel) -> tuple[Floats, Floats]: ...


class Judge:
    """A stage: calibrated probability per clause, findings for those that fire, and the nearest precedents."""

    def __init__(
        self,
        read: Reads,
        heads: Heads,
        labels: Sequence[str],
        clauses: Mapping[str, Clause],
        cases: Mapping[str, Neighbour],
        lang: Lang,
    ) -> None:
        """`clauses` maps a label to the clause cited for it; labels without a clause are not judged."""
        self._read = read
        self._heads = heads
        self._labels = tuple(labels)
        self._clauses = clauses
        self._cases = cases
        self._lang = lang

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Judge every window of the draft; text beyond `LIMIT` characters stays unfinished."""
        if not draft.text.strip():
            return StageResult(stage=Stage.JUDGE, examined=((0, len(draft.text)),) if draft.text else ())
        ranges = windows(len(draft.text))
        read = [self._read(draft.text[a:b], draft.channel) for a, b in ranges]
        outputs = np.stack([self._heads.outputs(state, embedding) for state, embedding in read])
        worst = int(outputs[:, 0].argmax())
        probability = sigmoid(outputs.max(axis=0))
        judgement = Judgement(
            probability=Probability(
                violation=_rounded(probability[0]),
                clauses={
                    label: _rounded(probability[1 + k])
                    for k, label in enumerate(self._labels)
                    if label in self._clauses
                },
            ),
            neighbours=self._neighbours(read[worst][1]),
            considered=tuple(c.ref for c in self._clauses.values()),
        )
        unfinished: tuple[Unfinished, ...] = ()
        if len(draft.text) > LIMIT:
            reason = self._lang.pick(f"只判读了前 {LIMIT} 字", f"only the first {LIMIT} characters were judged")
            unfinished = (Unfinished(stage=Stage.JUDGE, reason=reason),)
        return StageResult(
            stage=Stage.JUDGE,
            findings=tuple(
                f
                for w, (a, b) in enumerate(ranges)
                if sigmoid(outputs[w])[0] >= self._heads.fitted.threshold
                for f in self._findings(draft, (a, b), outputs[w], judgement)
            ),
            unfinished=unfinished,
            examined=((0, min(len(draft.text), LIMIT)),),
            judgement=judgement,
        )

    def _findings(self, draft: Draft, window: tuple[int, int], outputs: Floats, judgement: Judgement) -> list[Finding]:
        """One finding per clause that fires in this window; the most likely one always does."""
        scores = {label: float(outputs[1 + k]) for k, label in enumerate(self._labels) if label in self._clauses}
        first = max(scores, key=lambda label: scores[label])
        fired = [first, *(label for label, z in scores.items() if z > 0 and label != first)]
        violation = _rounded(sigmoid(outputs[:1])[0])
        found = []
        for label, span in zip(fired, self._evidence(draft, window, fired), strict=True):
            clause = self._clauses[label]
            confidence = violation if label == first else _rounded(sigmoid(outputs)[1 + self._labels.index(label)])
            found.append(
                Finding(
                    rule=f"judge.{label}",
                    stage=Stage.JUDGE,
                    severity=clause.severity_on(draft.channel),
                    confidence=confidence,
                    clause=clause.ref,
                    span=span,
                    quote=draft.quote(span),
                    reason=self._reason(clause, label, judgement),
                    advice=clause.suggestion(self._lang),
                )
            )
        return found

    def _evidence(self, draft: Draft, window: tuple[int, int], labels: Sequence[str]) -> list[tuple[int, int]]:
        """Per label, the piece of the window without which the scores fall most."""
        parts = segments(draft.text, *window, EVIDENCE_SEGMENTS)
        if len(parts) < 2:
            return [trim(draft.text, parts[0] if parts else window)] * len(labels)
        rest = [draft.text[window[0] : a] + draft.text[b : window[1]] for a, b in parts]
        without = np.stack([self._heads.outputs(*self._read(text, draft.channel)) for text in rest])
        spans = []
        for label in labels:
            weakened = without[:, 0] + 0.5 * without[:, 1 + self._labels.index(label)]
            spans.append(trim(draft.text, parts[int(weakened.argmin())]))
        return spans

    def _reason(self, clause: Clause, label: str, judgement: Judgement) -> str:
        """The pack's own wording, and why the nearest precedent with this label was decided so."""
        case = next((n for n in judgement.neighbours if label in n.labels), None)
        reason = clause.explanation(self._lang)
        if case is None:
            return reason
        return self._lang.pick(f"{reason}相近先例：{case.reason}", f"{reason} Nearest precedent: {case.reason}")

    def _neighbours(self, embedding: Floats) -> tuple[Neighbour, ...]:
        near = [(self._cases.get(self._heads.fitted.ids[i]), s) for i, s in self._heads.nearest(embedding, NEIGHBOURS)]
        return tuple(n.model_copy(update={"similarity": _rounded(np.float32(s))}) for n, s in near if n)


def _rounded(p: np.floating) -> float:
    return round(min(max(float(p), 0.0), 1.0), 4)
