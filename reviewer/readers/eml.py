"""E-mail messages: subject, bodies, and every attachment as a file of its own."""

import email
import email.policy
from email.message import EmailMessage

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason

MAX_PARTS = 500
SECRET = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
"""Types of messages whose content is encrypted."""


def read(data: bytes, out: Gather) -> None:
    """The message and what is attached to it. Raises `Unreadable`."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unreadable(Reason.DAMAGED)
    out.at(StepKind.SUBJECT).text(str(message.get("Subject", "")))
    for number, part in enumerate(message.walk()):
        if number > MAX_PARTS:
            raise Unreadable(Reason.TOO_MUCH)
        if part.defects:
            out.missed(Reason.DAMAGED, type(part.defects[0]).__name__)
        if part.get_content_type() in SECRET:
            out.missed(Reason.ENCRYPTED)
        elif not part.is_multipart():
            _part(part, out)


def _part(part: EmailMessage, out: Gather) -> None:
    """One leaf of the message: a body, a picture, an attachment."""
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    name = part.get_filename()
    if name:
        out.file(data, name)
    elif part.get_content_maintype() == "text":
        ending = "html" if part.get_content_subtype() == "html" else "txt"
        out.at(StepKind.BODY).content(_utf8(part, data), f"body.{ending}")
    else:
        out.at(StepKind.BODY).content(data, "")


def _utf8(part: EmailMessage, data: bytes) -> bytes:
    """The body in UTF-8 where its declared encoding is known and holds, else as it came."""
    try:
        return data.decode(part.get_content_charset("utf-8")).encode("utf-8")
    except (LookupError, ValueError):
        return data
