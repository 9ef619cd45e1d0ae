"""The letters of a folded text and their sounds: what lists of words are compared with."""

import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache

from reviewer.draft import Folded
from reviewer.normalise.digits import DIGITS


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters and digits, in lower case, Chinese numerals as digits; `places[i]` is the folded position of letter i."""

    text: str
    places: "array[int]"

    def sounds(self) -> str:
        """One private-use character a letter, equal where the toneless pinyin is equal."""
        return sounds(self.text)


def letters(folded: Folded) -> Letters:
    """Drop blanks, punctuation, symbols and emoji."""
    kept = [(_plain(c), i) for i, c in enumerate(folded.text) if unicodedata.category(c)[0] in "LN"]
    return Letters("".join(c for c, _ in kept), array("I", (i for _, i in kept)))


def plain_letters(text: str) -> str:
    """The letters of a text that needs no map."""
    return "".join(_plain(c) for c in text if unicodedata.category(c)[0] in "LN")


def _plain(char: str) -> str:
    return DIGITS.get(char, char.lower()[0])


def sounds(text: str) -> str:
    """The sound of every character, as one private-use character each."""
    return "".join(map(_sound, text))


_NUMBERS: dict[str, int] = {}


@cache
def syllable(char: str) -> str:
    """The toneless pinyin of one ideograph; other characters stand for themselves."""
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(char, style=Style.NORMAL)[0]) if not char.isascii() else char


@cache
def _sound(char: str) -> str:
    if char.isascii():
        return char
    return chr(0xF0000 + _NUMBERS.setdefault(syllable(char), len(_NUMBERS)))
