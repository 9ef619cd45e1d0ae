"""The pipeline over values: order, failures that become unfinished, cancelling, the record."""

from collections.abc import Sequence

import pytest

from reviewer.draft import Draft, Folded, Unread
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import ClauseRef, Finding, Severity, Stage
from reviewer.review import Reviewer, Runner
from reviewer.verdict import Decision, StageResult


def finds(stage: Stage, severity: Severity) -> Runner:
    """A stage that finds the first character."""

    def run(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        found = Finding(rule="r", stage=stage, severity=severity, span=(0, 1), quote=draft.text[:1], reason="x")
        return StageResult(stage=stage, findings=(found,), examined=((0, len(draft.text)),))

    return run


def clean(stage: Stage) -> Runner:
    """A stage that finds nothing in the first half."""

    def run(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        return StageResult(stage=stage, examined=((0, len(draft.text) // 2),))

    return run


def fails(error: Exception) -> Runner:
    """A stage that raises."""

    def run(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        raise error

    return run


DRAFT = Draft(text="甲乙丙丁", id="d1")


def reviewer(**runners: Runner) -> Reviewer:
    """A reviewer of the given stages."""
    return Reviewer({Stage(name): run for name, run in runners.items()}, lambda: {"rules": "x"})


def test_clean_stages_pass_and_only_common_ranges_count_as_examined() -> None:
    review = reviewer(detect=finds(Stage.DETECT, Severity.NOTE), judge=clean(Stage.JUDGE)).review(DRAFT)
    assert review.decision is Decision.PASS
    assert review.examined == ((0, 2),)
    assert review.length == 4
    assert set(review.timings_ms) == {"detect", "judge"}


@pytest.mark.parametrize("error", [EngineError("died"), MemoryError()])
def test_a_stage_that_fails_never_passes(error: Exception) -> None:
    review = reviewer(detect=clean(Stage.DETECT), judge=fails(error)).review(DRAFT)
    assert review.decision is Decision.REVIEW
    assert [u.stage for u in review.unfinished] == [Stage.JUDGE]
    assert review.examined == ()


def test_the_worst_comes_first_and_of_these_what_cites_a_clause() -> None:
    clause = ClauseRef(pack="p", id="c", title="t")
    parts = (
        ("sign", Severity.REVIEW, 0.9, None),
        ("cited", Severity.REVIEW, 0.6, clause),
        ("worst", Severity.BLOCK, 0.5, None),
    )

    def run(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        found = tuple(
            Finding(
                rule=rule,
                stage=Stage.DETECT,
                severity=severity,
                confidence=confidence,
                clause=cited,
                span=(0, 1),
                quote=draft.text[:1],
                reason="x",
            )
            for rule, severity, confidence, cited in parts
        )
        return StageResult(stage=Stage.DETECT, findings=found, examined=((0, len(draft.text)),))

    assert [f.rule for f in reviewer(detect=run).review(DRAFT).findings] == ["worst", "cited", "sign"]


def test_a_failure_does_not_hide_what_was_found() -> None:
    review = reviewer(detect=finds(Stage.DETECT, Severity.BLOCK), judge=fails(EngineError("x"))).review(DRAFT)
    assert review.decision is Decision.BLOCK


def test_unread_parts_of_the_input_never_pass() -> None:
    draft = DRAFT.model_copy(update={"unread": (Unread(what="图片1", reason="不能读取图片"),)})
    review = reviewer(detect=clean(Stage.DETECT)).review(draft)
    assert review.decision is Decision.REVIEW
    assert "图片1" in review.unfinished[0].reason


def test_cancelling_is_not_a_result() -> None:
    with pytest.raises(Cancelled):
        reviewer(detect=fails(Cancelled())).review(DRAFT)


def test_a_stage_nobody_consumed_is_unfinished() -> None:
    r = reviewer(detect=clean(Stage.DETECT), judge=clean(Stage.JUDGE))
    results = []
    for result in r.stages(DRAFT):
        results.append(result)
        if result.stage is Stage.DETECT:
            break
    assert r.record(DRAFT, results).decision is Decision.REVIEW


def test_programming_errors_are_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        reviewer(detect=fails(ZeroDivisionError())).review(DRAFT)


def test_a_review_of_no_stage_never_passes() -> None:
    review = reviewer().review(DRAFT)
    assert review.decision is Decision.REVIEW
    assert [u.reason for u in review.unfinished] == ["没有运行任何检查 / no stage ran: nothing was examined"]
