"""What this session remembers, in memory only: the drafts that were checked, and material that was marked."""

from dataclasses import dataclass, replace
from datetime import datetime

from reviewer.decide import decide
from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Severity, Stage, worst_first
from reviewer.tui.words import say
from reviewer.verdict import Review

COPIES = ("verbatim", "near", "paraphrase")
"""Kinds of match that are about the words themselves, not about a document's name."""

ORIGIN = "origin.marked"
"""The rule of a finding that an earlier draft of this session causes."""

KEPT = 50
"""Reviews that are remembered."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One review: a finished one, or of a screen the last one that ended early."""

    at: datetime
    draft: Draft
    review: Review
    screen: str = ""
    early: bool = False
    learnt: bool = False
    """Whether something was learnt since: what was decided is told, and stands no longer."""


class Session:
    """The history of this run of the screen; nothing of it is written anywhere."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self.entries: list[Entry] = []
        self._marked: set[frozenset[str]] = set()

    def remember(self, draft: Draft, review: Review, screen: str, *, early: bool = False) -> None:
        """Keep a review that is shown; an earlier one of the same screen that ended early gives way to the next that
        does, and to a finished one of its text.
        """
        made = Entry(datetime.now(), draft, review, screen, early)
        left = [
            e for e in self.entries if not (e.early and e.screen == screen and (early or e.draft.text == draft.text))
        ]
        self.entries[:] = [*left, made][-KEPT:]

    def learn(self) -> None:
        """Something was learnt: nothing that was decided before stands."""
        self.entries[:] = [replace(e, learnt=True) for e in self.entries]

    def weighed(self) -> list[Entry]:
        """What is remembered, each review as it is now."""
        return [replace(e, review=self.weigh(e.draft, e.review)) for e in self.entries]

    def mark(self, draft: Draft, review: Review) -> None:
        """Keep in mind what the material of a draft is, also where its review ended early."""
        marks = [f for f in review.findings if _is_hard(f)]
        if marks:
            from reviewer.redact.origin import runs, without

            self._marked.add(runs(without(draft.text, [f.span for f in marks if not f.match])))

    def weigh(self, draft: Draft, review: Review) -> Review:
        """The review, with a finding more when the draft's words were marked before, or since, in this session."""
        if not self._marked or any(_is_hard(f) or f.rule == ORIGIN for f in review.findings) or not draft.text:
            return review
        from reviewer.redact.origin import SHARE, runs, share

        own = runs(draft.text)
        if not any(share(own, marked) >= SHARE for marked in self._marked):
            return review
        finding = Finding(
            rule=ORIGIN,
            stage=Stage.DETECT,
            severity=Severity.REVIEW,
            span=(0, len(draft.text)),
            quote=draft.text,
            reason=say("origin_reason", self._lang),
            advice=say("origin_advice", self._lang),
        )
        findings = tuple(sorted((finding, *review.findings), key=worst_first))
        decision = decide(findings, review.unfinished)
        return review.model_copy(update={"findings": findings, "decision": decision})


def _is_hard(finding: Finding) -> bool:
    """Whether a finding says what the material is, not what a sentence says: a mark, or a copy that must not go."""
    return finding.severity is Severity.BLOCK and (
        finding.rule.startswith("mark.") or (finding.match is not None and finding.match.kind.value in COPIES)
    )
