"""Word documents: headers, body, notes, comments; tracked deletions, hidden text and watermarks are read too."""

import re
from dataclasses import dataclass, field
from string import ascii_uppercase
from unicodedata import category
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers import docx_beside as beside
from reviewer.readers import drawing
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk, whole
from reviewer.readers.ooxml import Office, attached, first, remainder
from reviewer.readers.reasons import Reason

MAIN = (
    "document.main+xml", "template.main+xml", "document.macroEnabled.main+xml", "macroEnabledTemplate.main+xml",
)  # fmt: skip
PARTS = (
    ("header+xml", StepKind.HEADER),
    ("footer+xml", StepKind.FOOTER),
    ("footnotes+xml", StepKind.FOOTNOTE),
    ("endnotes+xml", StepKind.FOOTNOTE),
    ("wordprocessingml.comments+xml", StepKind.COMMENT),
    ("document.glossary+xml", StepKind.HIDDEN),
)
TINY_HALF_POINTS = 4
"""Letters of 2 points and less cannot be read on a page."""

WINGDINGS = {"F0AB": "★", "F0B6": "☆", "F0AA": "✦"}
"""Symbols in which the star of a mark is set."""

SYMBOLS = re.compile("F0[0-9A-F]{2}")
"""Numbers that fonts of symbols give to bullets, ticks and the like; which one it is does not matter."""

UNKNOWN = frozenset({"Cc", "Cn", "Co", "Cs"})
"""Kinds of characters that are none by themselves: controls, private ones, halves of others, those not given yet."""


def read(data: bytes, out: Gather) -> None:
    """All text of a Word document. Raises `Unreadable`."""
    office = Office(data)
    main = first(office, *MAIN)
    headers = office.of_type("header+xml")
    for part in headers:
        _story(office, part, out.at(StepKind.HEADER))
    _story(office, main, out)
    for end, kind in PARTS[1:]:
        for part in office.of_type(end):
            _story(office, part, out.at(kind))
    for part in office.of_type("numbering+xml"):
        beside.numbering(office.take(part), out)
    for part in office.of_type("settings+xml"):
        beside.variables(office.take(part), out)
    remainder(office, out)


def _story(office: Office, part: str, out: Gather) -> None:
    """One part with paragraphs, then what it refers to."""
    _Story(out).read(office.take(part))
    attached(office, part, out)


@dataclass(slots=True)
class _Paragraph:
    """Words of one paragraph: as they print, struck out by a tracked change, and hidden."""

    words: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table being read: its number, row and column (from 1), whether the row has words, whether the cell has none."""

    number: int
    row: int = 0
    column: int = 0
    begun: bool = False
    fresh: bool = False


class _Story:
    """Reads one part; paragraphs and tables may lie inside others."""

    def __init__(self, out: Gather) -> None:
        self._out = out
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._boxes = 0
        self._fallback = 0
        self._hidden: list[bool] = []
        self._instruction: list[str] = []
        self._told: list[tuple[StepKind, str]] = []
        self._number = 0
        self._tables_met = 0
        self._seen: set[str] = set()
        self._unknown = False

    def read(self, data: bytes) -> None:
        """Go through the part once."""
        for starts, tag, element in walk(data):
            if starts:
                self._start(tag, element)
            else:
                self._end(tag, element)
        self._beside(self._out)
        if self._unknown:
            self._out.missed(Reason.PART, "sym")

    def _start(self, tag: str, element: Element) -> None:
        match tag:
            case "p":
                self._paragraphs.append(_Paragraph())
            case "r":
                self._hidden.append(False)
            case "vanish" | "specVanish" | "color" | "sz" if self._hidden:
                self._hidden[-1] |= _invisible(tag, attribute(element, "val"))
            case "tbl":
                self._tables_met += 1
                self._tables.append(_Table(self._tables_met))
            case "tr" if self._tables:
                self._tables[-1].row += 1
                self._tables[-1].column, self._tables[-1].begun = 0, False
            case "tc" if self._tables:
                self._tables[-1].column += 1
                self._tables[-1].fresh = True
            case "txbxContent":
                self._boxes += 1
            case "Fallback":
                self._fallback += 1
            case "fldSimple":
                self._instruction.append(f" {attribute(element, 'instr')} ")
            case _:
                self._told += beside.told(tag, element)
                drawing.labels(tag, element, self._out)

    def _end(self, tag: str, element: Element) -> None:
        match tag:
            case "t":
                self._say(element.text or "")
            case "tab" | "ptab":
                self._say("\t")
            case "br" | "cr":
                self._say("\n")
            case "noBreakHyphen":
                self._say("-")
            case "sym":
                self._symbol(attribute(element, "char").upper())
            case "delText" if self._paragraphs:
                self._paragraphs[-1].deleted.append(element.text or "")
            case "instrText" | "delInstrText":
                self._instruction.append(element.text or "")
            case "fldChar":  # where one field begins or ends
                self._instruction.append(" ")
            case "p" if self._paragraphs:
                self._paragraph(self._paragraphs.pop())
            case "r" if self._hidden:
                self._hidden.pop()
            case "tbl" if self._tables:
                self._tables.pop()
            case "txbxContent":
                self._boxes -= 1
            case "Fallback":
                self._fallback -= 1

    def _symbol(self, code: str) -> None:
        """A character that is given by its number; one of a font of symbols has its own meaning there."""
        words = WINGDINGS.get(code)
        if words is None and not SYMBOLS.fullmatch(code):
            words = chr(int(code, 16)) if re.fullmatch("[0-9A-F]{1,5}", code) else ""
            if not words or category(words) in UNKNOWN:
                words, self._unknown = None, True
        self._say(words or "\ufffd")

    def _say(self, words: str) -> None:
        if self._paragraphs and self._hidden:
            paragraph = self._paragraphs[-1]
            (paragraph.hidden if self._hidden[-1] else paragraph.words).append(words)

    def _paragraph(self, paragraph: _Paragraph) -> None:
        """Put out a finished paragraph; the fallback copy of a text box only where it differs."""
        words = "".join(paragraph.words)
        if self._fallback and words in self._seen:
            return
        if self._boxes:
            self._seen.add(words)
        out = self._out.at(StepKind.TEXT_BOX) if self._boxes else self._out
        table = self._tables[-1] if self._tables and not self._boxes else None
        if table:
            cell = f"{column_name(table.column)}{table.row}"
            here = out.at(StepKind.TABLE, table.number).at(StepKind.CELL, cell)
            here.text(words, glued=table.begun and table.fresh)
            table.begun |= bool(words.strip())
            table.fresh &= not words.strip()
        else:
            self._number += bool(words.strip())
            here = out.at(StepKind.PARAGRAPH, self._number)
            here.text(words)
        here.at(StepKind.DELETED).text("".join(paragraph.deleted))
        here.at(StepKind.HIDDEN).text("".join(paragraph.hidden))
        self._beside(here)

    def _beside(self, out: Gather) -> None:
        """Words of field instructions, controls and names met since the last paragraph."""
        told, self._told = self._told, []
        for kind, words in told:
            out.at(kind).text(words)
        instruction, self._instruction = "".join(self._instruction).strip(), []
        if beside.instructs(instruction):
            out.at(StepKind.HIDDEN).text(instruction)


def _invisible(tag: str, value: str) -> bool:
    """Whether a run's property takes its words off the page: hidden, white, or too small to see."""
    if tag == "color":
        return value.upper() == "FFFFFF"
    if tag == "sz":
        return whole(value, TINY_HALF_POINTS + 1) <= TINY_HALF_POINTS
    return value not in ("0", "false", "off")


def column_name(number: int) -> str:
    """The letters of a column, counted from 1: A, Z, AA."""
    name = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        name = ascii_uppercase[digit] + name
    return name
