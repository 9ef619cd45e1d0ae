"""The letters of a folded text and their sounds: what lists of words are compared with."""

import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

from reviewer.draft import Folded
from reviewer.normalise.characters import REMEMBERED
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
    found = [_letter(c) for c in folded.text]
    return Letters("".join(found), array("I", (i for i, c in enumerate(found) if c)))


def plain_letters(text: str) -> str:
    """The letters of a text that needs no map."""
    return "".join(map(_letter, text))


@lru_cache(REMEMBERED)
def _letter(char: str) -> str:
    """The letter or digit as it is compared, nothing for another character."""
    return DIGITS.get(char, char.lower()[0]) if unicodedata.category(char)[0] in "LN" else ""


def sounds(text: str) -> str:
    """One character for each: the number of its syllable in a private-use plane, or itself where it has no sound."""
    return "".join(map(_sound, text))


FIRST_SOUND = "\U000f0000"
"""Syllables are numbered from here, in a private-use plane; what a text has there itself has no sound."""

_NUMBERS: dict[str, int] = {}


@lru_cache(REMEMBERED)
def syllable(char: str) -> str:
    """The toneless pinyin of one ideograph; other characters stand for themselves."""
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(char, style=Style.NORMAL)[0]) if not char.isascii() else char


@lru_cache(REMEMBERED)
def _sound(char: str) -> str:
    sound = syllable(char)
    if sound == char:
        return char if char < FIRST_SOUND else "\ufffd"
    return chr(ord(FIRST_SOUND) + _NUMBERS.setdefault(sound, len(_NUMBERS)))
