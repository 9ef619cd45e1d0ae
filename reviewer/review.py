"""One review: the stages in order, each result as it is ready, and the record at the end."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from reviewer.decide import decide
from reviewer.draft import Draft, Folded
from reviewer.errors import Cancelled, ReviewerError
from reviewer.finding import Finding, Stage, worst_first
from reviewer.normalise import fold
from reviewer.verdict import DraftRef, Review, StageResult, Unfinished

Runner = Callable[[Draft, Folded, Sequence[Finding]], StageResult]
"""A stage: receives the draft, its folded form and all earlier findings."""

ORDER = (Stage.DETECT, Stage.MATCH, Stage.JUDGE)


class Reviewer:
    """The pipeline over values: which stages run, and the versions of everything that decides.

    A stage that is absent from `runners` is not part of this review; one that raises leaves it unfinished.
    """

    def __init__(self, runners: Mapping[Stage, Runner], versions: Callable[[], Mapping[str, str]]) -> None:
        self._runners = runners
        self._versions = versions

    @property
    def order(self) -> tuple[Stage, ...]:
        """The stages of this review, in the order they run."""
        return tuple(stage for stage in ORDER if stage in self._runners)

    def stages(self, draft: Draft) -> Iterator[StageResult]:
        """Each stage's result as it finishes; stop consuming to stop the review.

        Raises `Cancelled` when a running stage was told to stop; every other failure becomes `unfinished`.
        """
        yield StageResult(
            stage=Stage.READ,
            unfinished=tuple(Unfinished(stage=Stage.READ, reason=f"{u.what}: {u.reason}") for u in draft.unread),
        )
        folded = fold(draft.text)
        found: list[Finding] = []
        for stage in self.order:
            runner = self._runners[stage]
            started = time.perf_counter()
            try:
                result = runner(draft, folded, tuple(found))
            except Cancelled:
                raise
            except (ReviewerError, MemoryError) as exc:
                failure = Unfinished(stage=stage, reason=str(exc) or type(exc).__name__)
                result = StageResult(stage=stage, unfinished=(failure,))
            found += result.findings
            yield result.model_copy(update={"elapsed_ms": round((time.perf_counter() - started) * 1000)})

    def alone(self, stage: Stage, draft: Draft) -> StageResult:
        """What one stage says of a text by itself; this is no review. Raises what the stage raises."""
        return self._runners[stage](draft, fold(draft.text), ())

    def review(self, draft: Draft) -> Review:
        """All stages run to the end, as one record."""
        return self.record(draft, tuple(self.stages(draft)))

    def record(self, draft: Draft, results: Sequence[StageResult]) -> Review:
        """The record of stages that have run; a stage without a result, or no stage at all, is unfinished."""
        done = {r.stage for r in results}
        missing = [Unfinished(stage=s, reason="没有运行 / not run") for s in self.order if s not in done]
        found = (_placed(draft, f) for r in results for f in r.findings)
        findings = tuple(sorted(found, key=worst_first))
        if not self.order:
            missing.append(Unfinished(stage=Stage.READ, reason="没有运行任何检查 / no stage ran: nothing was examined"))
        unfinished = (*(u for r in results for u in r.unfinished), *missing)
        judgement = next((r.judgement for r in results if r.judgement), None)
        return Review(
            id=draft.id,
            decision=decide(findings, unfinished),
            findings=findings,
            unfinished=unfinished,
            examined=_common([r.examined for r in results if r.stage is not Stage.READ], len(draft.text)),
            length=len(draft.text),
            probability=judgement.probability if judgement else None,
            timings_ms={r.stage.value: r.elapsed_ms for r in results if r.stage is not Stage.READ},
            versions=dict(self._versions()),
            judgement=judgement,
            draft=DraftRef.of(draft),
        )


def _placed(draft: Draft, finding: Finding) -> Finding:
    """The finding with its place in the file the draft was read from, where it has one."""
    place = draft.place(finding.span[0])
    return finding if place is None or not place.steps else finding.model_copy(update={"place": place.steps})


def _common(per_stage: Sequence[Sequence[tuple[int, int]]], length: int) -> tuple[tuple[int, int], ...]:
    """The ranges every stage examined."""
    common: list[tuple[int, int]] = [(0, length)] if per_stage else []
    for ranges in per_stage:
        common = [
            (max(a, c), min(b, d)) for a, b in common for c, d in ranges if max(a, c) < min(b, d) or a == b == c == d
        ]
    return tuple(common)
