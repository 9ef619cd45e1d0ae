"""Spreadsheets: sheets, hidden ones too, comments, drawings, names, number formats, strings that no cell shows."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk
from reviewer.readers.ooxml import CODE, Office, attached, first, remainder
from reviewer.readers.reasons import Reason
from reviewer.readers.sheet import Sheet
from reviewer.readers.wording import literals, printed, worded

MAIN = ("sheet.main+xml", "template.main+xml", "sheet.macroEnabled.main+xml", "template.macroEnabled.main+xml")
BUILT_IN = "_xlnm."
"""How names begin that the program gives: print areas, filters."""


def read(data: bytes, out: Gather) -> None:
    """All text of a workbook. Raises `Unreadable`."""
    office = Office(data)
    main = first(office, *MAIN)
    targets = {r.id: r.target for r in office.relations(main)}
    strings = _shared(office)
    used: set[int] = set()
    sheets: list[tuple[str, str, bool]] = []
    for starts, tag, element in walk(office.take(main)):
        if starts and tag == "sheet":
            hidden = attribute(element, "state") in ("hidden", "veryHidden")
            target = targets.get(element.get(ID) or attribute(element, "id"), "")
            sheets.append((attribute(element, "name"), target, hidden))
        elif tag == "definedName" and not starts:
            _name(element, out)
    for name, part, hidden in sheets:
        here = out.at(StepKind.SHEET, name)
        here = here.at(StepKind.HIDDEN) if hidden else here
        here.at(StepKind.NAME).text(name)
        if part in office.left():
            if office.type_of(part).endswith(CODE):
                here.missed(Reason.MACRO)
            Sheet(here, strings.texts, used).read(office.take(part))
            _beside(office, part, here)
    for words in (*(t for n, t in enumerate(strings.texts) if n not in used), *strings.spoken):
        out.at(StepKind.HIDDEN).text(words)
    for part in office.of_type("spreadsheetml.styles+xml"):
        _formats(office.take(part), out)
    remainder(office, out)


ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class _Strings:
    """The table of strings cells refer to, and how some of them are pronounced."""

    texts: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)


def _shared(office: Office) -> _Strings:
    found = _Strings()
    words: list[str] = []
    phonetic = 0
    for part in office.of_type("sharedStrings+xml"):
        for starts, tag, element in walk(office.take(part)):
            if tag == "rPh":
                phonetic += 1 if starts else -1
            elif not starts and tag == "t":
                (found.spoken if phonetic else words).append(element.text or "")
            elif not starts and tag == "si":
                found.texts.append("".join(words))
                words = []
    return found


def _name(element: Element, out: Gather) -> None:
    """A name that people gave to cells, a formula or a value."""
    name, formula = attribute(element, "name"), element.text or ""
    here = out.at(StepKind.PROPERTY, name)
    if not name.startswith(BUILT_IN):
        here.text(name)
    for told in ("comment", "description", "customMenu", "statusBar", "help"):
        here.text(attribute(element, told))
    if worded(formula) or literals(formula):
        here.text(formula)


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
        if starts and tag == "numFmt":
            out.at(StepKind.PROPERTY, "numFmt").text(printed(attribute(element, "formatCode")))
