"""Cutting a draft into what can be changed by itself: sentences, and the clauses of a sentence."""

import re
from collections.abc import Iterable, Sequence

from reviewer.redact.sentences import sentences, trim

SHORT = 5
"""Characters below which a clause goes with the next one of its sentence."""

_CLAUSE = re.compile(r"[^，,、：:—…\s]+")
_BETWEEN = "，,、：:—… \t"

Unit = tuple[int, int]
"""A half-open range of the draft's text, without the punctuation around it."""


def clauses(text: str, span: Unit) -> list[Unit]:
    """The clauses of a sentence; what is shorter than `SHORT` goes with the next, the last with the one before."""
    found: list[Unit] = []
    start: int | None = None
    for m in _CLAUSE.finditer(text, *span):
        start = m.start() if start is None else start
        if m.end() - start >= SHORT:
            found.append((start, m.end()))
            start = None
    if start is not None:
        found = [*found[:-1], (found[-1][0], span[1])] if found else [span]
    return [u for u in (trim(text, u) for u in found) if u[0] < u[1]]


def parts(text: str, span: Unit) -> list[Unit]:
    """The sentences that `text[span]` touches, as far as they lie in it, where there are several; else the clauses."""
    touched = [(max(a, span[0]), min(b, span[1])) for a, b in sentences(text) if a < span[1] and span[0] < b]
    return touched if len(touched) > 1 else clauses(text, span)


def runs(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Units with nothing but punctuation and space between them joined."""
    found: list[Unit] = []
    for unit in sorted(units):
        if found and not any(c.isalnum() for c in text[found[-1][1] : unit[0]]):
            found[-1] = (found[-1][0], max(found[-1][1], unit[1]))
        else:
            found.append(unit)
    return found


def joined(spans: Iterable[Unit]) -> list[Unit]:
    """Ranges that touch at their ends as one, in order."""
    found: list[Unit] = []
    for span in sorted(spans):
        if found and found[-1][1] == span[0]:
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return found


def without(text: str, run: Unit) -> Unit:
    """What goes with a run of clauses that is taken out of its sentence: the separator behind it, else that before."""
    a, b = run
    while b < len(text) and text[b] in _BETWEEN:
        b += 1
    if b == run[1]:
        while a > 0 and text[a - 1] in _BETWEEN:
            a -= 1
    return a, b


def length(unit: Unit) -> int:
    """Characters of a unit."""
    return unit[1] - unit[0]


def touch(a: Unit, b: Unit) -> bool:
    """Whether two units share a character."""
    return a[0] < b[1] and b[0] < a[1]
