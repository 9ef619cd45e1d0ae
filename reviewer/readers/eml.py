"""E-mail messages: heads, bodies, words between the parts, and every attachment as a file of its own."""

import email
import email.policy
import re
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    MessageDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import EmailMessage
from functools import partial

from reviewer.draft import StepKind
from reviewer.errors import ReadError
from reviewer.readers import charsets, formats
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason

MAX_PARTS = 500

TRIPS = (IndexError, ValueError, AttributeError, TypeError, UnboundLocalError, RecursionError)
"""What the library raises for heads that it does not understand."""

MACHINE = frozenset(
    {
        "mime-version", "date", "message-id", "in-reply-to", "references", "return-path", "dkim-signature",
        "domainkey-signature", "arc-seal", "arc-message-signature", "authentication-results", "received-spf",
        "arc-authentication-results", "content-type", "content-transfer-encoding", "content-disposition", "content-id",
    }
)  # fmt: skip
"""Fields of a head that only programs read."""

ELSEWHERE = {"message/external-body": Reason.LINKED, "message/partial": Reason.TRUNCATED}
"""Types of parts whose content, or the rest of it, is not in the message."""

APART = "X-Apple-Content-Length"
"""Field of a part whose content Apple Mail keeps in a file of its own."""

ENDINGS = {"html": "html", "xml": "xml", "calendar": "ics", "vcard": "vcf", "x-vcard": "vcf", "directory": "vcf"}
"""Endings of bodies by subtype; others are plain text."""

SAID = {"text/html": formats.HTML}
"""What a file is by its type where its name and its content do not tell; a name of plain text then does not fit."""

ENCODED = re.compile(r"=\?([\w.:-]+)(?=(?:\*[\w-]*)?\?[bq]\?)", re.IGNORECASE)
"""Where words of a head begin that say their encoding."""

END_OF_HEAD = re.compile(rb"\n\r?\n|\r\r")
SECRET = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
"""Types of messages whose content is encrypted."""

CUT = (
    StartBoundaryNotFoundDefect,
    CloseBoundaryNotFoundDefect,
    InvalidBase64PaddingDefect,
    InvalidBase64LengthDefect,
)
"""Defects of a message that ends too early."""


def read(data: bytes, out: Gather) -> None:
    """The message and what is attached to it. Raises `Unreadable`."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except TRIPS as exc:
        raise Unreadable(Reason.DAMAGED) from exc
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unreadable(Reason.DAMAGED)
    if not END_OF_HEAD.search(data):
        out.missed(Reason.TRUNCATED)
    for number, part in enumerate(message.walk()):
        if number > MAX_PARTS:
            raise Unreadable(Reason.TOO_MUCH)
        _head(part, out)
        for between in (part.preamble, part.epilogue):  # no program shows them
            out.at(StepKind.HIDDEN).text(_said(between or "", out))
        kind = part.get_content_type()
        if kind in ELSEWHERE:
            out.missed(ELSEWHERE[kind], kind)
        if APART in part:
            out.missed(Reason.LINKED, kind)
        if kind not in SECRET and not part.is_multipart():
            _part(part, out)
        elif name := _name(part, out):
            out.named(name)
        if kind in SECRET:
            out.missed(Reason.ENCRYPTED)
        if part.defects:  # those of an encoding are known only once the part is decoded
            _defect(part.defects[0], out)


def _defect(defect: MessageDefect, out: Gather) -> None:
    """What is wrong with a part: it ends too early, or something else."""
    out.missed(Reason.TRUNCATED if isinstance(defect, CUT) else Reason.DAMAGED, type(defect).__name__)


def _head(part: EmailMessage, out: Gather) -> None:
    """The subject and the other fields of a message, of a forwarded one, of a report of delivery, of a part."""
    for name, value in part.raw_items():
        if name.lower() in MACHINE:
            continue
        here = out.at(StepKind.SUBJECT) if name.lower() == "subject" else out.at(StepKind.PROPERTY, name)
        said = ENCODED.sub(partial(_encoded, here), _said(value, here))
        try:
            here.text(str(part.policy.header_fetch_parse(name, said)))
        except TRIPS:
            here.missed(Reason.DAMAGED)


def _encoded(out: Gather, found: re.Match[str]) -> str:
    """The beginning of encoded words, with the encoding that viewers take; one that is not known is recorded."""
    known = charsets.codec(found[1])
    if known is None:
        out.missed(Reason.UNKNOWN, found[1])
    return found[0] if known is None else f"=?{known}"


def _said(raw: str, out: Gather) -> str:
    """What stands outside of bodies, where bytes of no declared encoding are UTF-8 or GB18030."""
    try:
        return out.decoded(raw.encode("utf-8", "surrogateescape"))
    except ReadError:
        out.missed(Reason.DAMAGED)
        return raw


def _part(part: EmailMessage, out: Gather) -> None:
    """One leaf of the message: a body, a picture, an attachment."""
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    name = _name(part, out)
    if part.get_content_maintype() == "text" and not formats.packed(data):
        here = out.at(StepKind.FILE, name) if name else out.at(StepKind.BODY)
        data = _utf8(part, data, here)
    if name:
        out.file(data, name, SAID.get(part.get_content_type()))
    elif part.get_content_maintype() == "text":
        ending = ENDINGS.get(part.get_content_subtype(), "txt")
        out.at(StepKind.BODY).content(data, f"body.{ending}")
    else:
        out.at(StepKind.BODY).content(data, "")


def _name(part: EmailMessage, out: Gather) -> str:
    """The file name of a part; its header may be such that the library trips over it."""
    try:
        return part.get_filename() or ""
    except TRIPS:
        out.missed(Reason.DAMAGED, "Content-Disposition")
        return ""


def _utf8(part: EmailMessage, data: bytes, out: Gather) -> bytes:
    """Text in UTF-8 where the part says its encoding, else as it came; what is in no such encoding is recorded."""
    try:
        charset = part.get_content_charset() or ""
        return out.decoded(data, "", charset).encode("utf-8", "replace") if charset else data
    except (ReadError, *TRIPS):
        return data
