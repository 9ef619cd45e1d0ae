"""Undo disguises: a folded text that rules and fingerprints read, with a map back for every character.

`fold` does what is safe for every text, one character at a time. `unmask` is a second reading for the rules that look
for disguises: words of a closed lexicon and digits written so that a machine would not see them.
"""

import re
import unicodedata
from array import array

from reviewer.draft import Disguise, Folded
from reviewer.normalise.characters import (
    DRAWN,
    MIXED,
    attaches,
    fold_char,
    is_han,
    kind_of,
    latin,
    stays,
    vanishes,
)
from reviewer.normalise.unmask import Change, Unmasked, speaks_of_secrecy, unmask

__all__ = ["Change", "Unmasked", "fold", "is_han", "speaks_of_secrecy", "unmask"]

_GAP = re.compile(r"(?<![ \t])[ \t]{1,3}(?![ \t])")
"""One to three blanks inside a line."""


def fold(text: str) -> Folded:
    """Fold `text`: NFKC, invisible and bidi characters removed, traditional to simplified, look-alikes replaced, spaced
    characters closed up.

    Total: every string folds, and `Folded.to_draft` gives valid ranges of `text`. Line ends stay where they are.
    A folded text folds to itself.
    """
    chars: list[str] = []
    starts, ends = array("I"), array("I")
    disguises: list[Disguise] = []
    for i, char in enumerate(text):
        if stays(char):
            chars.append(char)
            starts.append(i)
            ends.append(i + 1)
            continue
        if vanishes(char):
            disguises.append(Disguise(kind_of(char), (i, i + 1)))
            continue
        plain = fold_char(char)
        if plain != char and char in DRAWN:
            disguises.append(Disguise("shape", (i, i + 1)))
        for folded in plain:
            if chars and attaches(folded):
                if is_han(chars[-1]):
                    disguises.append(Disguise("shape", (starts[-1], i + 1)))
                chars[-1] = fold_char(unicodedata.normalize("NFKC", chars[-1] + folded)[0])[0]
                ends[-1] = i + 1
                continue
            chars.append(folded)
            starts.append(i)
            ends.append(i + 1)
    return _close_up(_latinised(Folded("".join(chars), starts, ends, tuple(disguises))))


def _latinised(folded: Folded) -> Folded:
    """Words whose foreign letters all look Latin, in Latin letters; a word that mixes alphabets is a disguise."""
    if folded.text.isascii():
        return folded
    disguises = list(folded.disguises)

    def plain(m: re.Match[str]) -> str:
        word = m.group()
        written = latin(word)
        if written != word and any(c.isascii() for c in word):
            disguises.append(Disguise("lookalike", folded.to_draft(m.start(), m.end())))
        return written

    return Folded(MIXED.sub(plain, folded.text), folded.starts, folded.ends, tuple(disguises))


def _close_up(folded: Folded) -> Folded:
    """Drop spaces beside a lone ideograph (`机 密`, `绝 密★`); words of two and more keep the space between them."""
    text = folded.text
    drop: set[int] = set()
    disguises = list(folded.disguises)
    for m in _GAP.finditer(text):
        before, after = m.start() - 1, m.end()
        if before < 0 or after >= len(text) or not (is_han(text[before]) and is_han(text[after])):
            continue
        lone_before = before == 0 or text[before - 1].isspace()
        lone_after = after + 1 >= len(text) or text[after + 1].isspace() or not is_han(text[after + 1])
        if lone_before or lone_after:
            drop.update(range(m.start(), m.end()))
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
