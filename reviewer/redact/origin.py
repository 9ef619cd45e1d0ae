"""Does a text come from one that was marked or copied? Removing a mark does not change what the words are."""

from reviewer.draft import Span
from reviewer.normalise import fold

RUN = 8
"""Folded characters in a row that a text must share before they count."""

SHARE = 0.3
"""Part of a text's runs from which it counts as the same material."""


def letters(text: str) -> str:
    """The letters and digits of a text, disguises undone."""
    return "".join(c for c in fold(text).text if c.isalnum())


def runs(text: str) -> frozenset[str]:
    """The runs of `RUN` letters and digits of a text, disguises undone."""
    said = letters(text)
    return frozenset(said[i : i + RUN] for i in range(len(said) - RUN + 1))


def without(text: str, spans: list[Span]) -> str:
    """`text` without the given ranges: a mark is no material."""
    out, at = [], 0
    for a, b in sorted(spans):
        out.append(text[at : max(a, at)])
        at = max(b, at)
    return "\n".join([*out, text[at:]])


def share(own: frozenset[str], marked: frozenset[str]) -> float:
    """The part of a text's own runs that stand in marked material, in [0, 1]."""
    return len(own & marked) / len(own) if own else 0.0
