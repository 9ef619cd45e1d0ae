"""The judge: reads the draft with the offline model and says, per clause, how likely it is violated.

What the model holds of the draft's tokens is read by fitted heads together with a sentence embedding; nothing is
generated. The draft stands there twice, and what the first pass shows to be harmless (a glance) is read no further. One
more head, fitted on the deciding words of the precedents, reads every token: the words it points at are the evidence.
The judge can raise a decision, never lower one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from reviewer.draft import Channel, Draft, Folded, Lang
from reviewer.finding import ClauseRef, Finding, Severity, Stage
from reviewer.judge.cases import Cases, rounded
from reviewer.judge.heads import Floats, Heads, finite, sigmoid
from reviewer.judge.learn import Learnt, Point, nearness, nothing
from reviewer.judge.states import PIECE, Glance, Read, quoted
from reviewer.judge.windows import COMPARED, LIMIT, apart, windows
from reviewer.verdict import Judgement, Probability, StageResult, Unfinished

SELECTED = 1.0
"""Log-odds taken off what was selected to be read alone, besides the log of how many stretches had a chance: a part is
more suspect without the rest (`docs/judgement.md`)."""

NEIGHBOURS = 3

AI = "ai"
"""The label of the clause on AI tools."""

UNCITED = (
    "很像不该发送的内容；启用的规范包里没有可引用的条款。",
    "It resembles what must not be sent; no pack in force has a clause to cite.",
)
UNCITED_ADVICE = "请保密员判断。", "Let a secrecy officer decide."


class Clause(Protocol):
    """What the judge needs of a clause of a regulation pack."""

    @property
    def ref(self) -> ClauseRef: ...

    def severity_on(self, channel: Channel) -> Severity: ...

    def explanation(self, lang: Lang) -> str: ...

    def suggestion(self, lang: Lang) -> str: ...


class Reads(Protocol):
    """Reads a text that goes out by a channel."""

    def once(self, text: str, channel: Channel) -> Glance: ...

    def __call__(self, text: str, channel: Channel, embedding: Floats | None = None) -> Read:
        """`embedding` of the text, where it is known."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a part of a draft: a window, or what decides its worst stretch, read alone."""

    point: Point
    at: int
    """The character that decides."""
    among: slice
    """The tokens of the window it was chosen among."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A window that was read."""

    outputs: Floats
    """Its 15 log-odds with what was learnt, by the most suspicious reading."""
    embedding: Floats
    decides: tuple[Read, Candidate] | None = None
    """The whole of it, and that reading; nothing where a glance settled it."""


class Judge:
    """A stage: calibrated probability per clause, findings for those that fire, and the nearest precedents."""

    def __init__(
        self,
        read: Reads,
        heads: Heads,
        labels: Sequence[str],
        clauses: Mapping[str, Clause],
        cases: Cases,
        lang: Lang,
        learnt: Learnt | None = None,
    ) -> None:
        """`clauses` maps a label to the clause cited for it; labels without a clause are not judged.

        `learnt` is what the station's own precedents change.
        """
        self._read = read
        self._heads = heads
        self._labels = tuple(labels)
        self._clauses = clauses
        self._cases = cases
        self._lang = lang
        self._learnt = learnt or nothing(heads.embeddings.shape[1])

    def points(self, text: str, channel: Channel) -> tuple[Point, ...]:
        """Every reading that could decide a text, before anything learnt; what a lesson is made of."""
        draft = Draft(text=text, channel=channel)
        read = ((w, self._of(draft, w)) for w in windows(len(text)))
        return tuple(c.point for w, r in read for c in (self._whole(w, r), *self._part(draft, w, r)))

    def _of(self, draft: Draft, window: tuple[int, int]) -> Read:
        return self._read(draft.text[slice(*window)], draft.channel)

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Judge every window of the draft; text beyond `LIMIT` characters stays unfinished.

        Raises `ModelError` where a reading is no number, and what reading raises.
        """
        if not draft.text.strip():
            return StageResult(stage=Stage.JUDGE, examined=((0, len(draft.text)),) if draft.text else ())
        ranges = windows(len(draft.text))
        seen = [self._see(draft, w) for w in ranges]
        worst = max(seen, key=lambda s: float(s.outputs[0]))
        probability = sigmoid(np.max([s.outputs for s in seen], axis=0))
        judgement = Judgement(
            probability=Probability(
                violation=rounded(probability[0]),
                clauses={
                    label: rounded(probability[1 + k]) for k, label in enumerate(self._labels) if label in self._clauses
                },
            ),
            neighbours=self._cases.nearest(worst.embedding, NEIGHBOURS),
            considered=tuple(c.ref for c in self._clauses.values()),
        )
        unfinished: tuple[Unfinished, ...] = ()
        if len(draft.text) > LIMIT:
            reason = self._lang.pick(f"只判读了前 {LIMIT} 字", f"only the first {LIMIT} characters were judged")
            unfinished = (Unfinished(stage=Stage.JUDGE, reason=reason),)
        found = [
            f
            for window, s in zip(ranges, seen, strict=True)
            if s.decides is not None and float(s.outputs[0]) >= self._heads.threshold
            for f in self._findings(draft, self._quoted(draft, window, *s.decides), s.outputs, s.embedding)
        ]
        return StageResult(
            stage=Stage.JUDGE,
            findings=tuple(_once(found)),
            unfinished=unfinished,
            examined=((0, min(len(draft.text), LIMIT)),),
            judgement=judgement,
        )

    def _quoted(self, draft: Draft, window: tuple[int, int], read: Read, chosen: Candidate) -> list[tuple[int, int]]:
        return quoted(draft.text, window, read, self._heads.evidence, chosen.at, chosen.among)

    def _see(self, draft: Draft, window: tuple[int, int]) -> Seen:
        """Read a window: once where that settles it as harmless, else whole, and where that passes a part alone."""
        glance = self._read.once(draft.text[slice(*window)], draft.channel)
        settled = glance.settled(self._heads)
        if settled is not None and not self._taught(glance):
            return Seen(settled, glance.embedding)
        read = self._read(draft.text[slice(*window)], draft.channel, glance.embedding)
        whole = self._whole(window, read)
        outputs, chosen = self._closest([whole])
        if float(outputs[0]) < self._heads.threshold:
            outputs, chosen = self._closest([whole, *self._part(draft, window, read)])
        return Seen(outputs, read.embedding, (read, chosen))

    def _taught(self, glance: Glance) -> bool:
        """Whether anything learnt is about a window; of one with parts any lesson may be, since each is compared."""
        known = self._learnt.embeddings
        return len(known) > 0 and bool(glance.stretches() or nearness(known, glance.embedding).any())

    def _whole(self, window: tuple[int, int], read: Read) -> Candidate:
        """A window as a whole."""
        point = Point(read.outputs(self._heads), read.embedding, window[1] - window[0] <= COMPARED)
        return Candidate(point, window[0] + read.decisive(self._heads.evidence), slice(None))

    def _part(self, draft: Draft, window: tuple[int, int], read: Read) -> list[Candidate]:
        """What decides the worst stretch of a long window, read alone (`apart`).

        What it was selected among is taken off: the log of how many had a chance (Bonferroni), and `SELECTED`.
        """
        scores = {s: float(piece.outputs(self._heads)[0]) for s, piece in read.pieces().items()}
        if not scores:
            return []
        first = max(scores, key=lambda s: scores[s])
        among = slice(first, first + PIECE)
        at = window[0] + read.decisive(self._heads.evidence, among)
        span = apart(draft.text, *window, at)
        if span is None:
            return []
        alone = self._of(draft, span)
        closer = alone.outputs(self._heads) - np.float32(np.log(len(scores)) + SELECTED)
        return [Candidate(Point(closer, alone.embedding, span[1] - span[0] <= COMPARED), at, among)]

    def _closest(self, candidates: Sequence[Candidate]) -> tuple[Floats, Candidate]:
        """The reading that is most suspicious, and its log-odds with what was learnt. Raises `ModelError`."""
        taught = [(finite(c.point.outputs + self._learnt.shift(c.point)), c) for c in candidates]
        return max(taught, key=lambda t: float(t[0][0]))

    def _findings(
        self, draft: Draft, spans: Sequence[tuple[int, int]], outputs: Floats, embedding: Floats
    ) -> list[Finding]:
        """One finding per clause that fires, on the words that decide; the likeliest always does.

        The first, quoted on every span, is the likeliest; on the way to an AI tool it is the clause on AI tools where
        that fires, whatever the material violates besides.
        """
        scores = {label: float(outputs[1 + k]) for k, label in enumerate(self._labels) if label in self._clauses}
        if not scores:
            return [self._uncited(draft, span, rounded(sigmoid(outputs[:1])[0])) for span in spans]
        likeliest = max(scores, key=lambda label: scores[label])
        leads = AI if draft.channel is Channel.AI_PROMPT else likeliest
        fired = [label for label, z in scores.items() if z > 0 or label == likeliest]
        first, *rest = sorted(fired, key=lambda label: (label != leads, label != likeliest))
        violation = rounded(sigmoid(outputs[:1])[0])
        found = []
        for label, span in [*((first, s) for s in spans), *((label, spans[0]) for label in rest)]:
            clause = self._clauses[label]
            confidence = violation if label == first else rounded(sigmoid(outputs)[1 + self._labels.index(label)])
            found.append(
                Finding(
                    rule=f"judge.{label}",
                    stage=Stage.JUDGE,
                    severity=clause.severity_on(draft.channel),
                    confidence=confidence,
                    clause=clause.ref,
                    span=span,
                    quote=draft.quote(span),
                    reason=self._reason(clause, label, embedding),
                    advice=clause.suggestion(self._lang),
                )
            )
        return found

    def _uncited(self, draft: Draft, span: tuple[int, int], confidence: float) -> Finding:
        """A finding where no pack in force has a clause that the judge knows."""
        return Finding(
            rule="judge.uncited",
            stage=Stage.JUDGE,
            severity=Severity.REVIEW,
            confidence=confidence,
            span=span,
            quote=draft.quote(span),
            reason=self._lang.pick(*UNCITED),
            advice=self._lang.pick(*UNCITED_ADVICE),
        )

    def _reason(self, clause: Clause, label: str, embedding: Floats) -> str:
        """The pack's own wording, and why the nearest precedent with this label was decided so."""
        reason = clause.explanation(self._lang)
        for case in self._cases.nearest(embedding, 1, label):
            return self._lang.pick(f"{reason}相近先例：{case.reason}", f"{reason} Nearest precedent: {case.reason}")
        return reason


def _once(found: Sequence[Finding]) -> list[Finding]:
    """Without what two windows that share it both found: of one rule the surer of equal places, and no place inside
    another.
    """
    kept: list[Finding] = []
    for f in sorted(found, key=lambda f: (f.span[0] - f.span[1], -f.confidence)):
        if not any(k.rule == f.rule and k.span[0] <= f.span[0] and f.span[1] <= k.span[1] for k in kept):
            kept.append(f)
    return [f for f in found if any(f is k for k in kept)]
