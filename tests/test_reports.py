"""Reports of whole files: valid, complete, and not to be broken out of by what a draft holds."""

import base64
import errno
import hashlib
import json
import os
import re
import stat
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.reporting import unfinished, write_report
from reviewer.draft import Draft, Lang, Place, Step, StepKind
from reviewer.errors import WriteError
from reviewer.finding import Severity
from reviewer.regulations import cited
from reviewer.reports import LINES, plain, write
from reviewer.reports.form import forms
from reviewer.reports.markup import Markup, el
from reviewer.reports.record import digest
from reviewer.reports.subject import Reviewed
from reviewer.reports.summary import UNFINISHED, by_clause, decisions, sentence
from reviewer.reports.visible import escaped, visible
from reviewer.verdict import Decision
from tests.hostile import strings
from tests.reports import HOSTILE, finding, harmless, hostile, review, subject, written_by_others


def sarif(*reviewed: Reviewed, **more: Any) -> dict[str, Any]:
    """The only run of the log."""
    log = json.loads(write("sarif", subject(*reviewed, **more)))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


class Parsed(HTMLParser):
    """What a browser would see: elements with their attributes, and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def html(*reviewed: Reviewed, **more: Any) -> Parsed:
    """The page, parsed; every element is closed where it should be."""
    parsed = Parsed(write("page", subject(*reviewed, **more)).decode())
    assert parsed.open == []
    return parsed


def test_sarif_regions_hold_the_quoted_words() -> None:
    reviewed = hostile()
    lines = reviewed.draft.text.split("\n")
    results = sarif(reviewed)["results"]
    assert len(results) == len(reviewed.review.findings) == 3
    for result, found in zip(results, reviewed.review.findings, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"] == 2
        words = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert words == found.quote == region["snippet"]["text"]
        assert (region["charOffset"], region["charLength"]) == (found.span[0], len(found.quote))


def test_sarif_rules_explain_themselves() -> None:
    run = sarif(hostile())
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == ["mark.classification", "match.verbatim"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert "《中华人民共和国保守国家秘密法》" in rules[0]["help"]["text"]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    (pack,) = run["taxonomies"]
    assert {t["id"] for t in pack["taxa"]} == {"wx-1", "wx-3"}
    assert run["results"][0]["taxa"] == [{"id": "wx-1", "toolComponent": {"name": pack["name"]}}]


def test_sarif_levels_and_what_was_not_examined() -> None:
    run = sarif(hostile(), unreadable=("x.bin: binary data",))
    assert [r["level"] for r in run["results"]] == ["error", "warning", "note"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    said = [n["message"]["text"] for n in invocation["toolExecutionNotifications"] if n["level"] == "error"]
    assert said == ["判读：引擎<i>停了", "x.bin: binary data"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [(Lang.ZH, "所做检查：规则；未做：索引比对、模型判读"), (Lang.EN, "Checked: rules; not checked: index, judge")],
)
def test_sarif_says_of_every_draft_which_checks_did_not_run(lang: Lang, words: str) -> None:
    partly, whole = harmless(), harmless()
    ran = whole.review.model_copy(update={"id": "c.txt", "timings_ms": dict.fromkeys(("detect", "match", "judge"), 1)})
    (invocation,) = sarif(partly, replace(whole, review=ran), lang=lang)["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "warning",
            "message": {"text": words},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": "b.txt"}}}],
        }
    ]


def test_sarif_names_files_by_uri() -> None:
    run = sarif(hostile())
    uri = run["artifacts"][0]["location"]["uri"]
    assert uri == "%3Cscript%3E%E5%90%8D%20%E5%AD%97.txt"
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri, "index": 0}


@pytest.mark.parametrize("kind", ["text", "page", "form", "sarif"])
def test_english_reports_name_clauses_in_english(kind: str) -> None:
    reviewed, other = hostile(), harmless()
    made = subject(reviewed, other, lang=Lang.EN)
    if kind == "text":
        said = plain.render(reviewed.draft, reviewed.review, Lang.EN, made.clauses, made.rules)
    elif kind == "form":
        said = "\n".join(row.clause for one in forms(made) for row in one.rows)
    else:
        said = write(kind, made).decode()
    for clause in (made.clauses["wx-1"], made.clauses["wx-3"]):
        assert clause.title_en in said
        assert clause.title not in said


@pytest.mark.parametrize("kind", ["text", "json", "page", "sarif"])
@pytest.mark.parametrize("lang", list(Lang))
def test_what_others_wrote_is_in_every_report_made_visible(kind: str, lang: Lang) -> None:
    every = strings()
    made = written_by_others(["".join(every[at : at + 60]) for at in range(0, len(every), 60)], lang)
    if kind in LINES:
        lines = (LINES[kind](r.draft, r.review, lang, made.clauses, made.rules) for r in made.reviewed)
        said = "\n".join(lines)
    else:
        said = write(kind, made).decode()
    assert visible(said, lines=True) == said
    shown = Parsed(said).text if kind == "page" else said
    if kind in ("json", "sarif"):
        missing = [text for text in every if escaped(json.dumps(text, ensure_ascii=False)[1:-1]) not in shown]
    else:
        missing = [text for text in every if visible(text) not in shown]
    assert missing == []


@pytest.mark.parametrize("kind", ["text", "page", "form", "sarif"])
@pytest.mark.parametrize("lang", list(Lang))
def test_a_finding_without_a_clause_is_called_by_its_rule(kind: str, lang: Lang) -> None:
    draft = Draft(text="机密★20年")
    made = subject(Reviewed(draft, review(draft, (finding(draft.text, "机密", Severity.BLOCK),))), lang=lang)
    rule = made.rules["mark.classification"]
    if kind == "text":
        said = plain.render(draft, made.reviewed[0].review, lang, made.clauses, made.rules)
    elif kind == "form":
        said = "\n".join(row.clause for one in forms(made) for row in one.rows)
    else:
        said = write(kind, made).decode()
    assert lang.pick(rule.title, rule.title_en) in said
    assert lang.pick(rule.title_en, rule.title) not in said


def test_a_clause_of_a_pack_that_is_not_in_force_keeps_the_title_it_was_cited_by() -> None:
    ref = subject().clauses["wx-1"].ref
    assert cited(ref, {}, Lang.EN) == f"{ref.id} {ref.title}"


def test_html_shows_hostile_words_as_words() -> None:
    page = html(hostile(), harmless())
    names = {name for name, _ in page.elements}
    assert names.isdisjoint({"script", "img", "i", "b", "link", "iframe", "object"})
    assert not [a for _, a in page.elements if any(k.startswith("on") or k in ("src", "style") for k in a)]
    assert all(a["href"].startswith("#") for n, a in page.elements if n == "a")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", page.text)
    assert "<script>alert(1)</script>⟨U+001B⟩[2J⟨U+0007⟩⟨U+202E⟩" in page.text
    assert "\"'&<img src=x onerror=alert(2)>" in page.text
    assert "引擎<i>停了" in page.text
    assert "<41>" in page.text


def test_html_allows_its_own_style_and_nothing_else() -> None:
    source = write("page", subject(hostile())).decode()
    css = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    assert len(css) == 1
    allowed = base64.b64encode(hashlib.sha256(css[0].encode()).digest()).decode()
    (policy,) = [a["content"] for n, a in Parsed(source).elements if a.get("http-equiv")]
    assert policy == f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in css[0]
    assert "@import" not in css[0]


def test_html_marks_overlapping_findings_by_the_worst() -> None:
    source = write("page", subject(hostile())).decode()
    text = re.search(r'<div class="text">(.*?)</div>', source, re.DOTALL)
    assert text is not None
    assert '<mark class="block">机密</mark><mark class="block">★20年</mark><sup>1</sup>' in text[1]
    assert '<mark class="review">&quot;&#x27;&amp;&lt;img' in text[1]
    shown = Parsed(re.sub(r"<sup>.*?</sup>", "", text[1])).text
    assert shown == visible(HOSTILE.replace("\r", "").replace("\t", "    "), lines=True)


def test_sarif_and_html_say_where_in_a_file_the_words_stand() -> None:
    steps = (Step(kind=StepKind.SLIDE, name="2"), Step(kind=StepKind.TEXT_BOX))
    draft = Draft(text="机密★20年", id="a.pptx", places=(Place(span=(0, 6), steps=steps),))
    made = Reviewed(draft, review(draft, [finding(draft.text, "机密★20年", Severity.BLOCK, "wx-1")]))
    (location,) = sarif(made)["results"][0]["locations"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "第2张幻灯片 › 文本框"}]
    assert location["physicalLocation"].keys() == {"artifactLocation"}
    assert "0–6，第2张幻灯片 › 文本框" in html(made).text
    assert "slide 2 › text box" in html(made, lang=Lang.EN).text


def test_html_says_what_was_not_read() -> None:
    page = html(harmless(), unreadable=("坏<.docx: binary data",))
    assert "坏<.docx: binary data" in page.text
    assert "未检查" in page.text
    assert "not examined" in html(harmless(), unreadable=("x",), lang=Lang.EN).text


@pytest.mark.parametrize("kind", ["text", "page"])
@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize(
    ("ran", "line"),
    [
        ({"detect": 1}, ("所做检查：规则；未做：索引比对、模型判读", "Checked: rules; not checked: index, judge")),
        ({"judge": 2}, ("所做检查：模型判读；未做：规则、索引比对", "Checked: judge; not checked: rules, index")),
        ({}, ("所做检查：无；未做：规则、索引比对、模型判读", "Checked: nothing; not checked: rules, index, judge")),
        ({"detect": 1, "match": 2, "judge": 3}, ("", "")),
    ],
)  # fmt: skip
def test_a_check_that_was_not_made_is_named(kind: str, lang: Lang, ran: dict[str, int], line: tuple[str, str]) -> None:
    made = harmless()
    made = Reviewed(made.draft, made.review.model_copy(update={"timings_ms": ran}))
    whole = subject(made, lang=lang)
    if kind == "text":
        lines = plain.render(made.draft, made.review, lang, whole.clauses, whole.rules).splitlines()
    else:
        lines = re.findall(r"<p[^>]*>([^<]*)</p>", write("page", whole).decode())
    assert [said for said in lines if lang.pick("未做", "not checked") in said] == [
        part for part in [lang.pick(*line)] if part
    ]


SEAL = "front: the kernel refused 21 of 21 ways out; engine: the kernel refused 20 of 21 ways out"
VERSIONS = {"rules": "sha256:0", "heads": "sha256:1", "seal": SEAL, "own": "sha256:2"}


def test_versions_and_the_seal_are_in_the_report_s_language() -> None:
    made = harmless()
    made = Reviewed(made.draft, made.review.model_copy(update={"versions": VERSIONS}))
    said = html(made).text
    assert "规则sha256:0判读部件sha256:1断网" in said
    assert "界面和命令：21 条出路，内核拒绝了 21 条；引擎：21 条出路，内核拒绝了 20 条own" in said
    assert "ways out" not in said
    assert f"rulessha256:0headssha256:1seal{SEAL}own" in html(made, lang=Lang.EN).text


def test_no_seal_is_said_in_chinese_too() -> None:
    made = harmless()
    made = Reviewed(made.draft, made.review.model_copy(update={"versions": {"seal": "NOT ENFORCED"}}))
    assert "断网没有断网（NOT ENFORCED）" in html(made).text


@pytest.mark.parametrize("lang", Lang)
def test_the_chart_names_every_clause_in_full(lang: Lang) -> None:
    source = write("page", made := subject(hostile(), harmless(), lang=lang)).decode()
    (chart,) = re.findall(r'<table class="plot">.*?</table>', source)
    for key in by_clause(made):
        clause = made.clauses[key]
        assert f"<th>{key} {lang.pick(clause.title, clause.title_en)}</th>" in chart
    assert "…" not in chart


def test_one_draft_is_one_draft() -> None:
    assert sentence(subject(harmless(), lang=Lang.EN)).startswith("1 draft: ")
    assert sentence(subject(harmless(), hostile(), lang=Lang.EN)).startswith("2 drafts: ")


def test_counting_by_clause_counts_a_draft_once() -> None:
    text = "机密★20年 绝密★长期"
    draft = Draft(text=text, id="c")
    both = [finding(text, w, Severity.BLOCK, "wx-1") for w in text.split()]
    again = Reviewed(draft, review(draft, [*both, finding(text, "长期", Severity.REVIEW, "wx-1")]))
    made = subject(hostile(), again, harmless())
    assert by_clause(made) == {"wx-1": {Severity.BLOCK: 2}, "wx-3": {Severity.REVIEW: 1}}
    assert list(decisions(made).items()) == [(Decision.BLOCK, 2), (Decision.REVIEW, 0), (Decision.PASS, 1)]


def test_a_draft_held_back_only_by_what_was_not_examined_is_counted() -> None:
    unfinished = hostile().review.unfinished
    draft = Draft(text="x")
    assert by_clause(subject(Reviewed(draft, review(draft, (), unfinished)))) == {UNFINISHED: {Severity.REVIEW: 1}}


def test_the_digest_is_of_everything_but_the_time() -> None:
    first = harmless().review
    assert digest(first) == digest(first.model_copy(update={"timings_ms": {"detect": 99}}))
    assert digest(first) != digest(first.model_copy(update={"versions": {"rules": "sha256:2"}}))


@pytest.mark.parametrize("words", ["<b>", '" onload="x', "&amp;"])
def test_markup_escapes_strings_and_keeps_markup(words: str) -> None:
    made = el("p", words, el("br"), class_=words)
    assert isinstance(made, Markup)
    parsed = Parsed(made.replace("<br>", ""))
    assert parsed.elements == [("p", {"class": words})]
    assert parsed.text == words


@pytest.mark.parametrize("planted", ["a file of anybody's", "a link"])
def test_a_report_is_never_written_into_what_somebody_else_put_there(tmp_path: Path, planted: str) -> None:
    made, elsewhere = tmp_path / "made.html", tmp_path / "elsewhere"
    part = unfinished(made)
    elsewhere.write_bytes(b"old")
    if planted == "a link":
        part.symlink_to(elsewhere)
    else:
        part.touch()
        part.chmod(0o666)
    with part.open("rb") as theirs:
        write_report(made, subject(harmless()))
        assert theirs.read() in (b"", b"old")
    assert elsewhere.read_bytes() == b"old"
    assert stat.S_ISREG(made.lstat().st_mode)
    assert stat.S_IMODE(made.lstat().st_mode) == 0o600
    assert not os.path.lexists(part)


def test_a_report_that_cannot_be_written_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    made = tmp_path / "made.html"
    made.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(WriteError, match="No space left"):
        write_report(made, subject(harmless()))
    assert os.listdir(tmp_path) == ["made.html"]
    assert made.read_bytes() == b"old"
