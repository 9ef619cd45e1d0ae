"""Presentations: slides in their order, hidden ones too, notes, comments, and what the layouts print."""

from reviewer.draft import StepKind
from reviewer.readers import drawing
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk
from reviewer.readers.ooxml import Office, attached, first, remainder

MAIN = ("presentation.main+xml", "slideshow.main+xml", "template.main+xml", "macroEnabled.main+xml")
LAYOUTS = ("slideMaster+xml", "slideLayout+xml", "notesMaster+xml", "handoutMaster+xml")


def read(data: bytes, out: Gather) -> None:
    """All text of a presentation. Raises `Unreadable`."""
    office = Office(data)
    main = first(office, *MAIN)
    targets = {r.id: r.target for r in office.relations(main)}
    order = []
    for starts, tag, element in walk(office.take(main)):
        if starts and tag == "sldId" and element.get(ID):
            order.append(targets.get(element.get(ID, ""), ""))
        elif starts and tag in ("section", "custShow"):
            out.at(StepKind.PROPERTY, tag).text(attribute(element, "name"))
    slides = [*order, *(p for p in office.of_type("presentationml.slide+xml") if p not in order)]
    for number, part in enumerate(slides, 1):
        if part in office.left():
            _slide(office, part, out.at(StepKind.SLIDE, number))
    for part in office.of_type(*LAYOUTS):
        if part in office.left():
            here = out.at(StepKind.LAYOUT)
            drawing.read(office.take(part), here, prompts=False)
            attached(office, part, here)
    remainder(office, out)


ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _slide(office: Office, part: str, out: Gather) -> None:
    """One slide, its notes and its comments."""
    data = office.take(part)
    for starts, tag, element in walk(data):
        if starts and tag == "sld" and attribute(element, "show") in ("0", "false"):
            out = out.at(StepKind.HIDDEN)
        elif starts and tag == "cSld":
            out.at(StepKind.NAME).text(attribute(element, "name"))
    drawing.read(data, out)
    for relation in office.relations(part):
        if relation.target not in office.left():
            continue
        if relation.kind == "notesSlide":
            drawing.read(office.take(relation.target), out.at(StepKind.NOTES))
            attached(office, relation.target, out.at(StepKind.NOTES))
        elif relation.kind == "comments":
            here = out.at(StepKind.COMMENT)
            for starts, tag, element in walk(office.take(relation.target)):
                if not starts and tag in ("t", "text"):
                    here.text(element.text or "")
    attached(office, part, out)
