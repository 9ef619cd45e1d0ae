"""Undo disguises: a folded text that rules and fingerprints read, with a map back for every character."""

import unicodedata
from array import array
from functools import cache

import opencc

from reviewer.draft import Disguise, Folded

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of the text around them."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0")
"""Invisible characters outside the category Cf: joiners, fillers, the blank Braille cell."""


def fold(text: str) -> Folded:
    """Fold `text`: NFKC, invisible and bidi characters removed, traditional to simplified, spaced characters closed up.

    Total: every string folds, and `Folded.to_draft` gives valid ranges of `text`. Line ends stay where they are.
    """
    chars: list[str] = []
    starts, ends = array("I"), array("I")
    disguises: list[Disguise] = []
    for i, char in enumerate(text):
        if _vanishes(char):
            disguises.append(Disguise("bidi" if char in BIDI else "hidden", (i, i + 1)))
            continue
        if chars and unicodedata.combining(char):
            chars[-1] = unicodedata.normalize("NFKC", chars[-1] + char)[0]
            ends[-1] = i + 1
            continue
        for folded in _fold_char(char):
            chars.append(folded)
            starts.append(i)
            ends.append(i + 1)
    return _close_up(Folded("".join(chars), starts, ends, tuple(disguises)))


def is_han(char: str) -> bool:
    """Whether a character is a Chinese ideograph."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char >= "\U00020000"


def _vanishes(char: str) -> bool:
    if char < "\u00ad":
        return char == "\x00"
    return (
        unicodedata.category(char) == "Cf"
        or char in _INVISIBLE
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _fold_char(char: str) -> str:
    """What one character becomes; never empty."""
    if char.isascii():
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    plain = unicodedata.normalize("NFKC", char) or char
    return str(_converter().convert(plain)) or plain


def _close_up(folded: Folded) -> Folded:
    """Drop spaces beside a lone ideograph (`机 密`, `绝 密★`); words of two and more keep the space between them."""
    text = folded.text
    if " " not in text and "\t" not in text:
        return folded
    drop: set[int] = set()
    disguises = list(folded.disguises)
    for start, end in _gaps(text):
        before, after = start - 1, end
        if before < 0 or after >= len(text) or not (is_han(text[before]) and is_han(text[after])):
            continue
        lone_before = before == 0 or text[before - 1].isspace()
        lone_after = after + 1 >= len(text) or text[after + 1].isspace() or not is_han(text[after + 1])
        if lone_before or lone_after:
            drop.update(range(start, end))
            disguises.append(Disguise("spaced", folded.to_draft(before, after + 1)))
    if not drop:
        return folded
    keep = [i for i in range(len(text)) if i not in drop]
    return Folded(
        "".join(text[i] for i in keep),
        array("I", (folded.starts[i] for i in keep)),
        array("I", (folded.ends[i] for i in keep)),
        tuple(disguises),
    )


def _gaps(text: str) -> list[tuple[int, int]]:
    """Runs of one to three blanks inside a line."""
    gaps = []
    i = 0
    while i < len(text):
        if text[i] in " \t":
            j = i
            while j < len(text) and text[j] in " \t":
                j += 1
            if j - i <= 3:
                gaps.append((i, j))
            i = j
        else:
            i += 1
    return gaps
