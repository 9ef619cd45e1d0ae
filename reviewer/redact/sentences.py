"""Where a sentence begins and ends in a draft: the unit that a suggestion replaces."""

import re
from collections.abc import Iterator

_END = re.compile(r"[。！？!?；;\n]+[”’」』）)]*")


def sentence(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The whole sentences that `span` touches, without white space at the ends; its closing mark stays outside."""
    start, stop = 0, len(text)
    for m in _END.finditer(text):
        if m.end() <= span[0]:
            start = m.end()
        elif m.start() >= span[1]:
            stop = m.start()
            break
    return trim(text, (start, max(stop, span[1])))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Every sentence, in order."""
    start = 0
    for stop in (*(m.end() for m in _END.finditer(text)), len(text)):
        span = trim(text, (start, stop))
        start = stop
        if span[0] < span[1]:
            yield span


def before(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """The sentence that ends just before `span`; `None` where there is none."""
    end = span[0]
    while end > 0 and (text[end - 1].isspace() or _END.fullmatch(text[end - 1])):
        end -= 1
    return sentence(text, (end - 1, end)) if end > 0 else None


def trim(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """`span` without white space and closing punctuation at its ends; empty where there is nothing else."""
    a, b = span
    while a < b and text[a].isspace():
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in "。！？!?；;"):
        b -= 1
    return a, b
