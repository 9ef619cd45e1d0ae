"""What a page shows that its text does not tell: pictures, patterns, words drawn as curves, letters without meaning."""

import ctypes
import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from reviewer.readers.pdf.beside import each

MAX_NESTED = 8
MAX_OBJECTS = 500_000
"""Objects of one page that are looked at; more are a drawing."""

BENT = 8
"""Curves and slanted lines from which on one filled shape may be a letter: arrows, rounded boxes, ellipses and stars of
four points have fewer, and the rules of tables have none, however many they are."""

CURVES = 32
"""How many of them in such shapes of one page are words: 机密 has 45 to 75 by font, three stars of five points 30."""

PEN_SIZE = 40
"""Points of the longer side of a shape without filling that may be a letter's, as programs for plans write them."""

PEN_CURVES = 120
"""How many curves and slanted lines in such shapes of one page are words; a round box to tick has four."""

ODD_RUN = 3
"""Different characters without meaning side by side that make a word, not bullets, ticks or large brackets."""

ODD_SHARE = 0.25
"""Share of a page's characters that has no meaning from which on the page is not read; bullets do not count."""

BLANKS = frozenset(map(ord, "\t\n\r \xa0\u3000"))
BULLETS = range(0xF020, 0xF100)
"""Where fonts of symbols have theirs."""

MEANINGLESS = re.compile("[\0-\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8df\U000f0000-\U0010ffff]")
"""Controls and private characters, but for hyphens at the end of a line, which come as one, and for the parts of which
formulas put brackets together."""

FLAT = 0.02
"""Slope up to which a line is level or upright."""

PAINTED = 191
"""What the library gives for each colour of a coloured pattern."""

MAX_PATTERN = 4_000_000
"""Square points of an area up to which the library may draw its pattern."""

HIDING = raw.FPDF_ANNOT_FLAG_INVISIBLE | raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


def unreadable(text: pypdfium2.PdfTextPage, words: str) -> bool:
    """Whether fonts do not tell what a noticeable share of a page's characters, or one word of it, means.

    `words` is all that the library reads there.
    """
    count = raw.FPDFText_CountChars(text.raw)
    if not (MEANINGLESS.search(words) or any(map(partial(raw.FPDFText_HasUnicodeMapError, text.raw), range(count)))):
        return False
    odd, shown, run = 0, 0, set[int]()
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        if code in BLANKS or raw.FPDFText_IsGenerated(text.raw, index):
            continue
        shown += 1
        if not (raw.FPDFText_HasUnicodeMapError(text.raw, index) or MEANINGLESS.match(chr(code))):
            run.clear()
            continue
        run.add(code)
        odd += code not in BULLETS
        if len(run) >= ODD_RUN:
            return True
    return odd > shown * ODD_SHARE


def pictured(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, *, tiled: bool, hidden: bool = False) -> bool:
    """Whether a page, or what is pinned to it, shows pictures, patterns (where the file is `tiled`) or drawn words.

    With `hidden` only what is pinned to the page and not shown counts.
    """
    curves = pen = 0
    for item in _drawn(page, hidden=hidden):
        kind = raw.FPDFPageObj_GetType(item)
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            return True
        if tiled and _tiled(document, item):
            return True
        if kind == raw.FPDF_PAGEOBJ_PATH:
            if _filled(item):
                bends = _bends(item) if raw.FPDFPath_CountSegments(item) > BENT else 0
                curves += bends if bends >= BENT else 0
            elif max(_size(item)) <= PEN_SIZE:
                pen += _bends(item)
        if curves >= CURVES or pen >= PEN_CURVES:
            return True
    return False


def _drawn(page: pypdfium2.PdfPage, *, hidden: bool) -> Iterator[Any]:
    """The objects of a page and of what is pinned to it; a form comes itself where what is in it is not looked at."""
    pinned = (_pinned(annotation) for annotation in each(page) if _hides(annotation) is hidden)
    count = 0 if hidden else raw.FPDFPage_CountObjects(page.raw)
    own = (raw.FPDFPage_GetObject(page.raw, index) for index in range(count))
    nested: list[Iterator[Any]] = [chain(own, chain.from_iterable(pinned))]
    looked = 0
    while nested:
        item = next(nested[-1], None)
        looked += 1
        if item is None:
            nested.pop()
        elif (
            raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_FORM
            and len(nested) <= MAX_NESTED
            and looked < MAX_OBJECTS
        ):
            nested.append(_inside(item))
        else:
            yield item


def _inside(form: Any) -> Iterator[Any]:
    return (raw.FPDFFormObj_GetObject(form, index) for index in range(raw.FPDFFormObj_CountObjects(form)))


def _pinned(annotation: Any) -> Iterator[Any]:
    return (raw.FPDFAnnot_GetObject(annotation, index) for index in range(raw.FPDFAnnot_GetObjectCount(annotation)))


def _hides(annotation: Any) -> bool:
    return bool(raw.FPDFAnnot_GetFlags(annotation) & HIDING)


def _filled(path: Any) -> bool:
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, mode, stroked)) and mode.value != raw.FPDF_FILLMODE_NONE


def _size(item: Any) -> tuple[float, float]:
    """How wide and how high an object is, in points; nothing where the library cannot tell."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return right.value - left.value, top.value - bottom.value


def _bends(path: Any) -> int:
    """Curves, and lines that are neither level nor upright, of a path as it is before it is turned."""
    bends, knots = 0, 0
    x, y, before_x, before_y = ctypes.c_float(), ctypes.c_float(), 0.0, 0.0
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            knots += 1
        elif kind == raw.FPDF_SEGMENT_LINETO:
            wide, high = abs(x.value - before_x), abs(y.value - before_y)
            bends += min(wide, high) > FLAT * max(wide, high)
        before_x, before_y = x.value, y.value
    return bends + knots // 3


def _tiled(document: pypdfium2.PdfDocument, item: Any) -> bool:
    """Whether an object is filled or drawn with tiles, which may show anything."""
    wide, high = _size(item)
    if wide * high > MAX_PATTERN:
        colours = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFPageObj_GetFillColor(item, *colours)
        return all(colour.value == PAINTED for colour in colours[:3])
    for draw in (raw.FPDFPageObj_GetRenderedFillPattern, raw.FPDFPageObj_GetRenderedStrokePattern):
        if tile := draw(document.raw, item):
            raw.FPDFBitmap_Destroy(tile)
            return True
    return False
