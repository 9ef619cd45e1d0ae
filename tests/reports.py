"""Reviews for the tests of reports: hostile words, several severities, an unfinished stage, a match."""

from collections.abc import Sequence
from datetime import UTC, datetime

from reviewer.detectors import rules
from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Match, MatchKind, Severity, Stage
from reviewer.paths import PACKAGE
from reviewer.regulations import load_articles, load_regulations
from reviewer.reports.subject import Reviewed, Subject
from reviewer.review import Reviewer
from reviewer.verdict import Review, StageResult, Unfinished

REGULATIONS = load_regulations((PACKAGE / "packs",))
ARTICLES = load_articles(PACKAGE / "packs")

HOSTILE = "第一行\r\n</mark></style><script>alert(1)</script>\x1b[2J\x07‮机密★20年\"'&<img src=x onerror=alert(2)>\t🙂尾"
"""A draft that tries to break out of every format."""


def finding(
    text: str, words: str, severity: Severity, clause: str | None = None, match: Match | None = None
) -> Finding:
    """A finding of `words` where they stand in `text`."""
    at = text.index(words)
    return Finding(
        rule="match.verbatim" if match else "mark.classification",
        stage=Stage.MATCH if match else Stage.DETECT,
        severity=severity,
        clause=REGULATIONS.by_id[clause].ref if clause else None,
        span=(at, at + len(words)),
        quote=words,
        reason="理由<b>",
        advice="建议&",
        match=match,
    )


def review(draft: Draft, findings: Sequence[Finding], unfinished: Sequence[Unfinished] = ()) -> Review:
    """The record the pipeline makes of these findings."""
    examined = ((0, len(draft.text)),)
    result = StageResult(
        stage=Stage.DETECT, findings=tuple(findings), unfinished=tuple(unfinished), examined=examined, elapsed_ms=7
    )
    versions = {"rules": "sha256:0", "index": "sha256:1"}
    return Reviewer({Stage.DETECT: lambda *_: result}, lambda: versions).review(draft)


def hostile() -> Reviewed:
    """The hostile draft, with overlapping findings of every severity and a hostile name."""
    draft = Draft(text=HOSTILE, id="<script>名 字.txt")
    match = Match(doc="<41>", level="机密", kind=MatchKind.VERBATIM, score=0.97, draft_share=0.4)
    found = (
        finding(HOSTILE, "机密★20年", Severity.BLOCK, "wx-1"),
        finding(HOSTILE, "★20年\"'&<img src=x onerror=alert(2)>", Severity.REVIEW, "wx-3", match),
        finding(HOSTILE, "🙂", Severity.NOTE),
    )
    return Reviewed(draft, review(draft, found, (Unfinished(stage=Stage.JUDGE, reason="引擎<i>停了"),)))


def harmless() -> Reviewed:
    """A draft that passes."""
    draft = Draft(text="周末一起吃饭", id="b.txt")
    return Reviewed(draft, review(draft, ()))


def subject(*reviewed: Reviewed, lang: Lang = Lang.ZH, unreadable: Sequence[str] = ()) -> Subject:
    """A report's subject with the shipped regulations."""
    return Subject(
        reviewed=reviewed,
        lang=lang,
        clauses=REGULATIONS.by_id,
        articles=ARTICLES,
        rules={rule.id: rule for rule in rules()},
        made=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        unreadable=tuple(unreadable),
    )
