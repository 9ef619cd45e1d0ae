"""Style sheets: the words they print, what they say in comments, and whether they fetch anything."""

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
FETCHED = re.compile(r"@import\b|\burl\(\s*[\"']?(?!data:|#|\s*[\"']?\))", re.IGNORECASE)


def read(source: str, out: Gather) -> None:
    """The strings that `content` prints and the comments; what comes from elsewhere is named."""
    for comment in COMMENT.findall(source):
        out.at(StepKind.HIDDEN).text(comment)
    rules = COMMENT.sub(" ", source)
    for value in CONTENT.findall(rules):
        out.at(StepKind.HIDDEN).text("".join(_unescaped(a or b) for a, b in STRING.findall(value)))
    if FETCHED.search(rules):
        out.missed(Reason.LINKED, "style")


def _unescaped(words: str) -> str:
    return ESCAPE.sub(_character, words)


def _character(found: re.Match[str]) -> str:
    if not found[1]:
        return found[3] or ""
    number = int(found[1], 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
