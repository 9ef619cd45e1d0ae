"""The reviews as one SARIF 2.1.0 log (OASIS Standard): for editors, merge checks and other scanners' dashboards.

Regions count Unicode code points, and only plain text has them: words of a document, or of a file's name, are told with
their place. A clause is a taxon of its pack. A stage that stayed unfinished is an error among the notifications of the
invocation, which then was not successful; checks that are no part of a review are a warning there.
"""

import bisect
import json
from collections.abc import Sequence
from pathlib import PurePath, PurePosixPath
from typing import Any

from reviewer import __version__
from reviewer.draft import Lang, Span, describe
from reviewer.finding import ClauseRef, Finding, Severity
from reviewer.regulations import Clause
from reviewer.reports.checks import checks
from reviewer.reports.record import digest
from reviewer.reports.subject import Explained, Reviewed, Subject
from reviewer.reports.visible import escaped
from reviewer.reports.words import BRACKETS, COLON, STAGES

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.BLOCK: "error", Severity.REVIEW: "warning", Severity.NOTE: "note"}


def render(subject: Subject) -> bytes:
    """UTF-8 JSON, indented; the same reviews give the same bytes."""
    lang = subject.lang
    rules = sorted({f.rule for _, f in subject.findings()})
    packs = sorted({f.clause.pack for _, f in subject.findings() if f.clause})
    run = {
        "tool": {"driver": {"name": "reviewer", "version": __version__, "rules": [_rule(r, subject) for r in rules]}},
        "columnKind": "unicodeCodePoints",
        "taxonomies": [_taxonomy(pack, subject) for pack in packs],
        "artifacts": [_artifact(reviewed) for reviewed in subject.reviewed],
        "invocations": [_invocation(subject)],
        "results": [
            _result(finding, rules.index(finding.rule), {"uri": _uri(reviewed), "index": number}, lines, lang)
            for number, reviewed in enumerate(subject.reviewed)
            for lines in [_Lines(reviewed.draft.text)]
            for finding in reviewed.review.findings
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return (escaped(json.dumps(log, ensure_ascii=False, indent=2)) + "\n").encode("utf-8")


class _Lines:
    """Lines and columns, both from 1, of positions in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]

    def region(self, span: Span, words: str) -> dict[str, Any]:
        first, last = (bisect.bisect_right(self._starts, position) for position in span)
        return {
            "startLine": first,
            "startColumn": span[0] - self._starts[first - 1] + 1,
            "endLine": last,
            "endColumn": span[1] - self._starts[last - 1] + 1,
            "charOffset": span[0],
            "charLength": span[1] - span[0],
            "snippet": {"text": words},
        }


def _rule(rule: str, subject: Subject) -> dict[str, Any]:
    """The rule's own explanation where it has one, and that of every clause it was cited with."""
    found = [f for _, f in subject.findings() if f.rule == rule]
    cited = {clause.id: clause for f in found if (clause := subject.clause(f))}
    known = subject.rules.get(rule)
    stage = subject.lang.pick(*STAGES[found[0].stage])
    titles = [subject.lang.pick(c.title, c.title_en) for c in cited.values()]
    title = subject.name(rule) or f"{stage}{subject.lang.pick(*COLON)}{next(iter(titles), rule)}"
    says = _rule_help(known, subject.lang) if known else []
    says += [_clause_help(clause, subject) for clause in cited.values()]
    text = "\n\n".join(says) or title
    return {
        "id": rule,
        "shortDescription": {"text": title},
        "fullDescription": {"text": subject.lang.pick(known.flags, known.reason_en) if known else title},
        "help": {"text": text, "markdown": text},
        "properties": {"tags": ["secrecy", found[0].stage.value]},
    }


def _rule_help(rule: Explained, lang: Lang) -> list[str]:
    """What it flags and leaves alone is written in Chinese only; in English its reason stands for both."""
    says = lang.pick(f"{rule.flags}。不包括：{rule.ignores}。", rule.reason_en)
    return [says, lang.pick(f"来源：{rule.source}", f"Source: {rule.source}")]


def _clause_help(clause: Clause, subject: Subject) -> str:
    head = f"{subject.lang.pick('条款', 'Clause')} {clause.id} {subject.lang.pick(clause.title, clause.title_en)}"
    colon, brackets = subject.lang.pick(*COLON), subject.lang.pick(*BRACKETS)
    said = f"{head}{colon}“{clause.wording}”{brackets.format(subject.basis(clause))}"
    return f"{said}\n{clause.suggestion(subject.lang)}"


def _taxonomy(pack: str, subject: Subject) -> dict[str, Any]:
    """A regulation pack with the clauses that were cited from it."""
    cited = {f.clause.id: f.clause for _, f in subject.findings() if f.clause and f.clause.pack == pack}
    return {"name": pack, "taxa": [_taxon(id_, ref, subject) for id_, ref in sorted(cited.items())]}


def _taxon(id_: str, ref: ClauseRef, subject: Subject) -> dict[str, Any]:
    clause = subject.clauses.get(id_)
    title = subject.lang.pick(ref.title, clause.title_en if clause else ref.title)
    wording = {"fullDescription": {"text": clause.wording}} if clause else {}
    return {"id": id_, "shortDescription": {"text": title}, **wording}


def _artifact(reviewed: Reviewed) -> dict[str, Any]:
    review = reviewed.review
    return {
        "location": {"uri": _uri(reviewed)},
        "roles": ["analysisTarget"],
        "properties": {
            "decision": review.decision.value,
            "channel": reviewed.draft.channel.value,
            "record": digest(review),
            "versions": review.versions,
            "examined": [list(span) for span in review.examined],
            "characters": review.length,
        },
    }


def _uri(reviewed: Reviewed) -> str:
    """Of the file as it was given, else of the draft's id; names in any encoding come out percent-encoded."""
    file = PurePath(reviewed.draft.file)
    if file.is_absolute():
        return file.as_uri()
    path = PurePosixPath("/") / (reviewed.draft.file or reviewed.review.id or "stdin")
    return path.as_uri().removeprefix("file:///")


def _invocation(subject: Subject) -> dict[str, Any]:
    lang = subject.lang
    errors = [
        _notification("error", f"{lang.pick(*STAGES[item.stage])}{lang.pick(*COLON)}{item.reason}", reviewed)
        for reviewed in subject.reviewed
        for item in reviewed.review.unfinished
    ]
    errors += [_notification("error", sentence) for sentence in subject.unreadable]
    left = [_notification("warning", ran, r) for r in subject.reviewed if (ran := checks(r.review, lang))]
    return {"executionSuccessful": not errors, "toolExecutionNotifications": errors + left}


def _notification(level: str, text: str, about: Reviewed | None = None) -> dict[str, Any]:
    """About that draft, or about an input that gave none."""
    told = {"level": level, "message": {"text": text}}
    if about is None:
        return told
    return {**told, "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(about)}}}]}


def _result(finding: Finding, rule_index: int, artifact: dict[str, Any], lines: _Lines, lang: Lang) -> dict[str, Any]:
    says: Sequence[str] = [finding.reason, *([f"→ {finding.advice}"] if finding.advice else [])]
    properties: dict[str, Any] = {"severity": finding.severity.value, "confidence": finding.confidence}
    if finding.place:
        properties["quote"] = finding.quote
    if finding.match:
        properties["match"] = finding.match.model_dump(mode="json")
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join(says)},
        "locations": [_location(finding, artifact, lines, lang)],
        "properties": properties,
    }
    if finding.clause:
        result["taxa"] = [{"id": finding.clause.id, "toolComponent": {"name": finding.clause.pack}}]
    return result


def _location(finding: Finding, artifact: dict[str, Any], lines: _Lines, lang: Lang) -> dict[str, Any]:
    """Its region in plain text; the span of what has a place counts text that was extracted, and no file holds that."""
    if finding.place:
        named = [{"fullyQualifiedName": describe(finding.place, lang)}]
        return {"physicalLocation": {"artifactLocation": artifact}, "logicalLocations": named}
    return {"physicalLocation": {"artifactLocation": artifact, "region": lines.region(finding.span, finding.quote)}}
