"""Undo disguises: a folded text that rules and fingerprints read, with a map back for every character."""

import unicodedata
from array import array
from functools import cache

import opencc

from reviewer.draft import Disguise, Folded


def fold(text: str) -> Folded:
    """Fold `text`: NFKC, ignorable and bidi characters removed, traditional to simplified, spaces inside words removed.

    Total: any string folds, and `Folded.to_draft` gives valid ranges of `text`.
    """
    chars: list[str] = []
    starts, ends = array("I"), array("I")
    disguises: list[Disguise] = []
    for i, char in enumerate(text):
        if unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f":
            disguises.append(Disguise("hidden", (i, i + 1)))
            continue
        for folded in _fold_char(char):
            chars.append(folded)
            starts.append(i)
            ends.append(i + 1)
    return Folded("".join(chars), starts, ends, tuple(disguises))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _fold_char(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return str(_converter().convert(plain)) if not plain.isascii() else plain
