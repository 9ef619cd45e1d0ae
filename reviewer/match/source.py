"""A text as matching reads it: letters, sounds, facts, and the windows that are embedded."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reviewer.draft import Folded
from reviewer.match.facts import facts
from reviewer.normalise import fold
from reviewer.normalise.letters import Letters, letters, sounds, syllable

LETTERS, SOUNDS, TITLE, NUMBER = range(4)
"""Views of a document that are fingerprinted: letters, syllables, its title, its number."""


@dataclass(frozen=True)
class Source:
    """A draft or a document. Positions are of `letters.text` unless said otherwise."""

    folded: Folded
    letters: Letters

    @classmethod
    def of(cls, folded: Folded) -> "Source":
        """Read a folded text."""
        return cls(folded, letters(folded))

    @classmethod
    def read(cls, text: str) -> "Source":
        """Fold and read a text."""
        return cls.of(fold(text))

    @cached_property
    def sounds(self) -> str:
        """One character a letter, equal where the toneless pinyin is; for comparing, not for storing."""
        return sounds(self.letters.text)

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """The code points of `sounds`."""
        return np.frombuffer(self.sounds.encode("utf-32-le"), "<u4").astype(np.int64)

    @cached_property
    def syllables(self) -> list[str]:
        """The toneless pinyin of every letter."""
        return [syllable(c) for c in self.letters.text]

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts of the whole text."""
        return frozenset(facts(self.folded.text))

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The range of the original text behind letters `start:stop`."""
        return self.folded.to_draft(self.letters.places[start], self.letters.places[stop - 1] + 1)

    def within(self, span: tuple[int, int]) -> tuple[int, int]:
        """The letters behind a range of the original text."""
        first, last = (bisect_left(self.folded.starts, place) for place in span)
        return bisect_left(self.letters.places, first), bisect_left(self.letters.places, last)

    @cached_property
    def between(self) -> tuple[str, ...]:
        """What stands before each letter, after the one before it, and after the last; white space left out."""
        places, text = self.letters.places, self.folded.text
        ends = zip((-1, *places), (*places, len(text)), strict=True)
        return tuple("".join(text[last + 1 : place].split()) if place > last + 1 else "" for last, place in ends)


WINDOWS = ((60, 30), (140, 70))
"""(length, step) in characters of the windows that are embedded; short texts give one window."""


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
