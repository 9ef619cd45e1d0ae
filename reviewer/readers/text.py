"""Plain text: UTF-8 (with or without BOM), UTF-16 by BOM, GB18030; binary and undecodable bytes are errors."""

import codecs

from reviewer.errors import ReadError


def read(data: bytes, name: str) -> str:
    """Decode `data`. Raises `ReadError` for binary data and bytes in no known encoding."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16", name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if binary(data):
        raise ReadError(
            f"{name}: 二进制数据，不是文字 / binary data, not text",
            "换文本文件或者直接粘贴 / check a text file or paste the text",
        )
    return _decode(data, "gb18030", name)


def _decode(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise ReadError(
            f"{name}: 编码认不出 / neither UTF-8, UTF-16 nor GB18030 text (byte {exc.start})",
            "另存为 UTF-8 再试 / save it as UTF-8 and try again",
        ) from exc


def binary(data: bytes) -> bool:
    """Whether NUL bytes or many control characters stand in the first 4 KiB; never for UTF-16 with its mark."""
    head = data[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    controls = sum(b < 32 and b not in b"\t\n\r\f\x1b" for b in head)
    return b"\x00" in head or controls > len(head) // 20
