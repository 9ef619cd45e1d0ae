"""What a PDF holds beside the words of its pages: outline, notes, form values, stamps, alternative texts."""

import ctypes
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather

KEYS = (b"Contents", b"RC", b"V", b"DV", b"TU", b"Subj")
"""Entries of an annotation that hold words; the second with markup."""

MARKUP = re.compile(r"<[^<>]*>")
WIDE = ctypes.POINTER(raw.FPDF_WCHAR)
MAX_DEPTH = 100
MAX_ELEMENTS = 50_000
"""Elements of one page's structure that are asked for an alternative text."""


def outline(document: pypdfium2.PdfDocument, out: Gather) -> None:
    """Titles of the outline, each with the page it leads to."""
    for entry in document.get_toc(max_depth=MAX_DEPTH):
        target = entry.get_dest()
        page = target.get_index() if target else None
        here = out if page is None else out.at(StepKind.PAGE, page + 1)
        here.at(StepKind.BOOKMARK).text(entry.get_title())


def annotations(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, out: Gather) -> None:
    """Texts of notes and form fields, what a field may be set to, and files pinned to the page."""
    for annotation in each(page):
        said = dict.fromkeys((*_entries(annotation), *_field(document, annotation)))
        for words in said:
            out.at(StepKind.COMMENT).text(words)
        for words in _choices(document, annotation):
            out.at(StepKind.CHOICE).text(words)
        if file := raw.FPDFAnnot_GetFileAttachment(annotation):
            attachment = pypdfium2.PdfAttachment(file, document)
            out.file(bytes(attachment.get_data()), attachment.get_name())


def appearances(document: pypdfium2.PdfDocument, index: int, known: str, out: Gather) -> pypdfium2.PdfTextPage | None:
    """Words that only stamps and the like print, hidden ones too: the page's copy in memory is changed for that.

    The text of the changed page, where it was.
    """
    page = document[index]
    drawn = False
    for annotation in each(page):
        drawn |= raw.FPDFAnnot_GetObjectCount(annotation) > 0
        raw.FPDFAnnot_SetFlags(annotation, raw.FPDF_ANNOT_FLAG_PRINT)
    if not drawn or raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return None
    text = document[index].get_textpage()
    for line in fresh(text.get_text_range(), known):
        out.at(StepKind.COMMENT).text(line)
    return text


def fresh(words: str, known: str) -> Iterator[str]:
    """The lines of `words` that are not in `known`, blanks aside."""
    squeezed = _squeezed(known)
    return (line for line in words.splitlines() if _squeezed(line) not in squeezed)


def alternatives(page: pypdfium2.PdfPage, known: str, out: Gather) -> None:
    """Alternative and replacement texts of a tagged page, where the page does not show the same."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return
    try:
        _alternatives(tree, known, out)
    finally:
        raw.FPDF_StructTree_Close(tree)


def _alternatives(tree: Any, known: str, out: Gather) -> None:
    count = raw.FPDF_StructTree_CountChildren(tree)
    queue = [(raw.FPDF_StructTree_GetChildAtIndex(tree, i), 0) for i in range(min(count, MAX_ELEMENTS))]
    asked = 0
    while queue and asked < MAX_ELEMENTS:
        element, depth = queue.pop()
        asked += 1
        if not element:
            continue
        for call in (raw.FPDF_StructElement_GetAltText, raw.FPDF_StructElement_GetActualText):
            for line in fresh(_wide(partial(call, element), ctypes.c_void_p), known):
                out.at(StepKind.ALT_TEXT).text(line)
        if depth < MAX_DEPTH:
            count = min(raw.FPDF_StructElement_CountChildren(element), MAX_ELEMENTS - asked)
            queue += [(raw.FPDF_StructElement_GetChildAtIndex(element, i), depth + 1) for i in range(count)]


def _squeezed(words: str) -> str:
    return "".join(words.split())


def each(page: pypdfium2.PdfPage) -> Iterator[Any]:
    """The annotations of a page, closed after use."""
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if annotation:
            try:
                yield annotation
            finally:
                raw.FPDFPage_CloseAnnot(annotation)


def _entries(annotation: Any) -> Iterator[str]:
    for key in KEYS:
        words = _wide(partial(raw.FPDFAnnot_GetStringValue, annotation, key))
        yield MARKUP.sub(" ", words) if key == b"RC" else words


def _field(document: pypdfium2.PdfDocument, annotation: Any) -> Iterator[str]:
    """Value and tip of a form field, which may stand in the field that the box on the page belongs to."""
    form = document.formenv
    if form:
        for call in (raw.FPDFAnnot_GetFormFieldValue, raw.FPDFAnnot_GetFormFieldAlternateName):
            yield _wide(partial(call, form.raw, annotation))


def _choices(document: pypdfium2.PdfDocument, annotation: Any) -> Iterator[str]:
    form = document.formenv
    for index in range(raw.FPDFAnnot_GetOptionCount(form.raw, annotation) if form else 0):
        yield _wide(partial(raw.FPDFAnnot_GetOptionLabel, form.raw, annotation, index))


def _wide(call: Callable[[Any, int], int], kind: Any = WIDE) -> str:
    """A string that the library writes into a buffer of the size it asks for."""
    size = call(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, kind), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")
