"""Plain text: UTF-8 (with or without BOM), UTF-16 by BOM, what is said, GB18030; other bytes are errors.

Broken UTF-8 is often sound GB18030, of other words: what holds more Chinese as UTF-8 than it breaks is UTF-8.
"""

import codecs

from reviewer.errors import ReadError
from reviewer.readers import charsets
from reviewer.readers.reasons import Reason

BROKEN = "\ufffd"
_SHORT = "\u07ff"
"""The last character of two bytes of UTF-8; pairs of GB18030 seldom look like one of three or four."""


def read(data: bytes, name: str, charset: str = "") -> tuple[str, Reason | None]:
    """The words, U+FFFD for what is broken among them, and why it is: cut within a character, or damaged.

    `charset` is what is said about the bytes; their mark and sound UTF-8 go before it, for who saves a page anew seldom
    changes what it says. `UNKNOWN`: they are in no encoding of that name. Raises `ReadError` for binary data and bytes
    in no known encoding.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16", name)
    told = charsets.codec(charset) if charset else ""
    if data.isascii():
        return _ascii(data, told)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    if not (told and charsets.SHIFTING.match(told)) and binary(data):
        raise ReadError(
            f"{name}: 二进制数据，不是文字 / binary data, not text",
            "换文本文件或者直接粘贴 / check a text file or paste the text",
        )
    words = data.decode("utf-8-sig", "replace")
    if _sound(words):
        return words, Reason.TRUNCATED if _cut(data, "utf-8") else Reason.DAMAGED
    if told in charsets.LATIN:
        return charsets.latin(data), None
    if told in ("", "ascii", "gb18030"):
        return _decode(data, "gb18030", name)
    return _told(data, told, name)


def _ascii(data: bytes, told: str | None) -> tuple[str, Reason | None]:
    """Bytes below 128, which an encoding may shift to other characters; `None` for one that is not known."""
    if told is None:
        return data.decode("ascii"), Reason.UNKNOWN if charsets.shifts(data) else None
    try:
        return data.decode(told if charsets.SHIFTING.match(told) else "ascii"), None
    except UnicodeDecodeError:
        return data.decode("ascii"), Reason.UNKNOWN


def _told(data: bytes, told: str | None, name: str) -> tuple[str, Reason | None]:
    """Bytes in the encoding they are said to have, or else as nothing were said, which is then named."""
    if told:
        try:
            return data.decode(told), None
        except UnicodeDecodeError:
            words = data.decode(told, "replace")
            if _sound(words):
                return words, Reason.TRUNCATED if _cut(data, told) else Reason.DAMAGED
    words, flaw = _decode(data, "gb18030", name)
    return words, flaw or Reason.UNKNOWN


def _sound(words: str) -> bool:
    """Whether more characters of Chinese and the like are whole than broken."""
    return 2 * words.count(BROKEN) < sum(char > _SHORT for char in words)


def _decode(data: bytes, encoding: str, name: str) -> tuple[str, Reason | None]:
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as exc:
        if _cut(data, encoding):
            return data.decode(encoding, "replace"), Reason.TRUNCATED
        raise ReadError(
            f"{name}: 编码认不出 / neither UTF-8, UTF-16 nor GB18030 text (byte {exc.start})",
            "另存为 UTF-8 再试 / save it as UTF-8 and try again",
        ) from exc


def _cut(data: bytes, encoding: str) -> bool:
    """Whether `data`, which cannot be decoded, could be if its last character were whole."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def binary(data: bytes) -> bool:
    """Whether NUL bytes or many control characters stand in the first 4 KiB; never for UTF-16 with its mark."""
    head = data[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    controls = sum(b < 32 and b not in b"\t\n\r\f\x1b" for b in head)
    return b"\x00" in head or controls > len(head) // 20
