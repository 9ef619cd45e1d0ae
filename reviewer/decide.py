"""The only place that decides: pure, total, fail closed."""

from collections.abc import Iterable

from reviewer.finding import Finding
from reviewer.verdict import Decision, Unfinished


def decide(findings: Iterable[Finding], unfinished: Iterable[Unfinished]) -> Decision:
    """The worst severity found; an unfinished review is at least `review`.

    A note never decides. There is no input for which this raises.
    """
    worst = max((f.severity.rank for f in findings), default=0)
    floor = 1 if any(True for _ in unfinished) else 0
    return tuple(Decision)[max(worst, floor)]
