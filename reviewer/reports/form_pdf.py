"""The review form as PDF, one draft after the other; the only door to reportlab.

Chinese is set in STSong-Light with UniGB-UCS2-H, one of Adobe's standard CID fonts: no font file is needed and none is
embedded, so the machine that shows the form must have a Chinese font. Digests are set in Courier.
"""

import io
import re
from collections.abc import Sequence
from html import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Image, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from reviewer.reports.form import Form, forms
from reviewer.reports.qr import png
from reviewer.reports.subject import Subject
from reviewer.reports.visible import code, visible

FONT = "STSong-Light"
BEYOND = re.compile("[\u200d\ufe0f\U00010000-\U0010ffff]")
"""What the font's encoding cannot say, emoji among it: it is shown by number too."""

BRACKETS = str.maketrans("⟨⟩", "〈〉")
"""The font has none but the latter."""

GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])


def render(subject: Subject) -> bytes:
    """A4; equal subjects give equal bytes."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=2.5 * cm, rightMargin=2.5 * cm, topMargin=1.5 * cm, bottomMargin=1.5 * cm,
        author="reviewer", title="", invariant=1,
    )  # fmt: skip
    story: list[Flowable] = []
    for number, form in enumerate(forms(subject)):
        story += [PageBreak()] if number else []
        story += _story(form)
    page.build(story)
    return out.getvalue()


def _story(form: Form) -> list[Flowable]:
    rows = [(r.severity, r.clause, r.place, r.advice) for r in form.rows]
    return [
        _words(form.title, 18, centred=True),
        _words(form.verdict, 14, centred=True),
        Spacer(0, 0.3 * cm),
        _table([(a, "", b, "") for a, b in form.blanks], (2.4, 5.6, 2.4, 5.6)),
        _table(form.facts, (4, 12)),
        *([_table([form.heads, *rows], (1.4, 5.6, 3.2, 5.8))] if rows else ()),
        *(_words(remark) for remark in form.remarks),
        Spacer(0, 0.2 * cm),
        *(_table([(who, f"\n\n\n{form.signature}")], (4, 12)) for who in form.signatures),
        Spacer(0, 0.2 * cm),
        Image(io.BytesIO(png(form.code)), width=3 * cm, height=3 * cm, hAlign="LEFT"),
        _table(form.marks, (2.4, 13.6), 7.5),
        *(_words(note, 8) for note in form.footnotes),
    ]


def _words(words: str, points: float = 10.5, *, centred: bool = False) -> Paragraph:
    words = BEYOND.sub(lambda m: code(m[0]), visible(words, lines=True)).translate(BRACKETS)
    style = ParagraphStyle(
        "s", fontName="Courier" if words.isascii() else FONT, fontSize=points, leading=points * 1.4, wordWrap="CJK"
    )
    if centred:
        style.alignment = TA_CENTER
        style.spaceAfter = points / 2
    return Paragraph(escape(words).replace("\n", "<br/>"), style)


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float], points: float = 10.5) -> Table:
    cells = [[_words(words, points) for words in row] for row in rows]
    return Table(cells, colWidths=[w * cm for w in widths], style=GRID, splitInRow=1)
