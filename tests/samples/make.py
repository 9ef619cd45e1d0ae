"""Sample files of every format, built from nothing: a good one, a hostile one, and (by cutting) a truncated one.

`MARK` stands in a place people forget, so that finding it proves that the place is read.
"""

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage

from PIL import Image, ImageDraw

from reviewer.readers.gather import MAX_TEXT
from tests.samples.objects import numbered

MARK = "机密★20年"
BODY = "各科室：请于周五前报送夜班巡检安排。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
OFFICE = "application/vnd.openxmlformats-officedocument."
ENVELOPE = b"From a@example.org Mon Jan  5 09:00:00 2026\n"
LOL = '<!DOCTYPE x [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def office(types: Mapping[str, str], members: Mapping[str, str | bytes]) -> bytes:
    """An Office package; `types` gives content types by part, `members` the parts."""
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    defaults = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    defaults += '<Default Extension="png" ContentType="image/png"/><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    return zipped({"[Content_Types].xml": f"<Types>{defaults}{overrides}</Types>", **members})


def docx(main: str, members: Mapping[str, str | bytes] | None = None, prolog: str = "") -> bytes:
    """A Word document with this body, a header with the mark and a property."""
    types = {
        "word/document.xml": f"{OFFICE}wordprocessingml.document.main+xml",
        "word/header1.xml": f"{OFFICE}wordprocessingml.header+xml",
        "word/comments.xml": f"{OFFICE}wordprocessingml.comments+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    parts = {
        "word/document.xml": f"{prolog}<w:document {W} {R}><w:body>{main}</w:body></w:document>",
        "word/header1.xml": f"<w:hdr {W}>{paragraph(MARK)}</w:hdr>",
        "word/comments.xml": f"<w:comments {W}><w:comment>{paragraph('批注：谌处已看')}</w:comment></w:comments>",
        "docProps/core.xml": "<c><title>夜班巡检安排</title><revision>3</revision></c>",
    }
    return office(types, {**parts, **(members or {})})


def paragraph(words: str, properties: str = "") -> str:
    """A Word paragraph."""
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r></w:p>"


def good_docx() -> bytes:
    """Header, table, hidden words, a tracked deletion, a comment, a property."""
    table = "".join(f"<w:tc>{paragraph(words)}</w:tc>" for words in ("密级", "公开"))
    return docx(
        paragraph(BODY)
        + f"<w:tbl><w:tr>{table}</w:tr></w:tbl>"
        + paragraph("看不见的一段", "<w:vanish/>")
        + "<w:p><w:del><w:r><w:delText>删去的一段</w:delText></w:r></w:del></w:p>"
    )


def good_xlsx(sheet: str = "", prolog: str = "") -> bytes:
    """A visible and a very hidden sheet, a hidden row, a page header."""
    types = {
        "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet.main+xml",
        "xl/worksheets/sheet1.xml": f"{OFFICE}spreadsheetml.worksheet+xml",
        "xl/worksheets/sheet2.xml": f"{OFFICE}spreadsheetml.worksheet+xml",
        "xl/sharedStrings.xml": f"{OFFICE}spreadsheetml.sharedStrings+xml",
    }
    first = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c></row>'
        '<row r="2" hidden="1"><c r="B2" t="inlineStr"><is><t>隐藏行</t></is></c></row>'
    )
    worksheet = f"<worksheet {S}><sheetData>{{}}</sheetData><headerFooter><oddHeader>&amp;C{{}}</oddHeader></headerFooter></worksheet>"
    members = {
        "xl/workbook.xml": f'<workbook {S} {R}><sheets><sheet name="排班" r:id="r1"/>'
        '<sheet name="底稿" state="veryHidden" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<R><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="x/worksheet" Target="worksheets/sheet2.xml"/></R>',
        "xl/worksheets/sheet1.xml": prolog + worksheet.format(sheet or first, "内部"),
        "xl/worksheets/sheet2.xml": worksheet.format(
            f'<row r="1"><c r="C1" t="inlineStr"><is><t>{MARK}</t></is></c></row>', ""
        ),
        "xl/sharedStrings.xml": f"<sst {S}><si><t>{BODY}</t></si></sst>",
    }
    return office(types, members)


def good_pptx(prolog: str = "") -> bytes:
    """A slide, its notes with the mark, a layout with a printed line."""
    types = {
        "ppt/presentation.xml": f"{OFFICE}presentationml.presentation.main+xml",
        "ppt/slides/slide1.xml": f"{OFFICE}presentationml.slide+xml",
        "ppt/notesSlides/notesSlide1.xml": f"{OFFICE}presentationml.notesSlide+xml",
        "ppt/slideLayouts/slideLayout1.xml": f"{OFFICE}presentationml.slideLayout+xml",
    }
    shape = "<p:sp><p:nvSpPr>{}</p:nvSpPr><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sp>"
    members = {
        "ppt/presentation.xml": f'<p:presentation {P} {R}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": '<R><Relationship Id="r1" Type="x/slide" Target="slides/slide1.xml"/></R>',
        "ppt/slides/slide1.xml": f"{prolog}<p:sld {P} {A}>{shape.format('', BODY)}</p:sld>",
        "ppt/slides/_rels/slide1.xml.rels": '<R><Relationship Id="r1" Type="x/notesSlide" Target="../notesSlides/notesSlide1.xml"/></R>',
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {P} {A}>{shape.format('', MARK)}</p:notes>",
        "ppt/slideLayouts/slideLayout1.xml": f"<p:sldLayout {P} {A}>{shape.format('<p:ph/>', '单击此处编辑')}"
        f"{shape.format('', '版式上的一行')}</p:sldLayout>",
    }
    return office(types, members)


def good_ofd(prolog: str = "") -> bytes:
    """One page and one page template, which prints the mark."""
    text = '<Page><TextObject Boundary="1 2 3 4"><TextCode>{}</TextCode></TextObject></Page>'
    return zipped(
        {
            "OFD.xml": "<OFD><DocBody><DocInfo><Title>巡检</Title></DocInfo><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
            "Doc_0/Document.xml": '<Document><CommonData><TemplatePage BaseLoc="Tpls/T.xml"/></CommonData>'
            '<Pages><Page BaseLoc="Pages/P.xml"/></Pages></Document>',
            "Doc_0/Tpls/T.xml": text.format(MARK),
            "Doc_0/Pages/P.xml": prolog + text.format(BODY),
        }
    )


def pdf(title: str = "", encrypted: bool = False) -> bytes:
    """A PDF with one page of words (in a font that needs no file) and an annotation with the mark."""
    note = ("\ufeff" + MARK).encode("utf-16-be").hex()
    words = b"BT /F 12 Tf 40 700 Td (Night shift plan) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Type/Annot/Subtype/Text/Rect[1 1 9 9]/Contents<{note}>>>".encode(),
    ]
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -1>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)
    return numbered(objects, lock if encrypted else b"")


def good_eml(attachment: bytes | None = None) -> bytes:
    """A message with a subject, a body and a Word attachment."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "夜班安排", "a@example.org", "b@example.org"
    message.set_content(BODY)
    message.add_attachment(
        attachment or good_docx(), maintype="application", subtype="octet-stream", filename="附件一.docx"
    )
    return message.as_bytes()


def plain_eml() -> bytes:
    """A message whose body ends where it ends: nothing says that there should be more."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "夜班安排", "a@example.org", "b@example.org"
    message.set_content(BODY * 20, cte="8bit")
    return message.as_bytes()


def good_text() -> bytes:
    """Two lines in UTF-8."""
    return f"{BODY}\n{MARK}\n".encode()


def good_html() -> bytes:
    """Visible words, words a style hides, a comment."""
    page = f'<html><body><p>{BODY}</p><div style="display:none">&#26426;&#23494;★20年</div><!-- 旁注 --></body></html>'
    return page.encode()


def good_calendar(attachment: bytes = BODY.encode()) -> bytes:
    """An invitation with a file; the mark stands in a line that is folded within it."""
    file = base64.b64encode(attachment).decode()
    event = (
        f"SUMMARY:{BODY}\r\nLOCATION:{MARK[:2]}\r\n {MARK[2:]}\r\nATTACH;ENCODING=BASE64;FILENAME=附件.txt:{file}\r\n"
    )
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()


def png(kind: str = "PNG", words: Sequence[str] = ("TOP SECRET 2026",), size: tuple[int, int] = (600, 120)) -> bytes:
    """A picture with a line of Latin letters (the font that comes with the library) on each of its frames or pages."""
    images = []
    for line in words:
        image = Image.new("L", size, 255)
        ImageDraw.Draw(image).text((20, 30), line, fill=0, font_size=44)
        images.append(image)
    out = io.BytesIO()
    if len(images) > 1:
        images[0].save(out, kind, save_all=True, append_images=images[1:])
    else:
        images[0].save(out, kind)
    return out.getvalue()


def good_tiff() -> bytes:
    """Two scanned pages; the mark is on the second."""
    return png("TIFF", ("ROSTER 7", "TOP SECRET 2026"))


def huge_tiff() -> bytes:
    """A blank page that inflates to 169 million pixels."""
    out = io.BytesIO()
    Image.new("1", (13000, 13000), 1).save(out, "TIFF", compression="group4")
    return out.getvalue()


def declared(kind: str, at: int, size: bytes) -> bytes:
    """A small picture whose head declares another size."""
    data = png(kind)
    return data[:at] + size + data[at + len(size) :]


def strange_tiff() -> bytes:
    """A page packed in a way that nobody knows."""
    known = struct.pack("<HHIH", 259, 3, 1, 1)
    return png("TIFF").replace(known, known[:-2] + b"\xff\xff")


def endless_tiff() -> bytes:
    """A page after which the same page comes again, and so on."""
    data = png("TIFF")
    head = struct.unpack("<I", data[4:8])[0]
    after = head + 2 + 12 * struct.unpack("<H", data[head : head + 2])[0]
    return data[:after] + struct.pack("<I", head) + data[after + 4 :]


def bomb_zip() -> bytes:
    """A member of 30 MB of zeros."""
    return zipped({"大.txt": b"\0" * 30 * 2**20})


def nested_zip() -> bytes:
    """An archive in an archive, seven deep."""
    data = zipped({"甲.txt": BODY})
    for _ in range(6):
        data = zipped({"内.zip": data})
    return data


GOOD: Mapping[str, Callable[[], bytes]] = {
    "txt": good_text,
    "docx": good_docx,
    "xlsx": good_xlsx,
    "pptx": good_pptx,
    "ofd": good_ofd,
    "pdf": pdf,
    "eml": good_eml,
    "mailbox": lambda: ENVELOPE + good_eml(),
    "calendar": good_calendar,
    "html": good_html,
    "zip": lambda: zipped({"一.docx": good_docx(), "二.txt": BODY}),
    "png": png,
    "jpg": lambda: png("JPEG"),
    "bmp": lambda: png("BMP"),
    "gif": lambda: png("GIF"),
    "tiff": good_tiff,
    "webp": lambda: png("WEBP"),
}
"""A good file of every format that is read."""

CUT = {
    "txt": "where a character is cut",
    "html": "where `<html>`, `<svg>` or an XML root is left open",
    "eml": "but in a body of plain text",
    "mailbox": "but in a body of plain text",
}
"""Formats whose truncated files are told on a condition only: they write no end of their own."""

HOSTILE: Mapping[str, tuple[str, Callable[[], bytes], str]] = {
    "long.txt": ("txt", lambda: b"x" * (MAX_TEXT + 1), "too-much"),
    "broken.txt": ("txt", lambda: good_text().replace("密".encode(), b"\xe5\xaf"), "damaged"),
    "entities.docx": ("docx", lambda: docx(paragraph("&b;"), prolog=LOL), "unsafe"),
    "macro.docx": ("docx", lambda: docx(paragraph(BODY), {"word/vbaProject.bin": b"x"}), "macro"),
    "embedded.docx": ("docx", lambda: docx(paragraph(BODY), {"word/embeddings/o.bin": b"\xd0\xcf"}), "embedded"),
    "unknown.docx": ("docx", lambda: docx(paragraph(BODY), {"word/strange.dat": b"x"}), "part"),
    "encrypted.docx": (
        "docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted",
    ),
    "bomb.docx": ("docx", lambda: docx(paragraph(" " * 30 * 2**20)), "bomb"),
    "entities.xlsx": ("xlsx", lambda: good_xlsx(prolog=LOL), "unsafe"),
    "entities.pptx": ("pptx", lambda: good_pptx(prolog=LOL), "unsafe"),
    "entities.ofd": ("ofd", lambda: good_ofd(prolog=LOL), "unsafe"),
    "encrypted.pdf": ("pdf", lambda: pdf(encrypted=True), "encrypted"),
    "program.eml": ("eml", lambda: good_eml(b"\x7fELF\0\0\0\0"), "unknown"),
    "program.mbox": ("mailbox", lambda: ENVELOPE + good_eml(b"\x7fELF\0\0\0\0"), "unknown"),
    "program.ics": ("calendar", lambda: good_calendar(b"\x7fELF\0\0\0\0"), "unknown"),
    "script.html": ("html", lambda: b"<html><script>document.write(1)</script></html>", "macro"),
    "bomb.zip": ("zip", bomb_zip, "bomb"),
    "nested.zip": ("zip", nested_zip, "too-deep"),
    "outside.zip": ("zip", lambda: zipped({"../../x.txt": "x"}), "unsafe"),
    "huge.png": ("png", lambda: png(size=(13000, 13000)), "bomb"),
    "renamed.jpg": ("jpg", lambda: png("PNG"), "misnamed"),
    "noise.bmp": ("bmp", lambda: b"BM" + b"\0" * 12 + b"\x28\0\0\0" + b"\xff" * 90, "damaged"),
    "huge.gif": ("gif", lambda: declared("GIF", 6, b"\xff" * 4), "bomb"),
    "huge.tiff": ("tiff", huge_tiff, "bomb"),
    "strange.tiff": ("tiff", strange_tiff, "damaged"),
    "huge.webp": ("webp", lambda: declared("WEBP", 26, b"\xff\x3f\xff\x3f"), "bomb"),
}  # fmt: skip
"""Hostile files: their format, how to make them, the reason that must be named."""
