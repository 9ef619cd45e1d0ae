"""Style sheets: the words they print, what they say in comments, and what they show without saying it."""

import re

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.reasons import Reason

COMMENT = re.compile(r"/\*(.*?)(?:\*/|\Z)", re.DOTALL)
CONTENT = re.compile(
    r"\bcontent\s*:\s*((?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[^;}\"'])*)", re.DOTALL | re.IGNORECASE
)
STRING = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'", re.DOTALL)
ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(\n)|(.))", re.IGNORECASE | re.DOTALL)
FETCHED = re.compile(
    r"@import\b|\burl\(\s*+[\"']?+(?!data:|#|\s*+[\"']?\s*+\))|\bimage-set\(\s*[\"'](?!data:)", re.IGNORECASE
)
CARRIED = re.compile(r"\b(?:url|image-set)\(\s*[\"']?data:(?!font/|application/(?:x-)?font)", re.IGNORECASE)
"""A picture within the style sheet itself; of a font nothing is to be read."""


def read(source: str, out: Gather) -> None:
    """The strings that `content` prints and the comments."""
    for comment in COMMENT.findall(source):
        out.at(StepKind.HIDDEN).text(comment)
    for value in CONTENT.findall(COMMENT.sub(" ", source)):
        out.at(StepKind.HIDDEN).text("".join(_unescaped(a or b) for a, b in STRING.findall(value)))


def unread(source: str) -> list[Reason]:
    """Why not all that it shows is read: it comes from elsewhere, or is a picture within."""
    rules = COMMENT.sub(" ", source)
    found = ((FETCHED, Reason.LINKED), (CARRIED, Reason.EMBEDDED))
    return [reason for pattern, reason in found if pattern.search(rules)]


def _unescaped(words: str) -> str:
    return ESCAPE.sub(_character, words)


def _character(found: re.Match[str]) -> str:
    if not found[1]:
        return found[3] or ""
    number = int(found[1], 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
