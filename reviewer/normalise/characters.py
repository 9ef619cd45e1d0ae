"""What one character becomes: NFKC, traditional to simplified, look-alikes; and which characters vanish."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import opencc

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of the text around them."""

OVERRIDE = "\u202e"
"""The one that shows Chinese and Latin text after it backwards; its left-to-right twin changes nothing there, and
telephones put it around copied numbers."""

TAGS = range(0xE0000, 0xE0080)
"""Invisible copies of ASCII; outside flags they can only carry hidden text."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0\U0001d159")
"""Invisible characters outside the category Cf: joiners, fillers, selectors, the blank Braille cell, the empty note."""

CONTROLS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0)))) - frozenset("\t\n\v\f\r\x85")
"""Characters that no screen shows and that end no line."""

ENCLOSING = frozenset("\u0488\u0489\u1abe\u20dd\u20de\u20df\u20e0\u20e2\u20e3\u20e4\ua670\ua671\ua672")
"""Circles, squares and keys drawn around the character before."""

_TABLES = tomllib.loads((Path(__file__).parent / "lookalikes.toml").read_text("utf-8"))
HAN: dict[str, str] = _TABLES["han"]
SIGNS: dict[str, str] = _TABLES["sign"]
DRAWN = frozenset(HAN) | frozenset(map(chr, (*range(0x3280, 0x32B1), *range(0x1F210, 0x1F23C))))
"""Characters that stand for an ideograph: look-alikes of the table, ideographs in circles and squares."""
LATIN: dict[str, str] = _TABLES["latin"] | {
    chr(first + i): chr(ord("A") + i) for first in (0x1F150, 0x1F170) for i in range(26)
}
"""Letters that look Latin; the white-on-black capitals have no compatibility form in Unicode."""

MIXED = re.compile(f"[A-Za-z{''.join(LATIN)}\u0370-\u03ff\u0400-\u052f]+")
"""A word of Latin letters and of such that may only look so."""


def is_han(char: str) -> bool:
    """Whether a character is a Chinese ideograph."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char >= "\U00020000"


def vanishes(char: str) -> bool:
    """Whether a character is invisible and folds to nothing."""
    if char < "\u00ad":
        return char in CONTROLS
    return (
        unicodedata.category(char) == "Cf"
        or char in _INVISIBLE
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0000" <= char <= "\U000e01ef"
    )


def attaches(char: str) -> bool:
    """Whether a character is drawn over or around the one before."""
    return unicodedata.combining(char) > 0 or char in ENCLOSING


def kind_of(char: str) -> str:
    """What kind of disguise a vanishing character is: bidi, override, control, tag or hidden."""
    if char == OVERRIDE:
        return "override"
    if char in BIDI:
        return "bidi"
    if char in CONTROLS and char != "\x00":
        return "control"
    return "tag" if ord(char) in TAGS else "hidden"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _bare(char: str, plain: str) -> str:
    """A numeral without its brackets, full stop or circle, a Latin letter without the marks of its tone."""
    if "\u2474" <= char <= "\u249b" or "\u3220" <= char <= "\u3229":
        return plain.strip("().")
    digit = unicodedata.digit(plain, None) if len(plain) == 1 else None
    if digit is not None:
        return str(digit)
    apart = unicodedata.normalize("NFD", plain) if len(plain) == 1 else plain
    return apart[0] if len(apart) > len(plain) and apart[0].isascii() and apart[0].isalpha() else plain


REMEMBERED = 1 << 16
"""Characters whose reading is remembered: more than Chinese writing uses, and a bound for texts of all others."""


@lru_cache(REMEMBERED)
def fold_char(char: str) -> str:
    """What one visible character becomes by itself; never empty, and each of it becomes itself."""
    if char.isascii():
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    plain = _bare(char, unicodedata.normalize("NFKC", char) or char)
    plain = str(_converter().convert(plain)) or plain
    plain = HAN.get(plain) or SIGNS.get(plain, plain)
    return plain if plain == char else "".join(map(fold_char, plain))


@lru_cache(REMEMBERED)
def stays(char: str) -> bool:
    """Whether a character folds to itself wherever it stands, as nearly all do."""
    return not vanishes(char) and fold_char(char) == char and not attaches(char)


def latin(word: str) -> str:
    """The word with letters that look Latin made so, or as it was where a letter is not of that kind."""
    if word.isascii() or any(not c.isascii() and c not in LATIN for c in word):
        return word
    return "".join(LATIN.get(c, c) for c in word)
