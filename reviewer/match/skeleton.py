"""What matching compares: letters only, their sounds, the facts in them, and windows of text."""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from reviewer.draft import Folded

WINDOWS = ((60, 30), (140, 70))
"""(length, step) in characters of the windows that are embedded; short texts give one window."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The letters and digits of a folded text in lower case; `places[i]` is the folded position of letter i."""

    text: str
    places: "array[int]"

    def sounds(self) -> list[str]:
        """Toneless pinyin of every letter; other letters stand for themselves."""
        return [_sound(c) for c in self.text]


def skeleton(folded: Folded) -> Skeleton:
    """Drop everything but letters and digits: white space, punctuation, emoji and marks are where disguises live."""
    chars: list[str] = []
    places = array("I")
    for i, char in enumerate(folded.text):
        if unicodedata.category(char)[0] in "LN":
            chars.append(char.lower())
            places.append(i)
    return Skeleton("".join(chars), places)


@cache
def _sound(char: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(char, style=Style.NORMAL)[0]) if not char.isascii() else char


def windows(text: str) -> list[tuple[int, int]]:
    """Half-open ranges of `text` to embed, of several sizes, cut at sentence ends where one is near."""
    found: dict[tuple[int, int], None] = {}
    for length, step in WINDOWS:
        start = 0
        while start < len(text):
            stop = _sentence_end(text, start + length)
            if text[start:stop].strip():
                found[(start, stop)] = None
            if stop >= len(text):
                break
            start = max(start + 1, _sentence_end(text, start + step))
    return list(found)


def _sentence_end(text: str, near: int) -> int:
    """The end of a sentence within 20 characters of `near`, else `near`, at most the end of the text."""
    if near >= len(text):
        return len(text)
    for distance in range(20):
        for place in (near - distance, near + distance):
            if 0 < place <= len(text) and text[place - 1] in "。！？；\n;!?":
                return place
    return near


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[零〇一二三四五六七八九十百千两]+")


def facts(text: str) -> set[str]:
    """Numbers with the sign that follows them (`3月`, `132人`, `4.2万`), long ones also alone."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    found = set()
    for m in _NUMBER.finditer(plain):
        after = plain[m.end() : m.end() + 1].replace("号", "日").replace("點", "点").replace("点", "时")
        if m.group()[0].isdigit():
            value = m.group()
        else:
            number = _value(m.group())
            if number < 10 and after not in set("月日时年万亿人户个次台辆"):
                continue
            value = str(number)
        found.add(value + (after if re.match(r"[\u4e00-\u9fff%]", after) else ""))
        if len(value) >= 3:
            found.add(value)
    return found


def _value(numeral: str) -> int:
    """The number a Chinese numeral says: digit by digit (二〇二五), by units, or cut short (两千六百一 is 2610)."""
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, current, unit = 0, 0, 1
    for c in numeral:
        if c in _DIGITS:
            current = _DIGITS[c]
            unit = 1 if c in "零〇○" else unit
        else:
            total += (current or 1) * _UNITS[c]
            current, unit = 0, _UNITS[c]
    return total + current * max(unit // 10, 1)


def bigrams(letters: str) -> set[str]:
    """Pairs of neighbouring letters."""
    return {letters[i : i + 2] for i in range(len(letters) - 1)}


def runs(hits: Sequence[tuple[int, int]], gap: int) -> list[list[tuple[int, int]]]:
    """(draft, document) positions chained where both move on together, allowing `gap` letters of drift or damage."""
    chains: list[list[tuple[int, int]]] = []
    for hit in sorted(set(hits)):
        for chain in reversed(chains):
            last = chain[-1]
            ahead, behind = hit[0] - last[0], hit[1] - last[1]
            if 0 < ahead <= gap and 0 < behind <= gap and abs(ahead - behind) <= 6:
                chain.append(hit)
                break
        else:
            chains.append([hit])
    return chains
