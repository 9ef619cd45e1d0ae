"""PDF: text by page and line, what lies beside it, properties, attachments; pages that show more are recognised."""

import pypdfium2
import pypdfium2.raw as raw

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.markup import attribute, spoken
from reviewer.readers.pdf import beside, looks
from reviewer.readers.pdf.names import Inside, inside
from reviewer.readers.reasons import Reason

MAX_PAGES = 2000
MAX_OCR_PAGES = 30
DPI = 150
MAX_SIDE = 2400
"""Pixels of the longer side of a page that is drawn for recognition."""

XFA = (2, 3)
ACTIVE = {
    "JavaScript": Reason.MACRO,
    "JS": Reason.MACRO,
    "Launch": Reason.MACRO,
    "GoToE": Reason.LINKED,
    "RichMedia": Reason.EMBEDDED,
    "Movie": Reason.EMBEDDED,
    "Sound": Reason.EMBEDDED,
    "3D": Reason.EMBEDDED,
}
"""Names of objects that are not read."""

TILES = "PatternType"
"""A name that every file with patterns has."""

STANDARD = frozenset({"Title", "Author", "Subject", "Keywords", "Creator"})
PROGRAM = frozenset({"Producer", "CreationDate", "ModDate", "Trapped"})
WRITTEN = ("Date", "ID", "Tool", "Producer", "format", "part", "conformance", "when", "softwareAgent", "action")
"""Ends of what programs write into metadata."""


def read(data: bytes, out: Gather) -> None:
    """All text of a PDF. Raises `Unreadable`."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            found = inside(document, data)
            _document(document, found, out)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower() or "security" in str(exc).lower():
            raise Unreadable(Reason.ENCRYPTED) from exc
        raise Unreadable(Reason.DAMAGED if b"%%EOF" in data[-2048:] else Reason.TRUNCATED) from exc
    for packet in found.packets:
        _packet(packet, out)
    if not found.complete:
        out.missed(Reason.PART, "ObjStm")
    if b"%%EOF" not in data[-2048:]:
        out.missed(Reason.TRUNCATED)


def _document(document: pypdfium2.PdfDocument, found: Inside, out: Gather) -> None:
    if document.get_formtype() != raw.FORMTYPE_NONE:
        document.init_forms()
    beside.outline(document, out)
    pictured = 0
    for index in range(min(len(document), MAX_PAGES)):
        here = out.at(StepKind.PAGE, index + 1)
        pictured += _page(document, index, here, tiled=TILES in found.names, recognised=pictured < MAX_OCR_PAGES)
    if len(document) > MAX_PAGES:
        out.missed(Reason.TOO_MUCH)
    for name in sorted(found.names - PROGRAM):  # one that is no property gives nothing
        here, words = out.at(StepKind.PROPERTY, name), document.get_metadata_value(name)
        if words and name not in STANDARD:
            here.text(name)
        here.text(words)
    for index in range(document.count_attachments()):
        attachment = document.get_attachment(index)
        out.file(bytes(attachment.get_data()), attachment.get_name())
    for words in found.descriptions:
        out.at(StepKind.PROPERTY, "Desc").text(words)
    if document.get_formtype() in XFA:
        out.missed(Reason.PART, "XFA")
    for name in sorted(found.names & ACTIVE.keys()):
        out.missed(ACTIVE[name], name)


def _page(document: pypdfium2.PdfDocument, index: int, out: Gather, *, tiled: bool, recognised: bool) -> bool:
    """One page with all that belongs to it; whether it is one to be recognised, which is done if `recognised`."""
    page = document[index]
    text = page.get_textpage()
    shown = text.get_text_bounded()
    for number, line in enumerate(shown.splitlines(), 1):
        out.at(StepKind.LINE, number).text(line)
    whole = text.get_text_range()
    for line in beside.fresh(whole, shown):  # beyond the edge of the page
        out.at(StepKind.HIDDEN).text(line)
    label = document.get_page_label(index)
    if any(c.isalpha() for c in label.strip("ivxlcdmIVXLCDM")):
        out.at(StepKind.NUMBERING).text(label)
    beside.annotations(document, page, out)
    beside.alternatives(page, whole, out)
    pictured = not shown.strip() or looks.unreadable(text, whole) or looks.pictured(document, page, tiled=tiled)
    covered = looks.pictured(document, page, tiled=tiled, hidden=True)
    if pictured and recognised:
        _draw(page, out)
    changed = beside.appearances(document, index, whole, out)
    covered |= changed is not None and not pictured and looks.unreadable(changed, changed.get_text_range())
    if covered and recognised:  # now that nothing is hidden
        _draw(changed.page if changed else page, out.at(StepKind.COMMENT))
    if (pictured or covered) and not recognised:
        out.missed(Reason.TOO_MUCH)
    return pictured or covered


def _packet(packet: bytes, out: Gather) -> None:
    """Words that people wrote into the metadata."""
    if not packet:
        out.missed(Reason.PART, "XMP")
        return
    here = out.at(StepKind.PROPERTY, "XMP")
    tags: list[str] = []
    for starts, tag, element, words in spoken(packet):
        if words and not any(t.endswith(WRITTEN) for t in tags):
            here.text(words)
        if not starts:
            tags.pop()
            continue
        tags.append(tag)
        for name in ("title", "description", "Keywords", "Title", "Subject", "Author"):
            here.text(attribute(element, name))


def _draw(page: pypdfium2.PdfPage, out: Gather) -> None:
    """Recognise the page as it looks."""
    from reviewer.readers import picture

    width, height = page.get_size()
    scale = min(DPI / 72, MAX_SIDE / max(width, height, 1))
    picture.recognise(page.render(scale=scale).to_pil(), out.at(StepKind.PICTURE))
