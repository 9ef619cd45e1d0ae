"""What Word keeps beside the words of its paragraphs: numbering, variables, instructions of fields, controls, names."""

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk
from reviewer.readers.wording import worded

FIELDS = re.compile(
    r"\b(?:IF|QUOTE|SET|FILLIN|ASK|MACROBUTTON|COMMENTS|SUBJECT|TITLE|XE|TC|TA|EQ|AUTOTEXT(?:LIST)?|DOCVARIABLE"
    r"|DOCPROPERTY|MERGEFIELD|ADDIN|PRIVATE|INCLUDETEXT|DATABASE|LINK|DDE(?:AUTO)?)\b",
    re.IGNORECASE,
)
"""Field instructions that may hold words of their own; a paragraph's stand one after the other."""

TOLD: Mapping[str, tuple[StepKind, tuple[str, ...]]] = {
    "listItem": (StepKind.CHOICE, ("displayText", "value")),
    "listEntry": (StepKind.CHOICE, ("val",)),
    "default": (StepKind.CHOICE, ("val",)),
    "alias": (StepKind.ALT_TEXT, ("val",)),
    "tag": (StepKind.ALT_TEXT, ("val",)),
    "tblCaption": (StepKind.ALT_TEXT, ("val",)),
    "tblDescription": (StepKind.ALT_TEXT, ("val",)),
    "helpText": (StepKind.COMMENT, ("val",)),
    "statusText": (StepKind.COMMENT, ("val",)),
    "bookmarkStart": (StepKind.BOOKMARK, ("name",)),
    "name": (StepKind.HIDDEN, ("val",)),
    "description": (StepKind.HIDDEN, ("val",)),
    "attr": (StepKind.HIDDEN, ("val",)),
}
"""Elements of controls, form fields, tables, building blocks whose attributes hold words, and what these words are."""

OWN = "_"
"""How the bookmarks begin that the program sets itself."""

COUNTER = re.compile(r"%\d")
MERGE = frozenset({"query", "connectString", "mailSubject", "addressFieldName"})


def told(tag: str, element: Element) -> Iterator[tuple[StepKind, str]]:
    """Words in the attributes of an element."""
    kind, names = TOLD.get(tag, (StepKind.HIDDEN, ()))
    for words in dict.fromkeys(attribute(element, name) for name in names):
        if words and not (kind is StepKind.BOOKMARK and words.startswith(OWN)):
            yield kind, words


def instructs(instruction: str) -> bool:
    """Whether a field's instruction may hold words of its own, which print only under a condition, or never."""
    return bool(FIELDS.search(instruction)) or worded(instruction)


def numbering(data: bytes, out: Gather) -> None:
    """What the levels of lists print around their counters, each wording once, as the first item has it."""
    seen: set[str] = set()
    for starts, tag, element in walk(data):
        if starts and tag == "lvlText":
            words = COUNTER.sub("1", attribute(element, "val"))
            if words not in seen and re.search(r"[^\W\d_]{2}|[\u3400-\u9fff]", words):
                seen.add(words)
                out.at(StepKind.NUMBERING).text(words)


def variables(data: bytes, out: Gather) -> None:
    """Variables that macros and fields keep in the settings, and what a mail merge asks for."""
    for starts, tag, element in walk(data):
        if starts and tag == "docVar":
            name = attribute(element, "name")
            here = out.at(StepKind.PROPERTY, name)
            here.text(name)
            here.text(attribute(element, "val"))
        elif starts and tag in MERGE:
            out.at(StepKind.PROPERTY, tag).text(attribute(element, "val"))
