"""Every format by name: which module reads it, which suffixes it has, how its content is recognised.

Content decides; the name only tells kinds of text apart. A format without a module is known and named, but not read.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from reviewer.errors import ReadError
from reviewer.readers import text
from reviewer.readers.reasons import Reason


@dataclass(frozen=True, slots=True)
class Format:
    """One format; `reason` says why one without a module is not read."""

    name: str
    module: str = ""
    suffixes: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    reason: Reason | None = None


TEXT = Format("text", "text", (".txt", ".md", ".csv", ".log"))
HTML = Format("html", "html", (".html", ".htm", ".xhtml", ".xml", ".svg"))
EML = Format("eml", "eml", (".eml", ".mht"))
MAILBOX = Format("mailbox", "mailbox", (".mbox", ".emlx", ".eml"))
CALENDAR = Format("calendar", "calendar", (".ics", ".vcf", ".vcs"))
DOCX = Format("docx", "docx", (".docx", ".docm", ".dotx", ".wps"))
XLSX = Format("xlsx", "xlsx", (".xlsx", ".xlsm", ".xltx", ".et"))
PPTX = Format("pptx", "pptx", (".pptx", ".pptm", ".ppsx", ".dps"))
OFD = Format("ofd", "ofd", (".ofd",))
ZIP = Format("zip", "archive", (".zip",))
ODF = Format("OpenDocument", suffixes=(".odt", ".ods", ".odp"), reason=Reason.NO_READER)
PDF = Format("pdf", "pdf", (".pdf",), (b"%PDF-",))
OLD_OFFICE = Format(
    "OLE",
    suffixes=(".doc", ".xls", ".ppt", ".wps", ".et", ".dps", ".msg"),
    magic=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    reason=Reason.OLD_OFFICE,
)
LOCKED = Format("Office", suffixes=(*DOCX.suffixes, *XLSX.suffixes, *PPTX.suffixes), reason=Reason.ENCRYPTED)
PNG = Format("png", "picture", (".png",), (b"\x89PNG\r\n\x1a\n",))
JPEG = Format("jpeg", "picture", (".jpg", ".jpeg"), (b"\xff\xd8\xff",))
BMP = Format("bmp", "picture", (".bmp",))
FORMATS = (
    TEXT,
    HTML,
    EML,
    MAILBOX,
    CALENDAR,
    DOCX,
    XLSX,
    PPTX,
    OFD,
    ZIP,
    ODF,
    PDF,
    OLD_OFFICE,
    LOCKED,
    PNG,
    JPEG,
    BMP,
    Format("gif", "picture", (".gif",), (b"GIF87a", b"GIF89a")),
    Format("tiff", "picture", (".tif", ".tiff"), (b"II*\x00", b"MM\x00*")),
    Format("webp", "picture", (".webp",)),
    Format("heic", suffixes=(".heic", ".heif", ".avif"), reason=Reason.PICTURE),
    Format("rtf", suffixes=(".rtf",), magic=(b"{\\rtf",), reason=Reason.NO_READER),
    Format("PostScript", suffixes=(".ps", ".eps"), magic=(b"%!PS",), reason=Reason.NO_READER),
    Format("rar", suffixes=(".rar",), magic=(b"Rar!\x1a\x07",), reason=Reason.NO_READER),
    Format("7z", suffixes=(".7z",), magic=(b"7z\xbc\xaf\x27\x1c",), reason=Reason.NO_READER),
    Format("gzip", suffixes=(".gz", ".tgz"), magic=(b"\x1f\x8b",), reason=Reason.NO_READER),
    Format("bzip2", suffixes=(".bz2",), magic=(b"BZh",), reason=Reason.NO_READER),
    Format("xz", suffixes=(".xz",), magic=(b"\xfd7zXZ\x00",), reason=Reason.NO_READER),
    Format("TNEF", magic=(b"\x78\x9f\x3e\x22",), reason=Reason.NO_READER),
    Format("media", suffixes=(".mp3", ".mp4", ".wav", ".avi", ".mov", ".amr", ".m4a"), reason=Reason.NO_READER),
)
"""One line registers a format."""

_BY_NAME = {f.name: f for f in FORMATS}
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE_PARTS = (
    (b"wordprocessingml.document.main+xml", DOCX),
    (b"wordprocessingml.template.main+xml", DOCX),
    (b"ms-word.document.macroEnabled.main+xml", DOCX),
    (b"ms-word.template.macroEnabledTemplate.main+xml", DOCX),
    (b"spreadsheetml.sheet.main+xml", XLSX),
    (b"spreadsheetml.template.main+xml", XLSX),
    (b"ms-excel.sheet.macroEnabled.main+xml", XLSX),
    (b"ms-excel.template.macroEnabled.main+xml", XLSX),
    (b"presentationml.presentation.main+xml", PPTX),
    (b"presentationml.slideshow.main+xml", PPTX),
    (b"presentationml.template.main+xml", PPTX),
    (b"ms-powerpoint.presentation.macroEnabled.main+xml", PPTX),
    (b"ms-powerpoint.slideshow.macroEnabled.main+xml", PPTX),
)
_MAIL_HEAD = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_MAIL_FIELDS = re.compile(rb"(?im)^(?:mime-version|message-id|received|content-transfer-encoding):")
_ENVELOPE = re.compile(rb"From (?:\S{0,200}@|[^\n]{0,200}[0-9]:[0-9]{2})[^\n]{0,200}\n|[0-9]{1,10}[ \t]*\r?\n")
"""The line before a message: who sent it and when, or how long it is."""

_CALENDAR = re.compile(rb"(?:\xef\xbb\xbf)?\s*BEGIN:(?:VCALENDAR|VCARD)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\b|<!doctype\s+html|<html\b|<svg\b)", re.IGNORECASE)


def plain(data: bytes, name: str) -> bool:
    """Whether `data` is to be taken as text as it stands (decoding it may still fail); parses nothing."""
    return not packed(data) and _textual(data, name) is TEXT


def packed(data: bytes) -> bool:
    """Whether the first bytes are those of a format that is no text."""
    return data.startswith(_ZIP_MAGIC) or _marked(data) is not None


def sniff(data: bytes, name: str) -> Format | None:
    """The format of `data`; the name only tells one kind of text from another. `None` for unknown binary data."""
    if data.startswith(_ZIP_MAGIC):
        return _zipped(data, name)
    marked = _marked(data)
    if marked is not None:
        return marked
    found = _textual(data, name)
    if found is TEXT:
        if text.binary(data):
            return None
        try:
            text.read(data, name)
        except ReadError:
            return None
    return found


def misnamed(found: Format, name: str) -> bool:
    """Whether the name has another known format's suffix."""
    suffix = PurePath(name.lower()).suffix
    return suffix not in found.suffixes and any(suffix in f.suffixes for f in FORMATS)


def _marked(data: bytes) -> Format | None:
    """A format recognised by its first bytes."""
    if data.startswith(OLD_OFFICE.magic):
        return LOCKED if "EncryptedPackage".encode("utf-16-le") in data else OLD_OFFICE
    for form in FORMATS:
        if form.magic and data.startswith(form.magic):
            return form
    if b"%PDF-" in data[:1024] and b"endobj" in data:
        return PDF
    if data[:2] == b"BM" and data[14:18] in (b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"):
        return BMP
    if data[:4] == b"RIFF":
        return _BY_NAME["webp" if data[8:12] == b"WEBP" else "media"]
    if data[4:8] == b"ftyp":
        return _BY_NAME["heic" if data[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "media"]
    return _BY_NAME["media"] if data.startswith((b"ID3", b"OggS", b"#!AMR", b"\xff\xfb")) else None


def _textual(data: bytes, name: str) -> Format:
    """Which kind of text, by content and then by name."""
    head = data[:65536]
    suffix = PurePath(name.lower()).suffix
    envelope = _ENVELOPE.match(head)
    mail = _MAIL_HEAD.match(head, envelope.end() if envelope else 0)
    fields = mail and _MAIL_FIELDS.search(head if head.startswith(b"From ") else mail.group())
    if envelope and mail and (suffix in EML.suffixes or fields):
        return MAILBOX
    if suffix in EML.suffixes or (fields and not envelope):
        return EML
    if suffix in MAILBOX.suffixes:
        return MAILBOX
    if suffix in CALENDAR.suffixes or _CALENDAR.match(head):
        return CALENDAR
    return HTML if suffix in HTML.suffixes or _MARKUP.match(head) else TEXT


def _zipped(data: bytes, name: str) -> Format:
    """Which of the formats that are ZIP files inside; a damaged one is what its name says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "OFD.xml" in names:
                return OFD
            if "[Content_Types].xml" in names and package.getinfo("[Content_Types].xml").file_size < 2**20:
                types = package.read("[Content_Types].xml")
                return next((form for mark, form in _OFFICE_PARTS if mark in types), ZIP)
            if "mimetype" in names and "content.xml" in names:
                return ODF
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OSError, KeyError, zlib.error):
        suffix = PurePath(name.lower()).suffix
        return next((f for f in (DOCX, XLSX, PPTX, OFD) if suffix in f.suffixes), ZIP)
    return ZIP
