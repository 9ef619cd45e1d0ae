"""The review form: read back from both files, complete, signed by hand, and without a word of draft or index."""

import io
import re
import subprocess
import sys
from dataclasses import astuple, replace
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from reviewer.cli.check import command
from reviewer.draft import Channel, Draft, Lang, Step, StepKind
from reviewer.finding import Finding, Match, MatchKind, Severity, Stage
from reviewer.reports import write
from reviewer.reports.form import forms
from reviewer.reports.qr import png
from reviewer.reports.record import digest
from reviewer.reports.subject import Reviewed, Subject
from reviewer.reports.visible import visible
from reviewer.verdict import Unfinished
from tests.conftest import DOCUMENTS
from tests.hostile import strings
from tests.reports import REGULATIONS, finding, harmless, hostile, review, subject, written_by_others

MODULES = ("form_docx", "form_pdf")
FIELDS = 9
"""What a form of `written_by_others` says more than once, at least, though the end of a page tears some."""


def words(module: str, made: Subject) -> str:
    """The words in the file, without spaces and line ends."""
    data = write(module, made)
    if module == "form_pdf":
        return pdf_words(data)
    with ZipFile(io.BytesIO(data)) as parts:
        return "".join(re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode()).split())


def pdf_words(data: bytes) -> str:
    """The words of every page, as a PDF program finds them."""
    pages = pypdfium2.PdfDocument(data)
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)


def everything_ran() -> Reviewed:
    """A draft that passed all checks."""
    made = harmless()
    return replace(made, review=made.review.model_copy(update={"timings_ms": {"detect": 1, "match": 2, "judge": 3}}))


def copied() -> Reviewed:
    """A draft that copies an indexed document, in a file and a part named like that document."""
    document = DOCUMENTS[0]
    text = f"转发：{document.text}（{document.title}）"
    match = Match(doc=document.title, level=document.level, kind=MatchKind.VERBATIM, score=1, draft_share=0.9)
    found = finding(text, document.text, Severity.BLOCK, "wx-1", match)
    steps = (Step(kind=StepKind.FILE, name=document.title), Step(kind=StepKind.PARAGRAPH, name="3"))
    found = found.model_copy(update={"place": steps, "reason": f"与《{document.title}》相同", "advice": document.text})
    title = Finding(
        rule="list.protected", stage=Stage.DETECT, severity=Severity.REVIEW, span=(0, 2), quote=document.number,
        reason=document.number,
    )  # fmt: skip
    draft = Draft(text=text, id=f"{document.title}.docx", channel=Channel.PUBLIC_POST)
    unread = Unfinished(stage=Stage.READ, reason=f"{document.title}: 不能读取图片")
    return Reviewed(draft, review(draft, (found, title), (unread,)))


@pytest.mark.parametrize("module", MODULES)
def test_the_form_says_what_was_decided_and_leaves_room_to_sign(module: str) -> None:
    made = copied()
    said = words(module, subject(made))
    assert "信息发布保密审查表" in said
    assert "禁止发送" in said
    assert "公开发布" in said
    clause = REGULATIONS.by_id["wx-1"]
    assert f"wx-1{clause.title}" in said
    assert "".join(clause.advice.split()) in said
    assert "第4–" in said
    assert "第3段" in said
    assert digest(made.review) in said
    assert made.review.draft is not None
    assert f"sha256:{made.review.draft.sha256}" in said
    assert "规则sha256:0" in said
    assert "密件索引sha256:1" in said
    assert said.count("签字：") == 3
    assert "《中华人民共和国保守国家秘密法》第三十五条" in said
    assert "读取，1处" in said


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("lang", Lang)
def test_no_word_of_the_index_the_draft_or_a_name_is_on_the_form(module: str, lang: Lang) -> None:
    document, made = DOCUMENTS[0], copied()
    said = words(module, subject(made, lang=lang))
    for held in (document.text, document.title, document.number, made.draft.text, made.draft.id):
        held = "".join(held.split())
        for at in range(len(held) - 5):
            assert held[at : at + 6] not in said
    assert document.level in said


@pytest.mark.parametrize("module", MODULES)
def test_each_draft_has_its_form_and_hostile_drafts_do_no_harm(module: str) -> None:
    said = words(module, subject(hostile(), harmless()))
    assert said.count("信息发布保密审查表") == 2
    assert "自动审查没有发现问题" in said
    assert "可发送" in said
    assert "script" not in said


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("lang", Lang)
def test_what_others_wrote_is_on_the_form_made_visible(module: str, lang: Lang) -> None:
    some = strings()[::8]
    data = write(module, written_by_others(["".join(some[:40]), "".join(some[40:])], lang))
    said = pdf_words(data) if module == "form_pdf" else docx_words(data)
    assert said == visible(said)
    shown = ["".join(visible(text).split()) for text in some]
    if module == "form_pdf":
        shown = [text.replace("⟨", "〈").replace("⟩", "〉") for text in shown]
        # without a Chinese font PDFium finds a letter that stands alone in its line elsewhere
        assert said.count("乙") >= FIELDS * len(shown)
        shown = [text.removesuffix("乙") for text in shown]
    assert [text for text in shown if said.count(text) < FIELDS] == []


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("lang", Lang)
def test_the_form_says_which_checks_were_not_made(module: str, lang: Lang) -> None:
    said = words(module, subject(harmless(), lang=lang))
    assert lang.pick("所做检查：规则；未做：索引比对、模型判读", "Checked:rules;notchecked:index,judge") in said
    whole = words(module, subject(everything_ran(), lang=lang))
    assert lang.pick("未做", "notchecked") not in whole


def pdf_lines(made: Subject) -> list[str]:
    """The lines of every page."""
    pages = pypdfium2.PdfDocument(write("form_pdf", made))
    return [line.strip() for page in pages for line in page.get_textpage().get_text_bounded().splitlines()]


@pytest.mark.parametrize("reviewed", [copied(), hostile()], ids=["copied", "hostile"])
def test_the_english_pdf_breaks_no_word(reviewed: Reviewed) -> None:
    made = subject(reviewed, lang=Lang.EN)
    (form,) = forms(made)
    cells = (*form.heads, *(cell for row in form.rows for cell in astuple(row)), *form.signatures, *form.footnotes)
    labels = (label for pair in form.blanks for label in pair)
    known = set(re.findall("[A-Za-z]+", " ".join((*cells, *labels))))
    assert {"Severity", "Department", "review", "department"} <= known
    shown = set(re.findall("[A-Za-z]+", "\n".join(pdf_lines(made))))
    assert known - shown == set()


def test_no_line_of_the_chinese_pdf_begins_with_a_stop_or_ends_with_an_opening_bracket() -> None:
    lines = pdf_lines(subject(copied(), hostile()))
    assert [line for line in lines if line.startswith(tuple("，。、；：》）”")) or line.endswith(tuple("《（“"))] == []


def test_a_word_longer_than_its_line_is_broken_and_kept() -> None:
    clause = REGULATIONS.by_id["wx-1"].model_copy(update={"advice": f"见{'x' * 90}。"})
    assert f"见{'x' * 90}。" in words("form_pdf", replace(subject(copied()), clauses={"wx-1": clause}))


@pytest.mark.parametrize("lang", Lang)
def test_there_is_room_between_signature_and_date(lang: Lang) -> None:
    (page, *_) = pypdfium2.PdfDocument(write("form_pdf", subject(harmless(), lang=lang)))
    text = page.get_textpage()
    said = text.get_text_range()
    start = said.index(lang.pick("签字：", "Signature:"))
    colon, date = (text.get_charbox(said.index(c, start)) for c in lang.pick(("：", "年"), (":", "Date")))
    assert date[0] - colon[2] > 100


def docx_words(data: bytes) -> str:
    """The words of the file, without spaces and line ends, as a word processor reads them."""
    body = Document(io.BytesIO(data)).element.body
    return "".join("".join(part.text for part in body.iter(qn("w:t"))).split())


@pytest.mark.parametrize("module", MODULES)
def test_emoji_are_whole_where_they_can_be_drawn_and_numbers_where_not(module: str) -> None:
    made = copied()
    clause = REGULATIONS.by_id["wx-1"].model_copy(update={"advice": "好❤\ufe0f坏👩\u200d👧了"})
    made_of = replace(subject(made), clauses={"wx-1": clause})
    shown = {
        "form_docx": "好❤\ufe0f坏👩\u200d👧了",
        "form_pdf": "好❤〈U+FE0F〉坏〈U+1F469〉〈U+200D〉〈U+1F467〉了",
    }
    assert shown[module] in words(module, made_of)


def test_the_code_names_the_record_and_stands_on_the_form() -> None:
    made = subject(harmless())
    (form,) = forms(made)
    assert form.code == f"reviewer;{digest(harmless().review)};pass;2026-03-02 09:30"
    image = Image.open(io.BytesIO(png(form.code)))
    assert image.size[0] == image.size[1] > 100
    with ZipFile(io.BytesIO(write("form_docx", made))) as parts:
        pictures = [parts.read(n) for n in parts.namelist() if n.startswith("word/media/")]
    assert pictures == [png(form.code)]


@pytest.mark.parametrize("module", MODULES)
def test_equal_reviews_give_equal_forms(module: str) -> None:
    first, second = (words(module, subject(hostile(), harmless())) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("name", "start"), [("form.pdf", b"%PDF-"), ("form.docx", b"PK")])
def test_check_writes_the_form_its_name_asks_for(tmp_path: Path, name: str, start: bytes) -> None:
    (tmp_path / "a.txt").write_text("机密★20年")
    arguments = [str(tmp_path / "a.txt"), "--stages", "detect", "--report", str(tmp_path / name)]
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert done.return_value == 20
    assert (tmp_path / name).read_bytes().startswith(start)
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_format_form_is_a_pdf_on_standard_output() -> None:
    arguments = [sys.executable, "-m", "reviewer", "check", "--stages", "detect", "--format", "form"]
    done = subprocess.run(arguments, input="机密★20年".encode(), capture_output=True, check=False)
    assert done.returncode == 20
    assert "禁止发送" in pdf_words(done.stdout)
