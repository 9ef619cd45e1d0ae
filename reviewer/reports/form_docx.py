"""The review form as an OOXML document, one page a draft; the only door to python-docx."""

import io
from collections.abc import Sequence
from datetime import UTC

from docx import Document
from docx.document import Document as Page
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from reviewer.reports.form import LABELLED, ROWS, Form, forms
from reviewer.reports.qr import png
from reviewer.reports.subject import Subject
from reviewer.reports.visible import visible

FONT, HEADING = "宋体", "黑体"
WIDTH = Cm(16)


def render(subject: Subject) -> bytes:
    """One section a draft, A4."""
    page = Document()
    style = page.styles["Normal"]
    style.font.size = Pt(10.5)
    style.font.name = FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    for section in page.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2)
    properties = page.core_properties
    properties.author, properties.title, properties.comments = "reviewer", "", ""
    properties.created = properties.modified = subject.made.astimezone(UTC).replace(tzinfo=None)
    for number, form in enumerate(forms(subject)):
        if number:
            page.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _lay_out(page, form)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def _lay_out(page: Page, form: Form) -> None:
    _paragraph(page, form.title, 18, bold=True)
    _paragraph(page, form.verdict, 14, bold=True)
    _table(page, [(a, "", b, "") for a, b in form.blanks], LABELLED)
    _table(page, form.facts, (4, 12))
    if form.rows:
        rows = [(r.severity, r.clause, r.place, r.advice) for r in form.rows]
        _table(page, [form.heads, *rows], ROWS)
    for remark in form.remarks:
        page.add_paragraph(visible(remark))
    _table(page, [(who, f"\n\n\n{form.signature}") for who in form.signatures], (4, 12))
    page.add_picture(io.BytesIO(png(form.code)), width=Cm(3))
    _table(page, form.marks, (2.4, 13.6), points=7.5)
    for note in form.footnotes:
        _paragraph(page, note, 8, centred=False)


def _paragraph(page: Page, words: str, points: float, *, bold: bool = False, centred: bool = True) -> None:
    paragraph = page.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(visible(words))
    run.bold = bold
    run.font.size = Pt(points)
    if bold:
        run.font.name = HEADING
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEADING)


def _table(page: Page, rows: Sequence[Sequence[str]], widths: Sequence[float], points: float = 10.5) -> None:
    table = page.add_table(rows=len(rows), cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Cm(width)
            run = cell.paragraphs[0].add_run(visible(words, lines=True))
            run.font.size = Pt(points)
    page.add_paragraph()
