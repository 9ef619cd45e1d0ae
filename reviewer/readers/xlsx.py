"""Spreadsheets: cells by reference, hidden sheets, rows and columns, headers, comments, text boxes, names."""

import re
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk, whole
from reviewer.readers.ooxml import CODE, Office, attached, first, remainder
from reviewer.readers.reasons import Reason

MAIN = ("sheet.main+xml", "template.main+xml", "sheet.macroEnabled.main+xml", "template.macroEnabled.main+xml")
HEADERS = frozenset({"oddHeader", "evenHeader", "firstHeader"})
FOOTERS = frozenset({"oddFooter", "evenFooter", "firstFooter"})
CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F+\-]{6}|\d+|[A-Z])")
LETTERS = re.compile(r"[\u3400-\u9fff]")
REFERENCE = re.compile(r"([A-Z]+)\d+")


def read(data: bytes, out: Gather) -> None:
    """All text of a workbook. Raises `Unreadable`."""
    office = Office(data)
    main = first(office, *MAIN)
    targets = {r.id: r.target for r in office.relations(main)}
    strings = _shared(office)
    sheets: list[tuple[str, str, bool]] = []
    for starts, tag, element in walk(office.take(main)):
        if starts and tag == "sheet":
            hidden = attribute(element, "state") in ("hidden", "veryHidden")
            target = targets.get(element.get(ID) or attribute(element, "id"), "")
            sheets.append((attribute(element, "name"), target, hidden))
        elif tag == "definedName" and not starts and LETTERS.search(element.text or ""):
            out.at(StepKind.PROPERTY, attribute(element, "name")).text(element.text or "")
    for name, part, hidden in sheets:
        here = out.at(StepKind.SHEET, name)
        here = here.at(StepKind.HIDDEN) if hidden else here
        here.at(StepKind.NAME).text(name)
        if part in office.left():
            if office.type_of(part).endswith(CODE):
                here.missed(Reason.MACRO)
            _Sheet(here, strings).read(office.take(part))
            _beside(office, part, here)
    for part in office.of_type("spreadsheetml.styles+xml"):
        _formats(office.take(part), out)
    remainder(office, out)


ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _shared(office: Office) -> list[str]:
    """The table of strings cells refer to."""
    strings: list[str] = []
    words: list[str] = []
    phonetic = 0
    for part in office.of_type("sharedStrings+xml"):
        for starts, tag, element in walk(office.take(part)):
            if tag == "rPh":
                phonetic += 1 if starts else -1
            elif not starts and tag == "t" and not phonetic:
                words.append(element.text or "")
            elif not starts and tag == "si":
                strings.append("".join(words))
                words = []
    return strings


def _beside(office: Office, sheet: str, out: Gather) -> None:
    """Comments, drawings and pictures of a sheet."""
    for relation in office.relations(sheet):
        if relation.kind in ("comments", "threadedComment") and relation.target in office.left():
            words: list[str] = []
            for starts, tag, element in walk(office.take(relation.target)):
                if not starts and tag in ("t", "text") and element.text:
                    words.append(element.text)
                elif not starts and tag in ("comment", "threadedComment"):
                    out.at(StepKind.CELL, attribute(element, "ref")).at(StepKind.COMMENT).text("".join(words))
                    words = []
    attached(office, sheet, out)


def _formats(data: bytes, out: Gather) -> None:
    """Number formats can print words around a number."""
    for starts, tag, element in walk(data):
        code = attribute(element, "formatCode") if starts and tag == "numFmt" else ""
        literal = "".join(re.findall(r'"([^"]*)"', code))
        if LETTERS.search(literal) and not set(literal) <= set("年月日时分秒上午下星期元万亿"):
            out.at(StepKind.PROPERTY, "numFmt").text(literal)


class _Sheet:
    """Reads one sheet, cell by cell; empty cells cost nothing."""

    def __init__(self, out: Gather, strings: list[str]) -> None:
        self._out = out
        self._strings = strings
        self._begun = False
        self._hidden_row = False
        self._columns: list[tuple[int, int]] = []
        self._value = ""

    def read(self, data: bytes) -> None:
        """Go through the sheet once."""
        for starts, tag, element in walk(data):
            if starts:
                self._start(tag, element)
            elif tag in ("v", "t"):
                self._value += element.text or ""
            elif tag == "c":
                self._cell(element)
            elif tag in HEADERS | FOOTERS:
                kind = StepKind.HEADER if tag in HEADERS else StepKind.FOOTER
                self._out.at(kind).text(CODES.sub(" ", element.text or ""))

    def _start(self, tag: str, element: Element) -> None:
        if tag == "row":
            self._begun, self._hidden_row = False, attribute(element, "hidden") in ("1", "true")
        elif tag == "c":
            self._value = ""
        elif tag == "col" and attribute(element, "hidden") in ("1", "true"):
            self._columns.append((whole(attribute(element, "min"), 1), whole(attribute(element, "max"), 2**14)))
        elif tag in ("dataValidation", "cfRule"):
            for name in ("prompt", "promptTitle", "error", "errorTitle"):
                self._out.at(StepKind.COMMENT).text(attribute(element, name))

    def _cell(self, element: Element) -> None:
        value, reference = self._value, attribute(element, "r")
        if attribute(element, "t") == "s" and (at := whole(value, len(self._strings))) < len(self._strings):
            value = self._strings[at]
        here = self._out.at(StepKind.CELL, reference)
        if self._hidden_row or self._hidden_column(reference):
            here = here.at(StepKind.HIDDEN)
        here.text(value, glued=self._begun)
        self._begun |= bool(value.strip())

    def _hidden_column(self, reference: str) -> bool:
        match = REFERENCE.match(reference)
        if not match or not self._columns:
            return False
        number = 0
        for letter in match.group(1):
            number = number * 26 + ord(letter) - 64
        return any(low <= number <= high for low, high in self._columns)
