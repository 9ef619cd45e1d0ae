"""The judge: reads the draft with the offline model and says, per clause, how likely it is violated.

What the model holds of the draft's tokens is read by fitted heads together with a sentence embedding; nothing is
generated. A further head, fitted on the deciding words of the precedents, reads every token: the words it points at are
the evidence. What that leaves unsure the model reads again with an adapter. The judge can raise a decision, never lower
one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from reviewer.draft import Channel, Draft, Folded, Lang
from reviewer.finding import ClauseRef, Finding, Severity, Stage
from reviewer.judge.cases import Cases, rounded
from reviewer.judge.heads import Floats, Heads, finite, sigmoid
from reviewer.judge.learn import Learnt, Point, nothing
from reviewer.judge.windows import COMPARED, LIMIT, apart, around, windows
from reviewer.verdict import Judgement, Probability, StageResult, Unfinished

PIECE = 90
"""Tokens of a stretch of a long window; of the worst a part is read again alone, so that it does not drown."""

SELECTED = 1.0
"""Log-odds taken off what was selected to be read alone, besides the log of how many stretches had a chance: a part is
more suspect without the rest (`docs/judgement.md`)."""

SMOOTH = 5
"""Tokens over which the evidence head is averaged."""

QUOTES = 3
"""Places that are quoted at most."""

CLOSE = 1.0
"""Log-odds of the evidence head within which another place is quoted too. Of 728 leaking drafts that no head had seen,
with every leaking word labelled, it is 2.2 places on average; 99 % of the drafts have a label touched, 93 % of the
places touch one."""

NEIGHBOURS = 3

AI = "ai"
"""The label of the clause on AI tools."""


class Clause(Protocol):
    """What the judge needs of a clause of a regulation pack."""

    @property
    def ref(self) -> ClauseRef: ...

    def severity_on(self, channel: Channel) -> Severity: ...

    def explanation(self, lang: Lang) -> str: ...

    def suggestion(self, lang: Lang) -> str: ...


@dataclass(frozen=True, slots=True)
class Read:
    """What the model holds of one text."""

    rows: Floats
    """(2, tokens, w): every token at the first and the second reading."""
    starts: tuple[int, ...]
    """The character at which each token starts."""
    embedding: Floats
    """(e,) the sentence embedding, unit length."""

    @property
    def state(self) -> Floats:
        """(2 * w,) the mean over the tokens of both readings, what the heads are fitted on."""
        return np.asarray(self.rows.mean(axis=1).ravel(), np.float32)

    def pieces(self) -> dict[int, "Read"]:
        """First token and reading of half-overlapping stretches of `PIECE` tokens, where there are more than two."""
        count = self.rows.shape[1]
        starts = range(0, count - PIECE // 2, PIECE // 2) if count > 2 * PIECE else ()
        return {s: Read(self.rows[:, s : s + PIECE], self.starts[s : s + PIECE], self.embedding) for s in starts}

    def outputs(self, heads: Heads) -> Floats:
        """The 15 log-odds by these heads."""
        return heads.outputs(self.state, self.embedding, self.rows[1])

    def decisive(self, weight: Floats, among: slice = slice(None)) -> int:
        """The character around which the tokens `among` of the second reading score highest by `weight`."""
        return self.starts[among][int(self._scores(weight)[among].argmax())]

    def runner_up(self, weight: Floats, among: slice, taken: Sequence[tuple[int, int]]) -> int | None:
        """The character outside those `taken` around which they score highest, where that is nearly as high."""
        starts, scores = np.asarray(self.starts[among]), self._scores(weight)[among]
        others = scores.copy()
        for start, end in taken:
            others[(starts >= start) & (starts < end)] = -np.inf
        best = int(others.argmax())
        return int(starts[best]) if others[best] > scores.max() - CLOSE else None

    def _scores(self, weight: Floats) -> Floats:
        kernel = np.ones(min(SMOOTH, len(self.starts)))
        return np.asarray(np.convolve(self.rows[1] @ weight, kernel / len(kernel), mode="same"), np.float32)


def quoted(
    text: str, window: tuple[int, int], read: Read, weight: Floats, at: int, among: slice = slice(None)
) -> list[tuple[int, int]]:
    """The words of a window that decide: those around character `at`, and other places nearly as much like it."""
    spans = [around(text, *window, at)]
    while len(spans) < QUOTES:
        other = read.runner_up(weight, among, [(a - window[0], b - window[0]) for a, b in spans])
        span = None if other is None else around(text, *window, window[0] + other)
        if span is None or span in spans:
            break
        spans.append(span)
    return spans


class Reads(Protocol):
    """Reads a text that goes out by a channel."""

    def __call__(self, text: str, channel: Channel) -> Read: ...


class ReadsAgain(Protocol):
    """The second reading of a text that goes out by a channel: `Second.outputs`."""

    def __call__(self, text: str, channel: Channel) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a part of a draft: a window, or what decides its worst stretch, read alone."""

    point: Point
    at: int
    """The character that decides."""
    among: slice
    """The tokens of the window it was chosen among."""


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
        again: ReadsAgain | None = None,
    ) -> None:
        """`clauses` maps a label to the clause cited for it; labels without a clause are not judged.

        `learnt` is what the station's own precedents change; `again` reads what `heads` are unsure of.
        """
        self._read = read
        self._again = again
        self._heads = heads
        self._labels = tuple(labels)
        self._clauses = clauses
        self._cases = cases
        self._lang = lang
        self._learnt = learnt or nothing(heads.embeddings.shape[1])

    def points(self, text: str, channel: Channel) -> tuple[Point, ...]:
        """Every reading that could decide a text, before anything learnt; what a lesson is made of."""
        draft = Draft(text=text, channel=channel)
        return tuple(c.point for w in windows(len(text)) for c in self._candidates(draft, w, self._of(draft, w)))

    def _of(self, draft: Draft, window: tuple[int, int]) -> Read:
        return self._read(draft.text[slice(*window)], draft.channel)

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Judge every window of the draft; text beyond `LIMIT` characters stays unfinished.

        Raises `ModelError` where a reading is no number, and what reading raises.
        """
        if not draft.text.strip():
            return StageResult(stage=Stage.JUDGE, examined=((0, len(draft.text)),) if draft.text else ())
        ranges = windows(len(draft.text))
        read = [self._of(draft, w) for w in ranges]
        closest = [self._closest(self._candidates(draft, w, r)) for w, r in zip(ranges, read, strict=True)]
        outputs = np.stack([z for z, _ in closest])
        worst = int(outputs[:, 0].argmax())
        probability = sigmoid(outputs.max(axis=0))
        judgement = Judgement(
            probability=Probability(
                violation=rounded(probability[0]),
                clauses={
                    label: rounded(probability[1 + k]) for k, label in enumerate(self._labels) if label in self._clauses
                },
            ),
            neighbours=self._cases.nearest(read[worst].embedding, NEIGHBOURS),
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
                for w, window in enumerate(ranges)
                if sigmoid(outputs[w])[0] >= self._heads.fitted.threshold
                for f in self._findings(
                    draft,
                    quoted(draft.text, window, read[w], self._heads.evidence, closest[w][1].at, closest[w][1].among),
                    outputs[w],
                    read[w].embedding,
                )
            ),
            unfinished=unfinished,
            examined=((0, min(len(draft.text), LIMIT)),),
            judgement=judgement,
        )

    def _candidates(self, draft: Draft, window: tuple[int, int], read: Read) -> list[Candidate]:
        """A window as a whole and, where it is long, what decides its worst stretch, read alone (`apart`).

        That was selected among many, so the log of how many stretches had a chance is taken off (Bonferroni), and
        `SELECTED`.
        """
        whole = self._outputs(draft, window, read)
        point = Point(whole, read.embedding, window[1] - window[0] <= COMPARED)
        found = [Candidate(point, window[0] + read.decisive(self._heads.evidence), slice(None))]
        scores = {s: float(piece.outputs(self._heads)[0]) for s, piece in read.pieces().items()}
        if not scores:
            return found
        first = max(scores, key=lambda s: scores[s])
        among = slice(first, first + PIECE)
        at = window[0] + read.decisive(self._heads.evidence, among)
        span = apart(draft.text, *window, at)
        if span is not None:
            alone = self._of(draft, span)
            closer = self._outputs(draft, span, alone) - np.float32(np.log(len(scores)) + SELECTED)
            found.append(Candidate(Point(closer, alone.embedding, span[1] - span[0] <= COMPARED), at, among))
        return found

    def _outputs(self, draft: Draft, span: tuple[int, int], read: Read) -> Floats:
        """The 15 log-odds of a part of a draft, after a second reading where the first is unsure."""
        first = read.outputs(self._heads)
        if self._again is None or not self._heads.unsure(first):
            return first
        return self._heads.settled(first, self._again(draft.text[slice(*span)], draft.channel))

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

    def _reason(self, clause: Clause, label: str, embedding: Floats) -> str:
        """The pack's own wording, and why the nearest precedent with this label was decided so."""
        reason = clause.explanation(self._lang)
        for case in self._cases.nearest(embedding, 1, label):
            return self._lang.pick(f"{reason}相近先例：{case.reason}", f"{reason} Nearest precedent: {case.reason}")
        return reason
