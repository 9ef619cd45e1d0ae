"""Everything a rule can decide, decided by a rule: exact, explained, fast.

A detector is one file with `RULES` and `detect(view)`, one line in `DETECTORS`, and one case file in `tests/cases`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import ModuleType

from reviewer.detectors import (
    disguise,
    document_number,
    draft_mark,
    identifiers,
    identifiers_site,
    instruction,
    listed,
    mark,
    official,
    people,
    signals,
)
from reviewer.detectors.rule import Hit, Rule, View
from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import ClauseRef, Finding, Stage
from reviewer.lists import Lists
from reviewer.normalise import unmask
from reviewer.verdict import StageResult

DETECTORS: tuple[ModuleType, ...] = (
    mark,
    document_number,
    draft_mark,
    official,
    identifiers,
    identifiers_site,
    people,
    instruction,
    signals,
)

DECIDING = tuple(detector for detector in DETECTORS if detector is not signals)
"""What is asked about unmasked text: a soft signal there says nothing of the disguise."""


def rules() -> Iterator[Rule]:
    """Every rule of every detector, in order."""
    for detector in DETECTORS:
        yield from detector.RULES
    yield from disguise.RULES
    yield from listed.RULES


def explained(lists: Lists) -> dict[str, Rule]:
    """Every rule a finding can name, the station's own too, by id."""
    return {rule.id: rule for rule in (*rules(), *map(listed.as_rule, lists.rules))}


def hits(view: View, lists: Lists) -> list[Hit]:
    """What rules and lists say of a draft; what they say of its unmasked text is reported as a disguise."""
    plain = _read(view, lists, DETECTORS)
    reading = unmask(view.folded)
    exposed: list[Hit] = []
    if reading:
        exposed = _read(replace(view, folded=reading.folded), lists, DECIDING)
    return [*plain, *disguise.detect(view, plain, reading, exposed)]


def _read(view: View, lists: Lists, detectors: Sequence[ModuleType]) -> list[Hit]:
    return [*(hit for detector in detectors for hit in detector.detect(view)), *listed.detect(view, lists)]


class Detect:
    """A stage: runs every detector over the folded draft."""

    def __init__(
        self, clauses: Mapping[str, ClauseRef], lang: Lang, lists: Lists | None = None, today: date | None = None
    ) -> None:
        """`clauses` gives the citation of each clause id the rules name; a rule whose clause is absent cites none.

        Allowed phrases of the station's `lists` and periods of marks expire by `today`, the day of the review where it
        is not given.
        """
        self._lists = lists or Lists()
        self._today = today
        self._clauses = clauses
        self._lang = lang

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """All findings of all detectors; never raises for any text."""
        today = self._today or date.today()
        view = View(draft=draft, folded=folded, today=today)
        found = hits(view, self._lists)
        if self._lists.allowed:
            found = listed.silence(view, found, self._lists, today)
        return StageResult(
            stage=Stage.DETECT,
            findings=tuple(self._finding(draft, folded, hit) for hit in found),
            examined=((0, len(draft.text)),) if draft.text else (),
        )

    def _finding(self, draft: Draft, folded: Folded, hit: Hit) -> Finding:
        span = hit.span or folded.to_draft(hit.start, hit.end)
        rule = hit.rule
        return Finding(
            rule=rule.id,
            stage=Stage.DETECT,
            severity=hit.severity or rule.severity,
            confidence=hit.confidence,
            clause=self._clauses.get(hit.clause or rule.clause or ""),
            span=span,
            quote=draft.quote(span),
            reason=self._lang.pick(hit.why or rule.reason, hit.why_en or rule.reason_en),
            advice=self._lang.pick(rule.advice, rule.advice_en),
        )
