"""PDF: text by page and line, properties, annotations, attachments; pages that show pictures are recognised."""

import ctypes

import pypdfium2
import pypdfium2.raw as raw

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason

MAX_PAGES = 2000
MAX_OCR_PAGES = 30
DPI = 150
MAX_SIDE = 2400
"""Pixels of the longer side of a page that is drawn for recognition."""

XFA = (2, 3)


def read(data: bytes, out: Gather) -> None:
    """All text of a PDF. Raises `Unreadable`."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            _document(document, out)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower() or "security" in str(exc).lower():
            raise Unreadable(Reason.ENCRYPTED) from exc
        raise Unreadable(Reason.DAMAGED if b"%%EOF" in data[-2048:] else Reason.TRUNCATED) from exc
    if b"%%EOF" not in data[-2048:]:
        out.missed(Reason.TRUNCATED)


def _document(document: pypdfium2.PdfDocument, out: Gather) -> None:
    pictured = 0
    for index in range(min(len(document), MAX_PAGES)):
        here = out.at(StepKind.PAGE, index + 1)
        page = document[index]
        words = page.get_textpage().get_text_bounded()
        for number, line in enumerate(words.splitlines(), 1):
            here.at(StepKind.LINE, number).text(line)
        _annotations(page, here)
        if not words.strip() or _shows_pictures(page):
            pictured += 1
            if pictured > MAX_OCR_PAGES:
                here.missed(Reason.TOO_MUCH)
            else:
                _draw(page, here)
    if len(document) > MAX_PAGES:
        out.missed(Reason.TOO_MUCH)
    for name, value in document.get_metadata_dict(skip_empty=True).items():
        if name not in ("Producer", "CreationDate", "ModDate"):
            out.at(StepKind.PROPERTY, name).text(value)
    for index in range(document.count_attachments()):
        attachment = document.get_attachment(index)
        out.file(bytes(attachment.get_data()), attachment.get_name())
    if raw.FPDF_GetFormType(document.raw) in XFA:
        out.missed(Reason.PART, "XFA")
    if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
        out.missed(Reason.MACRO)


def _shows_pictures(page: pypdfium2.PdfPage) -> bool:
    return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=8), None) is not None


def _draw(page: pypdfium2.PdfPage, out: Gather) -> None:
    """Recognise the page as it looks."""
    from reviewer.readers import picture

    width, height = page.get_size()
    scale = min(DPI / 72, MAX_SIDE / max(width, height, 1))
    picture.recognise(page.render(scale=scale).to_pil(), out.at(StepKind.PICTURE))


def _annotations(page: pypdfium2.PdfPage, out: Gather) -> None:
    """Texts of notes, stamps and form fields."""
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        for key in (b"Contents", b"V", b"Subj"):
            size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
            if size > 2:
                buffer = ctypes.create_string_buffer(size)
                pointer = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
                raw.FPDFAnnot_GetStringValue(annotation, key, pointer, size)
                out.at(StepKind.COMMENT).text(buffer.raw[: size - 2].decode("utf-16-le", "replace"))
        raw.FPDFPage_CloseAnnot(annotation)
