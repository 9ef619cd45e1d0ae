"""Words inside what a program carries out: formulas, number formats, field instructions; and XML of any vocabulary."""

import contextlib
import re

from reviewer.readers.gather import Gather
from reviewer.readers.markup import local, spoken

LETTERS = re.compile(r"[\u3400-\u9fff]")
UNITS = frozenset("年月日时分秒上午下星期元万亿第页共")
"""Characters that formats of dates, amounts and page numbers print."""

LITERAL = re.compile(r'"((?:[^"]|"")*)"')
PRINTED = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*(.)|\[\$([^\]-]{0,255}+)[^\]]{0,255}\]|\[[^\]]{0,255}\]|([\u3400-\u9fff])|;', re.DOTALL
)
"""What a number format, of 255 characters at most, prints as it stands: between quotes, after a backslash, to fill a
cell, as a currency."""

FOREIGN = re.compile(r"[^\W\d_\u3400-\u9fff]{2}")
JOINED = re.compile(r'"\s*&\s*"')

PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
"""Bytes of an address that are written in digits (RFC 3986)."""


def worded(text: str) -> bool:
    """Whether there are Chinese words in it beyond those of dates, amounts and page numbers."""
    return not UNITS.issuperset(LETTERS.findall(text))


def addressed(target: str) -> str:
    """An address with its characters as people wrote them, where there are Chinese words in it; else empty."""
    words = PERCENT.sub(lambda m: _decoded(m.group()), target)
    return words if worded(words) else ""


def _decoded(digits: str) -> str:
    """What bytes of an address say in the encodings of Chinese pages; themselves where they are no words."""
    data = bytes.fromhex(digits.replace("%", ""))
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return digits


def literals(formula: str) -> list[str]:
    """The strings in a formula as it would print them; neighbours that `&` joins are one."""
    return [found.replace('""', '"') for found in LITERAL.findall(JOINED.sub("", formula)) if found.strip()]


def printed(code: str) -> str:
    """The words a number format prints around a number; empty for one that prints none but units."""
    pieces = (" " if found[0] == ";" else "".join(found.groups("")) for found in PRINTED.finditer(code))
    words = "".join(pieces).strip()
    return words if worded(words) or FOREIGN.search(words) else ""


def values(data: bytes, out: Gather, *, named: frozenset[str] = frozenset()) -> None:
    """Every word of XML in any vocabulary: of elements, of attributes `named` so, of others if it is Chinese.

    Raises `Unreadable`.
    """
    for starts, _tag, element, words in spoken(data):
        out.text(words)
        if starts:
            for key, value in element.items():
                if local(key) in named or worded(value):
                    out.text(value)
