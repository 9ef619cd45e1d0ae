"""PDF pages with a line of text that show more than it says, and ordinary ones that do not."""

import io
from collections.abc import Callable, Mapping, Sequence

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from tests.samples.make import png
from tests.samples.objects import numbered, stream

LINE = b"BT /F 12 Tf 40 700 Td (Night shift plan) Tj ET\n"
LETTER = b"0 6 m 0 9 3 12 6 12 c 9 12 12 9 12 6 c 12 3 9 0 6 0 c 3 0 0 3 0 6 c 5 6 m 8 9 l 9 5 l 7 4 l 6 3 l h "
"""A ring with strokes in it: eight bends, as a Latin letter may have."""

ARROW = b"0 0 m 20 6 l 0 12 l 4 6 l h "
BOX = b"4 0 m 56 0 l 60 0 60 4 60 4 c 60 16 l 60 20 56 20 56 20 c 4 20 l 0 20 0 16 0 16 c 0 4 l 0 0 4 0 4 0 c h "
STAR = b"0 9 m 2 3 l 9 3 l 4 -1 l 6 -8 l 0 -4 l -6 -8 l -4 -1 l -9 3 l -2 3 l h "


def page(content: bytes, resources: bytes = b"", more: Sequence[bytes] = (), entries: bytes = b"") -> bytes:
    """A PDF of one page with a line of text and this content; `more` are the objects from number 6 on."""
    fonts = b"/Font<</F 5 0 R" + (b"/G 6 0 R>>" if b"/G" in content else b">>")
    return numbered(
        (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s%s>>%s>>"
            % (fonts, resources, entries),
            stream(b"", LINE + content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *more,
        )
    )


def picture() -> bytes:
    """An image object that reads TOP SECRET 2026."""
    image = Image.open(io.BytesIO(png())).convert("L")
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    return stream(head % image.size, image.tobytes())


def shaped(shapes: Sequence[bytes], paint: bytes = b"f") -> bytes:
    """Shapes one beside the other."""
    return b"".join(
        b"q 1 0 0 1 %d %d cm %s %s Q\n" % (40 + n % 30 * 18, 600 - n // 30 * 20, shape, paint)
        for n, shape in enumerate(shapes)
    )


def stamped(flags: int = 4) -> bytes:
    """A stamp that is a picture."""
    look = stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 300 60]/Resources<</XObject<</I 8 0 R>>>>", b"300 0 0 60 0 0 cm /I Do"
    )
    note = b"<</Type/Annot/Subtype/Stamp/F %d/Rect[40 500 340 560]/AP<</N 7 0 R>>>>" % flags
    return page(b"", more=(note, look, picture()), entries=b"/Annots[6 0 R]")


def tiled(size: int = 400) -> bytes:
    """An area with a picture as its pattern."""
    tile = stream(
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 300 60]/XStep 300/YStep 60"
        b"/Resources<</XObject<</I 7 0 R>>>>",
        b"300 0 0 60 0 0 cm /I Do",
    )
    fill = b"/Pattern cs /P scn 30 300 %d %d re f" % (size, size)
    return page(fill, b"/Pattern<</P 6 0 R>>", (tile, picture()))


def numbered_glyphs() -> bytes:
    """A word whose characters are known by their numbers in a font only."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A+Hei/Encoding/Identity-H/DescendantFonts[7 0 R]>>"
    inner = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A+Hei/CIDToGIDMap/Identity/DW 600"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R>>"
    )
    about = (
        b"<</Type/FontDescriptor/FontName/A+Hei/Flags 4/FontBBox[0 0 9 9]/ItalicAngle 0/Ascent 8/Descent 0/StemV 8>>"
    )
    return page(b"BT /G 12 Tf 40 600 Td <0102010301040105> Tj ET", more=(font, inner, about))


def drawn_glyphs() -> bytes:
    """A word in a font whose characters are drawings without names."""
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/CharProcs<</a 7 0 R/b 7 0 R/c 7 0 R>>"
        b"/Encoding<</Type/Encoding/Differences[1/a/b/c]>>/FirstChar 1/LastChar 3/Widths[9 9 9]/Resources<<>>>>"
    )
    return page(b"BT /G 12 Tf 40 600 Td <010302> Tj ET", more=(font, stream(b"", b"9 0 0 0 9 9 d1 0 0 8 8 re f")))


def bulleted() -> bytes:
    """Bullets and ticks of a font of symbols, each before some words; private characters, as Word writes them."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Wingdings/ToUnicode 7 0 R>>"
    meaning = b"1 begincodespacerange <00> <ff> endcodespacerange\n1 beginbfrange\n<20> <ff> <f020>\nendbfrange\n"
    lines = b"".join(
        b"BT /G 12 Tf 40 %d Td <%02x> Tj /F 12 Tf ( at) Tj ET\n" % (600 - 20 * n, 0xA0 + n % 4) for n in range(9)
    )
    return page(lines, more=(font, stream(b"", meaning)))


def ruled() -> bytes:
    """A table with 400 rules, half of them rectangles, half lines, as programs for texts and tables write them."""
    rules = b"".join(b"40 %d 500 .5 re f %d 100 m %d 500 l S\n" % (100 + 2 * n, 40 + n, 40 + n) for n in range(200))
    return page(rules)


def composed() -> bytes:
    """A table and Chinese words as a report writer composes them."""
    out = io.BytesIO()
    registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(out, A4)
    canvas.setFont("STSong-Light", 12)
    for row in range(30):
        canvas.drawString(60, 780 - 20 * row, f"{row + 1}号机组夜班巡检安排（A班 07:30—19:30）：无异常 √ ☆ ①")
    canvas.grid([50, 150, 250, 350, 450], [160 + 20 * row for row in range(32)])
    canvas.roundRect(400, 100, 90, 30, 6, fill=1)
    canvas.save()
    return out.getvalue()


SHOWN: Mapping[str, Callable[[], bytes]] = {
    "stamp": stamped,
    "hidden stamp": lambda: stamped(2),
    "pattern": tiled,
    "large pattern": lambda: tiled(9000),
    "curves": lambda: page(shaped([LETTER] * 6)),
    "curves in one shape": lambda: page(shaped([LETTER * 6])),
    "pen": lambda: page(shaped([LETTER] * 20, b"S")),
    "numbered glyphs": numbered_glyphs,
    "drawn glyphs": drawn_glyphs,
}
"""Pages that show what their text does not tell."""

PLAIN: Mapping[str, Callable[[], bytes]] = {
    "rules": ruled,
    "shapes": lambda: page(shaped([ARROW, BOX] * 40 + [STAR] * 3)),
    "boxes": lambda: page(shaped([BOX] * 60, b"S")),
    "bullets": bulleted,
    "composed": composed,
}
"""Pages whose text tells all they show."""
