"""Digits written so that no rule sees a number: Chinese numerals, letters, blanks between, backwards."""

import itertools
import re
from collections.abc import Iterator

from reviewer.normalise.lexicon import SEPARATOR

DIGITS = dict(zip("〇○零一二三四五六七八九两幺壹贰叁肆伍陆柒捌玖", "00012345678921123456789", strict=True))
"""The ASCII digit of every Chinese one."""

_NUMERALS = re.compile(rf"[{''.join(DIGITS)}0-9]{{7,19}}")
_GROUPED = re.compile(rf"[{''.join(DIGITS)}]{{1,8}}(?:[,、 \-][{''.join(DIGITS)}]{{1,8}}){{1,5}}")
_LETTERED = re.compile(r"[0-9lIOo](?<![0-9A-Za-z].)[0-9lIOo]{10}(?:[0-9lIOo]{6}[0-9lIOoXx])?(?![0-9A-Za-z])")
_LETTERS = str.maketrans("lIOo", "1100")
_SPACED = re.compile(rf"(?<![\d.])\d{{1,17}}(?>(?:{SEPARATOR}){{1,6}}[\dXx]{{1,17}}){{1,18}}(?![\d.])")
_SEPARATORS = re.compile(SEPARATOR)
_DOWNWARDS = re.compile(r"(?m)^[ \t]*\d(?:[ \t]*\r?\n[ \t]*[\dXx]){10,18}(?=[ \t\r]*$)")
_REVERSED_ID = re.compile(r"[\dXx](?<![\dA-Za-z].)\d{3}\d[0-3]\d[01]\d{2}(?:81|91|02)\d{5}[1-9](?![\dA-Za-z])")
_REVERSED_MOBILE = re.compile(r"\d(?<!\d.)\d{8}[3-9]1(?!\d)")
_BACKWARDS = re.compile(r"倒(?:着|过来|序|读|写|看|念)|反(?:着|过来|写|读|念)|逆序|从后往前|backwards?|reversed?")
_REACH = 20


def written_digits(text: str) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, digits) of every run that reads as another number than it shows."""
    for m in _NUMERALS.finditer(text):
        if sum(c in DIGITS for c in m.group()) >= 3:
            yield m.start(), m.end(), "numerals", "".join(DIGITS.get(c, c) for c in m.group())
    for m in _LETTERED.finditer(text):
        if not m.group().isdigit():
            yield m.start(), m.end(), "numerals", m.group().translate(_LETTERS)
    for m in _GROUPED.finditer(text):
        digits = "".join(DIGITS[c] for c in m.group() if c in DIGITS)
        if len(digits) in (11, 15, 16, 17, 18, 19):
            yield m.start(), m.end(), "numerals", digits
    for m in itertools.chain(_SPACED.finditer(text), _DOWNWARDS.finditer(text)):
        digits = "".join(c for c in _SEPARATORS.sub("", m.group()) if c in "0123456789Xx")
        if len(digits) in (11, 15, 16, 17, 18, 19):
            yield m.start(), m.end(), "spaced", digits
    for m in _REVERSED_ID.finditer(text):
        yield m.start(), m.end(), "reversed", m.group()[::-1].upper()
    for m in _REVERSED_MOBILE.finditer(text):
        if backwards(text, m.start(), m.end()):
            yield m.start(), m.end(), "reversed", m.group()[::-1]


def backwards(text: str, start: int, end: int) -> bool:
    """Whether the words around say that something is to be read from its end."""
    return _BACKWARDS.search(text, max(0, start - _REACH), end + _REACH) is not None
