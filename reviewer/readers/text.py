"""Plain text: UTF-8 (with or without BOM), UTF-16 by BOM, GB18030; binary and undecodable bytes are errors.

Broken UTF-8 is often sound GB18030, of other words: what holds more Chinese as UTF-8 than it breaks is UTF-8.
"""

import codecs

from reviewer.errors import ReadError
from reviewer.readers.reasons import Reason

BROKEN = "\ufffd"
_SHORT = "\u07ff"
"""The last character of two bytes of UTF-8; pairs of GB18030 seldom look like one of three or four."""


def read(data: bytes, name: str) -> tuple[str, Reason | None]:
    """The words, U+FFFD for what is broken among them, and why it is: cut within a character, or damaged.

    Raises `ReadError` for binary data and bytes in no known encoding.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16", name)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    if binary(data):
        raise ReadError(
            f"{name}: 二进制数据，不是文字 / binary data, not text",
            "换文本文件或者直接粘贴 / check a text file or paste the text",
        )
    words = data.decode("utf-8-sig", "replace")
    if 2 * words.count(BROKEN) < sum(char > _SHORT for char in words):
        return words, Reason.TRUNCATED if _cut(data, "utf-8") else Reason.DAMAGED
    return _decode(data, "gb18030", name)


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
