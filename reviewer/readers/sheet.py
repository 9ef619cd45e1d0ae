"""One worksheet: cells by reference, headers and footers, what formulas say, lists to choose from, tips, filters."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk, whole
from reviewer.readers.reasons import Reason
from reviewer.readers.wording import literals

HEADERS = frozenset({"oddHeader", "evenHeader", "firstHeader"})
FOOTERS = frozenset({"oddFooter", "evenFooter", "firstFooter"})
CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F+\-]{6}|\d+|[A-Z])")
REFERENCE = re.compile(r"([A-Z]+)\d+")
RULES = frozenset({"formula", "formula1", "formula2", "f"})
"""Formulas beside cells: of conditional formats and of lists to choose from."""

TOLD: Mapping[str, tuple[StepKind, tuple[str, ...]]] = {
    "dataValidation": (StepKind.COMMENT, ("promptTitle", "prompt", "errorTitle", "error")),
    "cfRule": (StepKind.FORMULA, ("text",)),
    "hyperlink": (StepKind.ALT_TEXT, ("display", "tooltip")),
    "filter": (StepKind.CHOICE, ("val",)),
    "customFilter": (StepKind.CHOICE, ("val",)),
    "scenario": (StepKind.COMMENT, ("name", "comment")),
    "inputCells": (StepKind.CHOICE, ("val",)),
    "protectedRange": (StepKind.COMMENT, ("name",)),
}
"""Elements whose attributes hold words, and as what these are read."""

RANGED = frozenset({"dataValidation", "conditionalFormatting"})
"""Elements about a range of cells, which newer ones name after what they say of it."""

COMPOSES = re.compile(
    r"&|\[|\b(?:CONCAT|CONCATENATE|TEXTJOIN|TEXT|CHAR|UNICHAR|MID|LEFT|RIGHT|SUBSTITUTE|REPLACE|REPT|INDIRECT|OFFSET"
    r"|BASE|WEBSERVICE)\s*\(",
    re.IGNORECASE,
)
"""Formulas whose result may hold words that no cell shows: put together, or from another file. Others give numbers, or
what another cell says."""

SHOWN = 5
"""Cells without a value that are named one by one."""


class Sheet:
    """Reads one sheet, cell by cell; empty cells cost nothing. `used` gets the numbers of the strings it shows."""

    def __init__(self, out: Gather, strings: list[str], used: set[int]) -> None:
        self._out = out
        self._strings = strings
        self._used = used
        self._begun = False
        self._hidden_row = False
        self._columns: list[tuple[int, int]] = []
        self._within = False
        self._value = ""
        self._formula: str | None = None
        self._range = ""
        self._said: list[tuple[Gather, str]] = []
        self._empty: list[str] = []

    def read(self, data: bytes) -> None:
        """Go through the sheet once. Raises `Unreadable`."""
        for starts, tag, element in walk(data):
            if starts:
                self._start(tag, element)
            else:
                self._end(tag, element)
        if self._empty:
            more = f" +{len(self._empty) - SHOWN}" if len(self._empty) > SHOWN else ""
            self._out.missed(Reason.UNCALCULATED, ", ".join(self._empty[:SHOWN]) + more)

    def _start(self, tag: str, element: Element) -> None:
        if tag == "row":
            self._begun, self._hidden_row = False, attribute(element, "hidden") in ("1", "true")
        elif tag == "c":
            self._within, self._value, self._formula = True, "", None
        elif tag == "col" and attribute(element, "hidden") in ("1", "true"):
            self._columns.append((whole(attribute(element, "min"), 1), whole(attribute(element, "max"), 2**14)))
        elif (where := attribute(element, "sqref") or attribute(element, "ref")) or tag in RANGED:
            self._range = where
        if tag in TOLD:
            kind, names = TOLD[tag]
            here = self._at(attribute(element, "r") or self._range).at(kind)
            for name in names:
                here.text(attribute(element, name))

    def _end(self, tag: str, element: Element) -> None:
        if tag in ("v", "t"):
            self._value += element.text or ""
        elif tag == "c":
            self._within = False
            self._cell(element)
        elif tag == "row":
            for here, words in self._said:
                here.text(words)
            self._said = []
        elif tag in RULES and self._within:
            self._formula = element.text or ""
        elif tag in RULES:
            for words in literals(element.text or ""):
                self._at(self._range).at(StepKind.CHOICE).text(words)
        elif tag in HEADERS | FOOTERS:
            kind = StepKind.HEADER if tag in HEADERS else StepKind.FOOTER
            self._out.at(kind).text(CODES.sub(" ", element.text or ""))

    def _cell(self, element: Element) -> None:
        value, reference, kind = self._value, attribute(element, "r"), attribute(element, "t")
        if kind == "s" and (number := whole(value, len(self._strings))) < len(self._strings):
            self._used.add(number)
            value = self._strings[number]
        here = self._at(reference)
        if self._hidden_row or self._hidden_column(reference):
            here = here.at(StepKind.HIDDEN)
        here.text(value, glued=self._begun)
        self._begun |= bool(value.strip())
        if self._formula is not None:
            formula = here.at(StepKind.FORMULA)
            self._said += [(formula, words) for words in literals(self._formula) if words not in value]
            if not value and kind != "str" and COMPOSES.search(self._formula):
                self._empty.append(reference)

    def _at(self, reference: str) -> Gather:
        return self._out.at(StepKind.CELL, reference) if reference else self._out

    def _hidden_column(self, reference: str) -> bool:
        match = REFERENCE.match(reference)
        if not match or not self._columns:
            return False
        number = 0
        for letter in match.group(1):
            number = number * 26 + ord(letter) - 64
        return any(low <= number <= high for low, high in self._columns)
