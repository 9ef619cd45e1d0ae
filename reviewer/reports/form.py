"""The review form 信息发布保密审查表 as values; `form_docx` and `form_pdf` only lay it out.

It is made for paper files, so it holds no words of the draft, of a file's name or of the index: positions, clauses and
digests only. A finding's quote, reason and advice could carry such words; none of them is used. The title of what is to
be published is written in by hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.draft import Lang, Span, Step, StepKind, describe
from reviewer.finding import Finding, Severity
from reviewer.regulations import cited
from reviewer.reports.checks import checks
from reviewer.reports.record import digest
from reviewer.reports.subject import Reviewed, Subject
from reviewer.reports.versions import versions
from reviewer.reports.words import BRACKETS, CHANNELS, COMMA, DECISIONS, SEVERITIES, STAGES
from reviewer.verdict import Decision, Review

BASIS = ("state-secrets-law-2024:第三十五条", "state-secrets-law-regs-2024:第四十二条")
"""What obliges to review what is published, one item at a time, before it is published."""

LABELLED, ROWS = (2.4, 5.6, 2.4, 5.6), (2, 5.4, 3, 5.6)
"""Centimetres: the columns of the blanks and of the rows; no English word in them is broken."""

COUNTED = frozenset({StepKind.PAGE, StepKind.SLIDE, StepKind.TABLE, StepKind.PARAGRAPH, StepKind.CELL, StepKind.LINE})
"""Steps whose name is a number given by the reader; every other name comes from the file and stays off the form."""


@dataclass(frozen=True, slots=True)
class Row:
    """One problem: how severe, which clause, where, what to do."""

    severity: str
    clause: str
    place: str
    advice: str


@dataclass(frozen=True, slots=True)
class Form:
    """One draft's form, in the words of one language."""

    title: str
    decision: Decision
    verdict: str
    blanks: tuple[tuple[str, str], ...]
    """Pairs of labels, filled in by hand."""
    facts: tuple[tuple[str, str], ...]
    """What the review was of, as label and value."""
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]
    """What did not run or was not examined, and how many notes there are."""
    marks: tuple[tuple[str, str], ...]
    """Digests and versions, as label and value; the first is the record's."""
    signatures: tuple[str, ...]
    """Who signs, in order."""
    signature: str
    """The line of a signature and its day."""
    footnotes: tuple[str, ...]
    code: str
    """What the QR code says."""


def forms(subject: Subject) -> Iterator[Form]:
    """One form for each draft."""
    for reviewed in subject.reviewed:
        yield _form(reviewed, subject)


def _form(reviewed: Reviewed, subject: Subject) -> Form:
    say, review = subject.lang.pick, reviewed.review
    record, made = digest(review), f"{subject.made:%Y-%m-%d %H:%M}"
    serious = [f for f in review.findings if f.severity.rank]
    examined = sum(b - a for a, b in review.examined)
    return Form(
        title=say("信息发布保密审查表", "Secrecy review form for publication"),
        decision=review.decision,
        verdict=say(*DECISIONS[review.decision]),
        blanks=(
            (say("编号", "No."), say("信息标题", "Title")),
            (say("拟稿部门", "Department"), say("拟稿人", "Author")),
        ),
        facts=(
            (say("发布渠道", "Channel"), say(*CHANNELS[reviewed.draft.channel])),
            (say("审查时间", "Reviewed"), made),
            (
                say("已检查", "Examined"),
                say(f"{examined}/{review.length} 字", f"{examined}/{review.length} characters"),
            ),
        ),
        heads=(say("程度", "Severity"), say("条款", "Clause"), say("位置", "Place"), say("处理意见", "Advice")),
        rows=tuple(_row(f, subject) for f in serious),
        remarks=tuple(_remarks(review, subject)),
        marks=(
            (say("记录", "record"), record),
            *(((say("草稿", "draft"), f"sha256:{review.draft.sha256}"),) if review.draft else ()),
            *versions(review, subject.lang),
        ),
        signatures=(
            say("拟稿部门负责人意见", "Head of department"),
            say("保密审查机构意见", "Secrecy review body"),
            say("单位负责人审批意见", "Approval by the head of the unit"),
        ),
        signature=say("签字：　　　　　　　　　　年　　月　　日", "Signature:　　　　　　　　　　　　Date:"),
        footnotes=tuple(_footnotes(subject)),
        code=f"reviewer;{record};{review.decision.value};{made}",
    )


def _row(finding: Finding, subject: Subject) -> Row:
    lang, clause = subject.lang, subject.clause(finding)
    basis = lang.pick(*BRACKETS).format(subject.basis(clause)) if clause and clause.basis else ""
    if finding.clause:
        name = cited(finding.clause, subject.clauses, lang)
    else:
        name = subject.name(finding.rule) or lang.pick(*STAGES[finding.stage])
    if finding.match:
        like = finding.match.level
        basis += lang.pick(f"；与密件索引中{like}文件相近", f"; resembles an indexed document ({like})")
    return Row(
        severity=lang.pick(*SEVERITIES[finding.severity]),
        clause=name + basis,
        place=_where(finding.span, finding.place or (), lang),
        advice=clause.suggestion(lang) if clause else lang.pick("送保密审查机构审查。", "Ask the secrecy review body."),
    )


def _where(span: Span, steps: Sequence[Step], lang: Lang) -> str:
    at = lang.pick(f"第 {span[0] + 1}–{span[1]} 字", f"characters {span[0] + 1}–{span[1]}")
    safe = tuple(s if s.kind in COUNTED else Step(kind=s.kind) for s in steps)
    return at + lang.pick(*COMMA) + describe(safe, lang).replace("“”", "") if safe else at


def _remarks(review: Review, subject: Subject) -> Iterator[str]:
    lang = subject.lang
    if ran := checks(review, lang):
        yield ran
    if not any(f.severity.rank for f in review.findings):
        yield lang.pick("自动审查没有发现问题。", "The automatic review found nothing.")
    for stage in dict.fromkeys(u.stage for u in review.unfinished):
        count, name = sum(u.stage is stage for u in review.unfinished), lang.pick(*STAGES[stage])
        yield lang.pick(f"未检查完：{name}，{count} 处。", f"Not examined completely: {name}, {count}.")
    if notes := sum(f.severity is Severity.NOTE for f in review.findings):
        yield lang.pick(f"另有提示 {notes} 处。", f"Notes besides: {notes}.")


def _footnotes(subject: Subject) -> Iterator[str]:
    cited = [subject.articles[name] for name in BASIS if name in subject.articles]
    basis = "、".join(f"《{a.law}》{a.article}" for a in cited)
    yield subject.lang.pick(f"依据：{basis}。", f"Basis: {basis}.")
    yield subject.lang.pick(
        "本表由本机自动生成，只记位置、条款和摘要，不含草稿和密件文字；自动审查供审查人参考，不代替审查决定。",
        "Made on this machine: positions, clauses and digests, no words of the draft or of classified documents. "
        "The automatic review helps the reviewers; it does not decide for them.",
    )
