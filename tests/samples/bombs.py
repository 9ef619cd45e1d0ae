"""Files made to exhaust whoever reads them: they inflate, nest, refer to themselves, never end, are no files."""

import base64
import os
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewer.readers.reasons import REASONS, Reason
from tests.samples.make import BODY, R, S, docx, good_xlsx, office, paragraph, pdf, png, zipped

DEEP = 1_000_000


@dataclass(frozen=True, slots=True)
class Bomb:
    """How to put a hostile file there, and the reasons of which one must be given."""

    put: Callable[[Path], None]
    said: tuple[str, ...]
    quick: bool = False
    """Whether the suite checks it, too."""
    harmless: bool = False
    """Whether it may be read to its end instead, and its mark found: a reader need not walk into what it holds."""

    def named(self, told: str) -> bool:
        """Whether what was told gives one of the reasons, or none need be."""
        return any((REASONS[Reason(r)][1] if r in set(Reason) else r) in told for r in self.said)


def _written(make: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda path: _write(path, make())


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def sparse(size: int, head: bytes = b"") -> Callable[[Path], None]:
    """A file of so many bytes, nearly none of which is on the disk."""

    def put(path: Path) -> None:
        with path.open("wb") as file:
            file.write(head)
            file.truncate(size)

    return put


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zeros(size: int) -> bytes:
    """So many zero bytes, deflated."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(size // 2**20)) + packer.flush()


def png_with(kind: bytes, data: bytes) -> bytes:
    """A good picture with one more chunk after its head."""
    whole = png()
    return whole[:33] + chunk(kind, data) + whole[33:]


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def inflating_pdf(megabytes: int) -> bytes:
    """A page whose content inflates twice over."""
    packed = zlib.compress(zeros(megabytes * 2**20), 9)
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
            b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
        ]
    )


def drawn_again_pdf(levels: int = 9) -> bytes:
    """A page that draws a form ten times, which draws another ten times, and so on."""
    words = b"BT /F 1 Tf (x) Tj ET"
    forms = []
    for level in range(levels):
        drawn, inner = (b"/X Do " * 10, b"/XObject<</X %d 0 R>>" % (5 + level)) if level < levels - 1 else (words, b"")
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>/Length %d>>" % (inner, len(drawn))
        forms.append(head + b"stream\n" + drawn + b"\nendstream")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents %d 0 R/Resources<</XObject<</X 4 0 R>>>>>>"
    content = b"<</Length 60>>stream\n%s\nendstream" % (b"/X Do " * 10)
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", pages, page % (4 + levels), *forms, content])


def circling_pdf() -> bytes:
    """A tree of pages that is its own child."""
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999999>>"])


def nested_mail(depth: int) -> bytes:
    """A message in a message, so many deep."""
    return b"Subject: a\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" * depth + b"\r\nb"


def nested_parts(depth: int) -> bytes:
    """A message of parts within parts."""
    head = b"MIME-Version: 1.0\n"
    return head + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (i, i) for i in range(depth))


def many_parts(count: int) -> bytes:
    """A message of so many parts."""
    head = b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="a"\n\n'
    return head + b"--a\n\nb\n" * count + b"--a--\n"


def nested_zips(depth: int) -> bytes:
    """An archive in an archive, so many deep."""
    data = zipped({"a.txt": BODY})
    for _ in range(depth):
        data = zipped({"a.zip": data})
    return data


def same_place_zip(count: int) -> bytes:
    """Members that all lie at the same place of the file."""
    data = zipped({"a" * 8: bytes(2**20)})
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")]
    entries = b"".join(entry.replace(b"a" * 8, b"%08d" % i) for i in range(count))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
    return data[:start] + entries + tail


def lying_zip() -> bytes:
    """A member that says it holds one byte and holds 300 MB."""
    data = bytearray(zipped({"a.txt": bytes(300 * 2**20)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = struct.pack("<I", 1)
    return bytes(data)


def far_cell() -> str:
    """Rows at both ends of the largest sheet there may be."""
    return '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def shared_xlsx(count: int) -> bytes:
    """A sheet that shows one long text in so many cells."""
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, count))
    types = {
        "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "xl/worksheets/sheet1.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
        "xl/sharedStrings.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
    }
    members = {
        "xl/workbook.xml": f'<workbook {S} {R}><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<R><Relationship Id="r1" Type="x/worksheet" '
        'Target="worksheets/sheet1.xml"/></R>',
        "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {S}><si><t>{BODY * 1500}</t></si></sst>",
    }
    return office(types, members)


BOMBS: Mapping[str, Bomb] = {
    "zeros.zip": Bomb(_written(lambda: zipped({"a.txt": bytes(300 * 2**20)})), ("bomb",)),
    "lying.zip": Bomb(_written(lying_zip), ("bomb", "damaged")),
    "same-place.zip": Bomb(_written(lambda: same_place_zip(4000)), ("bomb", "damaged"), quick=True),
    "members.zip": Bomb(_written(lambda: zipped({f"{i}": b"" for i in range(60_000)})), ("bomb",)),
    "nested.zip": Bomb(_written(lambda: nested_zips(1000)), ("too-deep",), quick=True),
    "wide.zip": Bomb(
        _written(lambda: zipped({f"{i}.zip": zipped({f"{k}.txt": BODY for k in range(60)}) for i in range(60)})),
        ("too-much",),
    ),
    "nested.docx": Bomb(_written(lambda: docx("<w:p>" * DEEP)), ("bomb", "damaged"), quick=True),
    "paragraphs.docx": Bomb(_written(lambda: docx("<w:p/>" * 2_000_000)), ("bomb", "too-slow", "too-much")),
    "words.docx": Bomb(_written(lambda: docx(paragraph("甲乙") * 300_000)), ("bomb", "too-much", "too-slow")),
    "attributes.docx": Bomb(
        _written(lambda: docx("<w:p " + " ".join(f'a{i}="1"' for i in range(200_000)) + "/>")),
        ("damaged", "bomb", ""),
    ),
    "far.xlsx": Bomb(_written(lambda: good_xlsx(far_cell())), ("",)),
    "shared.xlsx": Bomb(_written(lambda: shared_xlsx(100_000)), ("bomb", "too-much")),
    "huge.png": Bomb(
        _written(lambda: png_with(b"IHDR", b"")[:16] + b"\x7f\xff\xff\xff" * 2 + png()[24:]), ("bomb", "damaged")
    ),
    "words.png": Bomb(
        _written(lambda: png_with(b"zTXt", b"a\0\0" + zeros(300 * 2**20))), ("bomb", "damaged", "too-slow")
    ),
    "colours.png": Bomb(
        _written(lambda: png_with(b"iCCP", b"a\0\0" + zeros(300 * 2**20))),
        ("bomb", "damaged", "words-only", "no-ocr", "too-slow"),
    ),
    "inflating.pdf": Bomb(
        _written(lambda: inflating_pdf(900)), ("bomb", "too-much", "too-slow", "crashed", "picture", "damaged")
    ),
    "drawn-again.pdf": Bomb(_written(drawn_again_pdf), ("bomb", "too-much", "too-slow", "too-deep", "crashed")),
    "circling.pdf": Bomb(_written(circling_pdf), ("damaged", "bomb", "too-much"), quick=True),
    "arrays.pdf": Bomb(
        _written(lambda: pdf().replace(b"/Count 1", b"/A " + b"[" * DEEP)),
        ("damaged", "crashed", "too-slow"),
        harmless=True,
    ),
    "nested.html": Bomb(_written(lambda: b"<html>" + b"<div>" * DEEP), ("truncated", "bomb", "too-slow")),
    "closed.html": Bomb(
        _written(lambda: b"<html>" + b"<b>" * (DEEP // 2) + b"</i>" * (DEEP // 2)),
        ("truncated", "bomb", "too-slow"),
    ),
    "comments.html": Bomb(_written(lambda: b"<html>" + b"<!--" * DEEP), ("truncated",)),
    "tags.html": Bomb(_written(lambda: b"<html>" + b"<a " * DEEP), ("truncated",)),
    "nested.xml": Bomb(_written(lambda: b'<?xml version="1.0"?>' + b"<a>" * DEEP), ("truncated", "bomb", "too-slow")),
    "nested.eml": Bomb(
        _written(lambda: nested_mail(20_000)), ("crashed", "too-much", "too-deep", "damaged", "too-slow"), quick=True
    ),
    "parts.eml": Bomb(
        _written(lambda: nested_parts(20_000)), ("crashed", "too-much", "too-deep", "damaged", "truncated", "too-slow")
    ),
    "many.eml": Bomb(_written(lambda: many_parts(100_000)), ("too-much", "too-slow")),
    "header.eml": Bomb(
        _written(lambda: b"MIME-Version: 1.0\nSubject: " + b"=?utf-8?q?a?= (" * 200_000 + b"\n\nb\n"),
        ("too-slow", "too-much", "damaged", "crashed"),
    ),
    "coded.eml": Bomb(
        _written(
            lambda: b"MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(bytes(40 * 2**20))
        ),
        ("unknown",),
    ),
    "sparse.txt": Bomb(sparse(2**30), ("too-much",), quick=True),
    "sparse.docx": Bomb(sparse(2**30, b"PK\x03\x04"), ("too-much",), quick=True),
    "zeros.docx": Bomb(sparse(60 * 2**20, b"PK\x03\x04"), ("damaged", "truncated")),
    "zeros.pdf": Bomb(sparse(60 * 2**20, b"%PDF-1.7\n"), ("damaged", "truncated")),
    "long.txt": Bomb(_written(lambda: "甲".encode() * (20 * 2**20)), ("too-much",)),
    "pipe.txt": Bomb(os.mkfifo, ("not a regular file",), quick=True),
    "zero.txt": Bomb(lambda path: path.symlink_to("/dev/zero"), ("not a regular file",), quick=True),
    "circle.txt": Bomb(lambda path: path.symlink_to(path), ("symbolic links",), quick=True),
    "folder.txt": Bomb(lambda path: path.mkdir(), ("a folder",), quick=True),
}
"""By file name. A reason that is empty: the file is read to its end and nothing need be said."""
