"""Cutting a draft: windows that fit the model, sentences that can be evidence."""

import re

WINDOW = 900
"""Characters the judge reads at once; a precedent has at most 1,200."""

COMPARED = 480
"""Characters of a text that its embedding surely sees: 512 tokens, hardly ever more than one a character."""

OVERLAP = 150
"""Characters two neighbouring windows share, so that no sentence is seen only in halves."""

LIMIT = 20_000
"""Characters the judge reads of one draft; the rest is reported as not examined."""

SHORTEST = 10
"""Characters of the shortest precedent; what is shorter is not judged by itself."""

LONG = 40
"""Characters up to which a whole sentence is quoted as evidence."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+$")
_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+$")
_CLAUSE = re.compile(r"[^，,、：:]*[，,、：:]+|[^，,、：:]+$")


def windows(length: int) -> list[tuple[int, int]]:
    """Half-open ranges that cover the first `LIMIT` characters of a text of `length` characters."""
    end = min(length, LIMIT)
    if end <= WINDOW:
        return [(0, end)] if end else []
    starts = range(0, end - OVERLAP, WINDOW - OVERLAP)
    return [(s, min(s + WINDOW, end)) for s in starts]


def around(text: str, start: int, end: int, at: int) -> tuple[int, int]:
    """The sentence of `text[start:end]` that holds character `at`; of a sentence over `LONG` only the clause."""
    start, end = sentence(text, start, end, at)
    return trim(text, (start, end) if end - start <= LONG else _holding(_CLAUSE, text, start, end, at))


def apart(text: str, start: int, end: int, at: int) -> tuple[int, int] | None:
    """What holds character `at` of `text[start:end]` and can be read without the rest; none below `SHORTEST`.

    The paragraph, as its author set it, and while that is too short the next ones or those before; of a text that is
    mostly one paragraph the sentence.
    """
    a, b = _holding(_PARAGRAPH, text, start, end, at)
    while len(text[a:b].strip()) < SHORTEST and (a, b) != (start, end):
        if b < end:
            b = _holding(_PARAGRAPH, text, start, end, b)[1]
        else:
            a = _holding(_PARAGRAPH, text, start, end, a - 1)[0]
    a, b = trim(text, (a, b))
    if 2 * (b - a) > end - start:
        a, b = sentence(text, start, end, at)
    return (a, b) if b - a >= SHORTEST else None


def sentence(text: str, start: int, end: int, at: int) -> tuple[int, int]:
    """The sentence of `text[start:end]` that holds character `at`."""
    return _holding(_SENTENCE, text, start, end, at)


def _holding(pattern: re.Pattern[str], text: str, start: int, end: int, at: int) -> tuple[int, int]:
    return next((m.span() for m in pattern.finditer(text, start, end) if m.start() <= at < m.end()), (start, end))


def trim(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span without white space and closing punctuation at its ends."""
    a, b = span
    while a < b and (text[a].isspace() or text[a] in "，,、。；;"):
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in "，,、。；;"):
        b -= 1
    return (a, b) if a < b else span
