"""What stands in a text and is no words: files and messages turned into letters, named where they are seen."""

import re
from collections.abc import Iterator

from reviewer.readers.reasons import Reason

BASE64 = 4096
"""Characters of one run from which it is a file. A private RSA key of 4,096 bits has 3,272, a certificate seldom 3,000,
a cookie or token at most 4,096; a Word file has 10,000 and more."""

MARKS = (
    ("BEGIN PGP MESSAGE", r"^[ \t>]*-----BEGIN PGP MESSAGE\b", Reason.ENCRYPTED, "PGP"),
    ("BEGIN AGE", r"^[ \t>]*-----BEGIN AGE ENCRYPTED FILE-----", Reason.ENCRYPTED, "age"),
    (
        "begin",
        r"^[ \t>]{0,8}begin(?:-base64 [0-7]{3,4} \S| [0-7]{3,4} \S[^\n]{0,200}\n[ \t>]{0,8}[ -`]{2,62}\r?$)",
        Reason.EMBEDDED,
        "uuencode",
    ),
    (
        ":",
        r"^[ \t>]*(?i:content-transfer-encoding:[ \t]*base64)[ \t]*\r?\n(?:(?![ \t>\r]*\n)[^\n]*\n){0,8}"
        r"[ \t>]*\r?\n[ \t>]*[A-Za-z0-9+/]{16}",
        Reason.EMBEDDED,
        "MIME",
    ),
    (
        "data:",
        r"\bdata:(?!font/|application/(?:x-)?font)[a-z]{1,20}/[\w.+-]{1,100}(?:;[\w.=+-]{1,100}){0,4},[^\s\"')]{32}",
        Reason.EMBEDDED,
        "data:",
    ),
)
"""Beginnings of what is encrypted or packed: what stands in each, how it is written, and its name."""

_MARKS = tuple((hint, re.compile(mark, re.MULTILINE), reason, detail) for hint, mark, reason, detail in MARKS)
_RUN = re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{40,}")
_BETWEEN = re.compile(r"[\s>]{1,16}")
_MIXED = (re.compile(r"[A-Z]"), re.compile(r"[a-z]"), re.compile(r"[0-9]"))
"""What Base64 of this length always has; digests, rulers and sequences do not."""


def found(words: str) -> Iterator[tuple[Reason, str]]:
    """Why not all of a text was read, each kind of code once, with its name."""
    for hint, mark, reason, detail in _MARKS:
        if hint in words and mark.search(words):
            yield reason, detail
    if any(size >= BASE64 and all(kind.search(words, *span) for kind in _MIXED) for size, span in _runs(words)):
        yield Reason.EMBEDDED, "Base64"


def _runs(words: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Lines of one length that follow each other, as one: the sum of their lengths, and where they are.

    A line of Base64 has a whole number of fours; a list of numbered paths may look like it but for that.
    """
    size, width, start, end = 0, 0, 0, 0
    for run in _RUN.finditer(words):
        wide = run.end() - run.start()
        if wide <= width and width % 4 == 0 and _BETWEEN.fullmatch(words, end, run.start()):
            size, end = size + wide, run.end()
            width = width if wide == width else 0  # the last line is shorter
        else:
            yield size, (start, end)
            size, width, start, end = wide, wide, run.start(), run.end()
    yield size, (start, end)
