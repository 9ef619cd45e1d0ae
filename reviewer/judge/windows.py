"""Cutting a draft: windows that fit the model, sentences that can be evidence."""

import re
from collections.abc import Sequence

WINDOW = 900
"""Characters the judge reads at once; a precedent has at most 1,200."""

OVERLAP = 150
"""Characters two neighbouring windows share, so that no sentence is seen only in halves."""

LIMIT = 20_000
"""Characters the judge reads of one draft; the rest is reported as not examined."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+$")
_CLAUSE = re.compile(r"[^，,、：:]*[，,、：:]+|[^，,、：:]+$")


def windows(length: int) -> list[tuple[int, int]]:
    """Half-open ranges that cover the first `LIMIT` characters of a text of `length` characters."""
    end = min(length, LIMIT)
    if end <= WINDOW:
        return [(0, end)] if end else []
    starts = range(0, end - OVERLAP, WINDOW - OVERLAP)
    return [(s, min(s + WINDOW, end)) for s in starts]


def segments(text: str, start: int, end: int, most: int) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` (clauses when there is only one), merged until there are at most `most`."""
    parts = _cut(_SENTENCE, text, start, end)
    if len(parts) < 3:
        parts = [clause for a, b in parts for clause in _cut(_CLAUSE, text, a, b)]
    while len(parts) > most:
        i = min(range(len(parts) - 1), key=lambda k: parts[k + 1][1] - parts[k][0])
        parts[i : i + 2] = [(parts[i][0], parts[i + 1][1])]
    return parts


def trim(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span without white space and closing punctuation at its ends."""
    a, b = span
    while a < b and (text[a].isspace() or text[a] in "，,、。；;"):
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in "，,、。；;"):
        b -= 1
    return (a, b) if a < b else span


def _cut(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: Sequence[re.Match[str]] = list(pattern.finditer(text, start, end))
    return [m.span() for m in found if m.group().strip()]
