"""E-mail messages: subject, bodies, and every attachment as a file of its own."""

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

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason

MAX_PARTS = 500
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
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unreadable(Reason.DAMAGED)
    if not END_OF_HEAD.search(data):
        out.missed(Reason.TRUNCATED)
    for number, part in enumerate(message.walk()):
        if number > MAX_PARTS:
            raise Unreadable(Reason.TOO_MUCH)
        if subject := part.get("Subject"):  # a forwarded message has one of its own
            out.at(StepKind.SUBJECT).text(str(subject))
        if part.get_content_type() in SECRET:
            out.missed(Reason.ENCRYPTED)
        elif not part.is_multipart():
            _part(part, out)
        if part.defects:  # those of an encoding are known only once the part is decoded
            _defect(part.defects[0], out)


def _defect(defect: MessageDefect, out: Gather) -> None:
    """What is wrong with a part: it ends too early, or something else."""
    out.missed(Reason.TRUNCATED if isinstance(defect, CUT) else Reason.DAMAGED, type(defect).__name__)


def _part(part: EmailMessage, out: Gather) -> None:
    """One leaf of the message: a body, a picture, an attachment."""
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    name = _name(part, out)
    if name:
        out.file(data, name)
    elif part.get_content_maintype() == "text":
        ending = "html" if part.get_content_subtype() == "html" else "txt"
        out.at(StepKind.BODY).content(_utf8(part, data), f"body.{ending}")
    else:
        out.at(StepKind.BODY).content(data, "")


def _name(part: EmailMessage, out: Gather) -> str:
    """The file name of a part; its header may be such that the library trips over it."""
    try:
        return part.get_filename() or ""
    except (IndexError, ValueError, AttributeError):
        out.missed(Reason.DAMAGED, "Content-Disposition")
        return ""


def _utf8(part: EmailMessage, data: bytes) -> bytes:
    """The body in UTF-8 where its declared encoding is known and holds, else as it came."""
    try:
        return data.decode(part.get_content_charset("utf-8")).encode("utf-8")
    except (LookupError, ValueError):
        return data
