"""What many reviews come to: decisions, and decisions by clause."""

from collections import Counter
from collections.abc import Mapping

from reviewer.finding import Severity
from reviewer.reports.subject import Subject
from reviewer.reports.words import DECISIONS
from reviewer.verdict import Decision

UNFINISHED = "-"
"""Stands for a clause where a draft was held back only because its review is unfinished."""


def decisions(subject: Subject) -> Mapping[Decision, int]:
    """How many drafts got each decision, the worst first."""
    counted = Counter(reviewed.review.decision for reviewed in subject.reviewed)
    return {decision: counted[decision] for decision in reversed(Decision)}


def by_clause(subject: Subject) -> Mapping[str, Mapping[Severity, int]]:
    """For each clause, in how many drafts its worst finding was block or review; the most frequent first.

    A draft counts once under every clause it has a serious finding of. Findings that cite no clause are under their
    rule; a draft held back only by what was not examined is under `UNFINISHED`.
    """
    table: dict[str, Counter[Severity]] = {}
    for reviewed in subject.reviewed:
        worst: dict[str, Severity] = {}
        for finding in reviewed.review.findings:
            key = finding.clause.id if finding.clause else finding.rule
            if finding.severity.rank > worst.get(key, Severity.NOTE).rank:
                worst[key] = finding.severity
        if not worst and reviewed.review.unfinished:
            worst[UNFINISHED] = Severity.REVIEW
        for key, severity in worst.items():
            table.setdefault(key, Counter())[severity] += 1
    return dict(sorted(table.items(), key=lambda row: (-row[1].total(), row[0])))


def sentence(subject: Subject) -> str:
    """One line: how many drafts, how many of each decision, how many inputs could not be read."""
    counts = "  ".join(f"{subject.lang.pick(*DECISIONS[d])} {n}" for d, n in decisions(subject).items())
    drafts, unread = len(subject.reviewed), len(subject.unreadable)
    return subject.lang.pick(
        f"共 {drafts} 份：{counts}  无法读取 {unread}",
        f"{drafts} {'draft' if drafts == 1 else 'drafts'}: {counts}  unreadable {unread}",
    )
