"""The reviews as one HTML file: no network, no script, printable; everything untrusted goes through `markup`."""

import base64
import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path

from reviewer.draft import Lang, describe
from reviewer.finding import Finding, Severity
from reviewer.regulations import cited
from reviewer.reports.checks import checks
from reviewer.reports.markup import Markup, el, sheet, together
from reviewer.reports.percent import percent
from reviewer.reports.plot import decisions_by_clause
from reviewer.reports.record import digest
from reviewer.reports.subject import Reviewed, Subject
from reviewer.reports.summary import sentence
from reviewer.reports.versions import versions
from reviewer.reports.words import BRACKETS, CHANNELS, COLON, COMMA, DECISIONS, KINDS, SEVERITIES, STAGES
from reviewer.verdict import Review

STYLE = (Path(__file__).parent / "page.css").read_text("utf-8")
SHOWN = 20_000
"""Characters of a draft that are printed; the judge reads no more either."""


def render(subject: Subject) -> bytes:
    """UTF-8; the content security policy allows our own style sheet by its hash and nothing else."""
    lang = subject.lang
    title = lang.pick("发送前保密审查报告", "Pre-send secrecy review")
    allowed = base64.b64encode(hashlib.sha256(STYLE.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", title),
        sheet(STYLE),
    )
    many = len(subject.reviewed) != 1 or bool(subject.unreadable)
    body = el(
        "body",
        el("h1", title),
        el("p", f"{subject.made:%Y-%m-%d %H:%M}", class_="made"),
        *(_overview(subject) if many else ()),
        *(_draft(number, reviewed, subject) for number, reviewed in enumerate(subject.reviewed, 1)),
    )
    page = together(Markup("<!doctype html>\n"), el("html", head, body, lang=lang.pick("zh-CN", "en")))
    return page.encode("utf-8", "replace")


def _overview(subject: Subject) -> Iterator[Markup]:
    lang = subject.lang
    yield el("p", sentence(subject), class_="big")
    yield el("h2", lang.pick("各条款的结论", "Decisions by clause"))
    yield decisions_by_clause(subject)
    yield el("h2", lang.pick("逐份结论", "Every draft"))
    heads = lang.pick("序号 草稿 结论 最重的问题", "No. Draft Decision Worst").split()
    rows = [
        el(
            "tr",
            el("td", el("a", str(number), href=f"#d{number}")),
            el("td", reviewed.review.id),
            el("td", _verdict(reviewed.review, lang)),
            el("td", _worst(reviewed.review, subject)),
        )
        for number, reviewed in enumerate(subject.reviewed, 1)
    ]
    yield el("table", el("tr", *(el("th", h) for h in heads)), *rows)
    if subject.unreadable:
        yield el("h2", lang.pick("无法读取，未检查", "Not readable, not examined"))
        yield el("ul", *(el("li", line) for line in subject.unreadable))


def _verdict(review: Review, lang: Lang, *classes: str) -> Markup:
    word = lang.pick(*DECISIONS[review.decision])
    return el("span", word, class_=" ".join(("verdict", review.decision.value, *classes)))


def _worst(review: Review, subject: Subject) -> str:
    serious = [f for f in review.findings if f.severity.rank]
    if serious:
        first = serious[0]
        if first.clause:
            return cited(first.clause, subject.clauses, subject.lang)
        return subject.name(first.rule) or first.rule
    return subject.lang.pick("未检查完", "unfinished") if review.unfinished else ""


def _draft(number: int, reviewed: Reviewed, subject: Subject) -> Markup:
    draft, review, lang = reviewed.draft, reviewed.review, subject.lang
    examined, colon = sum(b - a for a, b in review.examined), lang.pick(*COLON)
    parts = [
        el("h2", f"{number}. {review.id or lang.pick('草稿', 'Draft')}", id=f"d{number}"),
        el("p", _verdict(review, lang, "big")),
        el(
            "p",
            f"{lang.pick('发送渠道', 'Channel')}{colon}{lang.pick(*CHANNELS[draft.channel])}　",
            lang.pick(f"已检查 {examined}/{review.length} 字", f"Examined {examined} of {review.length} characters"),
            class_="small",
        ),
        *((el("p", ran, class_="advice"),) if (ran := checks(review, lang)) else ()),
        *(
            el(
                "p",
                colon.join((lang.pick("未完成", "Unfinished"), lang.pick(*STAGES[u.stage]), u.reason)),
                class_="advice",
            )
            for u in review.unfinished
        ),
        el("div", *_marked(reviewed), class_="text"),
    ]
    if review.length > SHOWN:
        more = review.length - SHOWN
        parts.append(el("p", lang.pick(f"后面还有 {more} 字，未印出。", f"{more} more characters are not shown.")))
    parts += [_finding(at, finding, subject) for at, finding in enumerate(review.findings, 1)]
    return el("section", *parts, _provenance(review, lang))


def _marked(reviewed: Reviewed) -> Iterator[Markup]:
    """The draft with every finding's words marked by the worst severity over them, and its number after them."""
    text = reviewed.draft.text[:SHOWN]
    starting: dict[int, list[int]] = {}
    ending: dict[int, list[int]] = {}
    for number, finding in enumerate(reviewed.review.findings, 1):
        starting.setdefault(min(finding.span[0], len(text)), []).append(number)
        ending.setdefault(min(finding.span[1], len(text)), []).append(number)
    cuts = sorted({0, len(text), *starting, *ending})
    over: dict[int, Severity] = {}
    for start, end in itertools.pairwise(cuts):
        over |= {n: reviewed.review.findings[n - 1].severity for n in starting.get(start, ())}
        piece = together(text[start:end].replace("\r\n", "\n").replace("\t", "    "))
        yield el("mark", piece, class_=max(over.values(), key=lambda s: s.rank).value) if over else piece
        for number in ending.get(end, ()):
            over.pop(number, None)
        if ended := ending.get(end):
            yield el("sup", ",".join(map(str, ended)))


def _finding(number: int, finding: Finding, subject: Subject) -> Markup:
    lang, clause = subject.lang, subject.clause(finding)
    brackets = lang.pick(*BRACKETS)
    sure = f"{lang.pick('把握', 'confidence')} {percent(finding.confidence)}"
    where = f"{finding.span[0]}–{finding.span[1]}"
    if finding.place:
        where += lang.pick(*COMMA) + describe(finding.place, lang)
    parts = [el("p", el("strong", f"{number}. [{lang.pick(*SEVERITIES[finding.severity])}] “{finding.quote}”"))]
    if finding.clause:
        parts.append(el("p", cited(finding.clause, subject.clauses, lang)))
    elif name := subject.name(finding.rule):
        parts.append(el("p", name))
    if clause:
        parts.append(el("p", f"“{clause.wording}”{brackets.format(subject.basis(clause))}", class_="small"))
    parts.append(el("p", finding.reason))
    if finding.match:
        m = finding.match
        said = lang.pick(f"与密件 {m.doc}（{m.level}）相似", f"resembles document {m.doc} ({m.level})")
        parts.append(el("p", f"{said}{lang.pick(*COLON)}{lang.pick(*KINDS[m.kind])} {m.score:.2f}"))
    if finding.advice:
        parts.append(el("p", f"→ {finding.advice}", class_="advice"))
    parts.append(el("p", f"{finding.rule}　{where}　{sure}", class_="small"))
    kind = finding.severity.value if finding.severity is not Severity.NOTE else ""
    return el("div", *parts, class_=f"finding {kind}".strip())


def _provenance(review: Review, lang: Lang) -> Markup:
    rows = [(lang.pick("记录", "record"), digest(review)), *versions(review, lang)]
    return el("table", *(el("tr", el("th", name), el("td", value, class_="hash")) for name, value in rows))
