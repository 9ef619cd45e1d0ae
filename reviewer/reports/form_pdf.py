"""The review form as PDF, one draft after the other; the only door to reportlab.

Chinese is set in STSong-Light with UniGB-UCS2-H, one of Adobe's standard CID fonts: no font file is needed and none is
embedded, so the machine that shows the form must have a Chinese font. Words in ASCII are set in Times, digests in
Courier. Lines are broken here: reportlab either breaks English words or does not break Chinese.
"""

import io
import re
from collections.abc import Iterator, Sequence
from html import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Image, PageBreak, SimpleDocTemplate, Spacer, Table, TableStyle, XPreformatted

from reviewer.reports.form import LABELLED, ROWS, Form, forms
from reviewer.reports.qr import png
from reviewer.reports.subject import Subject
from reviewer.reports.visible import code, visible

FONT = "STSong-Light"
BEYOND = re.compile("[\u200d\ufe0f\U00010000-\U0010ffff]")
"""What the font's encoding cannot say, emoji among it: it is shown by number too."""

BRACKETS = str.maketrans("⟨⟩", "〈〉")
"""The font has none but the latter."""

DIGEST = re.compile("sha256:[0-9a-f]+")

PIECE = re.compile(r"\s+|[(（\[《〈“‘「『【〔]*(?:[!-~\u00a1-\u2fff]+|\S)[）》〉”’」』】〕，。；：！？、…]*\s*")
"""What no line is broken in: a word or one ideograph, with the brackets and stops about it."""

BLANK = "&#32;"
"""An empty line; reportlab drops one at the top that has nothing in it."""

PADDING = 12
"""Points that reportlab leaves free, left and right together, in a cell and on the page."""

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
        _table([(a, "", b, "") for a, b in form.blanks], LABELLED),
        _table(form.facts, (4, 12)),
        *([_table([form.heads, *rows], ROWS)] if rows else ()),
        *(_words(remark) for remark in form.remarks),
        Spacer(0, 0.2 * cm),
        *(_table([(who, f"\n\n\n{form.signature}")], (4, 12)) for who in form.signatures),
        Spacer(0, 0.2 * cm),
        Image(io.BytesIO(png(form.code)), width=3 * cm, height=3 * cm, hAlign="LEFT"),
        _table(form.marks, (2.4, 13.6), 7.5),
        *(_words(note, 8) for note in form.footnotes),
    ]


def _words(words: str, points: float = 10.5, width: float = 16, *, centred: bool = False) -> XPreformatted:
    """A paragraph `width` centimetres wide."""
    words = BEYOND.sub(lambda m: code(m[0]), visible(words, lines=True)).translate(BRACKETS)
    font = "Courier" if DIGEST.fullmatch(words) else "Times-Roman" if words.isascii() else FONT
    style = ParagraphStyle("s", fontName=font, fontSize=points, leading=points * 1.4)
    if centred:
        style.alignment = TA_CENTER
        style.spaceAfter = points / 2
    lines = (line for part in words.split("\n") for line in _lines(part, style, width * cm - PADDING))
    return XPreformatted("\n".join(escape(line) or BLANK for line in lines), style)


def _lines(words: str, style: ParagraphStyle, width: float) -> Iterator[str]:
    """The lines of one paragraph; a word is broken only where it is longer than a line of `width` points."""

    def wide(piece: str) -> float:
        return float(pdfmetrics.stringWidth(piece, style.fontName, style.fontSize))

    line, used = "", 0.0
    for piece in (p for whole in PIECE.findall(words) for p in ([whole] if wide(whole.rstrip()) < width else whole)):
        if line and used + wide(piece.rstrip()) >= width:
            yield line.rstrip()
            line, used = "", 0.0
        line, used = line + piece, used + wide(piece)
    yield line


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float], points: float = 10.5) -> Table:
    cells = [[_words(words, points, width) for words, width in zip(row, widths, strict=True)] for row in rows]
    return Table(cells, colWidths=[w * cm for w in widths], style=GRID, splitInRow=1)
