"""The scripted worker whose judge repeats a draft line by line as quote, reason, advice, precedent and fault."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer import worker
from reviewer.draft import Draft, Folded
from reviewer.errors import EngineError
from reviewer.finding import ClauseRef, Finding, Severity, Stage
from reviewer.precedents import Precedent
from reviewer.verdict import Decision, Judgement, Neighbour, Probability, StageResult, Unfinished
from tests.scripted_worker import ScriptedResources

FAULT = "故障"
"""In a draft: its words are said to be what was not examined, too."""


class HostileResources(ScriptedResources):
    """Everything it says is what the draft says."""

    def _judge(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        findings = tuple(findings_of(draft))
        told = draft.text if FAULT in draft.text else ""
        judgement = Judgement(
            probability=Probability(violation=0.9, clauses={"wx-5": 0.9}),
            neighbours=tuple(neighbour_of(f.quote) for f in findings[:5]),
        )
        return StageResult(
            stage=Stage.JUDGE,
            findings=findings,
            unfinished=(Unfinished(stage=Stage.JUDGE, reason=told),) if told else (),
            examined=((0, len(draft.text)),),
            judgement=judgement,
        )

    def teach(self, new: Sequence[Precedent], without: frozenset[str]) -> dict[str, Any]:
        """It cannot, and says why with the person's own words."""
        raise EngineError(new[0].reason, new[0].text)


def findings_of(draft: Draft) -> Iterator[Finding]:
    """One a line, which says nothing but that line."""
    at = 0
    for line in draft.text.split("\n"):
        if line.strip():
            clause = ClauseRef(pack="wechat-party-government", id="wx-5", title=line)
            yield Finding(
                rule="judge.wx-5",
                stage=Stage.JUDGE,
                severity=Severity.REVIEW,
                clause=clause,
                span=(at, at + len(line)),
                quote=line,
                reason=line,
                advice=line,
            )
        at += len(line) + 1


def neighbour_of(words: str) -> Neighbour:
    """A precedent that says nothing else."""
    return Neighbour(id=words, text=words, verdict=Decision.REVIEW, labels=("wx-5",), reason=words, similarity=0.8)


if __name__ == "__main__":
    worker.Resources = HostileResources  # type: ignore[assignment,misc]
    worker.main()
