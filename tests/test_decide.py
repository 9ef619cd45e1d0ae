"""`decide` over every combination of severities and unfinished stages."""

import itertools

import pytest

from reviewer.decide import decide
from reviewer.finding import Finding, Severity, Stage
from reviewer.verdict import Decision, Unfinished


def finding(severity: Severity, confidence: float = 1.0) -> Finding:
    """A finding of that severity."""
    return Finding(
        rule="r", stage=Stage.JUDGE, severity=severity, confidence=confidence, span=(0, 1), quote="x", reason="y"
    )


CASES = [
    (severities, stages)
    for n in range(4)
    for severities in itertools.combinations_with_replacement(Severity, n)
    for k in range(3)
    for stages in itertools.combinations(Stage, k)
]


@pytest.mark.parametrize(("severities", "stages"), CASES)
def test_every_combination(severities: tuple[Severity, ...], stages: tuple[Stage, ...]) -> None:
    unfinished = [Unfinished(stage=s, reason="x") for s in stages]
    decision = decide([finding(s) for s in severities], unfinished)
    if Severity.BLOCK in severities:
        assert decision is Decision.BLOCK
    elif Severity.REVIEW in severities or stages:
        assert decision is Decision.REVIEW
    else:
        assert decision is Decision.PASS


def test_confidence_never_lowers() -> None:
    assert decide([finding(Severity.BLOCK, 0.0)], []) is Decision.BLOCK


def test_order_does_not_matter() -> None:
    found = [finding(s) for s in (Severity.NOTE, Severity.BLOCK, Severity.REVIEW)]
    assert {decide(p, []) for p in itertools.permutations(found)} == {Decision.BLOCK}
