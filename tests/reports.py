"""Reviews for the tests of reports: hostile words, several severities, an unfinished stage, a match."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from reviewer.detectors import rules
from reviewer.detectors.listed import as_rule
from reviewer.draft import Draft, Lang, Step, StepKind, Unread
from reviewer.finding import Finding, Match, MatchKind, Severity, Stage
from reviewer.lists import UserRule
from reviewer.paths import PACKAGE
from reviewer.regulations import Article, Clause, load_articles, load_regulations
from reviewer.reports.subject import Reviewed, Subject
from reviewer.review import Reviewer
from reviewer.verdict import Decision, Judgement, Neighbour, Probability, Review, StageResult, Unfinished

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


def written_by_others(words: Sequence[str], lang: Lang) -> Subject:
    """A draft for each of these, which every string that others write is: the draft's, a list's, a pack's, the index's.

    Raises `ValidationError` for one that a list or a pack cannot hold.
    """
    made = subject(*(_said(number, text) for number, text in enumerate(words)), lang=lang, unreadable=words)
    named = {f"own-{number}": text for number, text in enumerate(words)}
    return replace(
        made,
        clauses={key: _clause(key, text) for key, text in named.items()},
        articles={key: Article(id=key, law=text, article=text, text=text) for key, text in named.items()},
        rules={f"local.{key}": as_rule(_listed(f"local.{key}", text)) for key, text in named.items()},
    )


def _said(number: int, words: str) -> Reviewed:
    """Its findings cite a clause, name a station's rule, and match an indexed document."""
    draft = Draft(text=words, id=words, unread=(Unread(what=words, reason=words),))
    steps = (Step(kind=StepKind.FILE, name=words), Step(kind=StepKind.PARAGRAPH, name=words))
    match = Match(doc=words, level=words, kind=MatchKind.NEAR, score=0.9, draft_share=0.9)
    found = Finding(
        rule=f"local.own-{number}", stage=Stage.DETECT, severity=Severity.BLOCK, span=(0, len(words)), quote=words,
        reason=words, advice=words, match=match, place=steps,
    )  # fmt: skip
    cites = found.model_copy(update={"clause": _clause(f"own-{number}", words).ref})
    unknown = found.model_copy(update={"rule": words, "clause": _clause(f"gone-{number}", words).ref})
    near = Neighbour(id=words, text=words, verdict=Decision.PASS, labels=(words,), reason=words, similarity=0.9)
    probability = Probability(violation=0.9, clauses={words: 0.9})
    more = {
        "versions": {words: words},
        "probability": probability,
        "judgement": Judgement(probability=probability, neighbours=(near,)),
    }
    unread = Unfinished(stage=Stage.READ, reason=words)
    return Reviewed(draft, review(draft, (found, cites, unknown), (unread,)).model_copy(update=more))


def _clause(key: str, words: str) -> Clause:
    return Clause(
        pack=words, id=key, title=words, title_en=words, wording=words, verbatim=False, basis=(key,),
        severity=Severity.BLOCK, explain=words, explain_en=words, advice=words, advice_en=words,
    )  # fmt: skip


def _listed(key: str, words: str) -> UserRule:
    return UserRule(
        id=key, title=words, pattern="甲乙", reason=words, advice=words, owner=words, flag=("甲乙",), ignore=("丙",)
    )
