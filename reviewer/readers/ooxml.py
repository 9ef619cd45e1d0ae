"""What docx, xlsx and pptx share: parts by content type, relations, properties, pictures, embedded things.

Every part of the package is read, known to hold no text (`QUIET`), or named as not examined.
"""

import posixpath
from dataclasses import dataclass

from reviewer.draft import StepKind
from reviewer.readers import drawing
from reviewer.readers.archive import remarks
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.markup import attribute, walk
from reviewer.readers.package import Package
from reviewer.readers.reasons import Reason
from reviewer.readers.wording import addressed, values

TYPES = "[Content_Types].xml"

QUIET = (
    "styles+xml", "stylesWithEffects+xml", "theme+xml", "themeOverride+xml", "fontTable+xml", "settings+xml",
    "webSettings+xml", "relationships+xml", "calcChain+xml", "tableStyles+xml", "presProps+xml",
    "viewProps+xml", "printerSettings", "chartstyle+xml", "chartcolorstyle+xml", "obfuscatedFont", "x-fontdata",
    "people+xml", "person+xml", "commentsExtended+xml", "commentsIds+xml", "commentsExtensible+xml",
    "commentAuthors+xml", "sheetMetadata+xml", "diagramLayout+xml", "diagramStyle+xml", "diagramColors+xml",
    "powerpoint.authors+xml", "customXmlProperties+xml", "keyMapCustomizations+xml", "revisionInfo+xml",
    "changesInfos+xml",
)  # fmt: skip
"""Ends of content types whose parts hold no words of the document."""

CODE = ("vbaProject", "vbaProjectSignature", "vbaData+xml", "activeX+xml", "attachedToolbars", "macrosheet+xml")
VALUES = (
    "pivotCacheDefinition+xml", "pivotCacheRecords+xml", "externalLink+xml", "tags+xml", "pivotTable+xml",
    "spreadsheetml.table+xml",
)  # fmt: skip
"""Parts whose words stand in attributes and elements of any name."""

VALUE = frozenset(
    {
        "v", "val", "name", "caption", "displayName", "totalsRowLabel", "comment", "altText", "altTextSummary",
        "dataCaption", "rowHeaderCaption", "colHeaderCaption", "grandTotalCaption", "errorCaption", "missingCaption",
    }
)  # fmt: skip
"""Attributes of such parts that hold words of any language."""

PROPERTIES = ("core-properties+xml", "extended-properties+xml", "custom-properties+xml")
PROGRAM = frozenset(
    {
        "Application", "AppVersion", "DocSecurity", "Template", "Characters", "CharactersWithSpaces", "Lines", "Pages",
        "Paragraphs", "TotalTime", "Words", "created", "modified", "revision", "lastPrinted", "ScaleCrop",
        "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "Slides", "Notes", "HiddenSlides", "MMClips", "i4", "bool",
        "PresentationFormat",
    }
)  # fmt: skip
"""Properties that the program writes, numbers of pages and the like."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another, or to something outside the file."""

    id: str
    kind: str
    target: str
    outside: bool


class Office:
    """An Office package: its parts, and which of them were taken care of. Methods raise `Unreadable`."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self._defaults: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._done = {TYPES}
        for starts, tag, element in walk(self.package.read(TYPES)):
            if starts and tag == "Default":
                self._defaults[attribute(element, "Extension").lower()] = attribute(element, "ContentType")
            elif starts and tag == "Override":
                self._types[attribute(element, "PartName").lstrip("/")] = attribute(element, "ContentType")

    def type_of(self, part: str) -> str:
        """The content type of a part; empty for one that has none."""
        return self._types.get(part) or self._defaults.get(part.rpartition(".")[2].lower(), "")

    def of_type(self, *ends: str) -> list[str]:
        """Parts whose content type ends so, in the order of the package."""
        return [name for name in self.package.names() if self.type_of(name).endswith(ends)]

    def take(self, part: str) -> bytes:
        """The content of a part, which counts as taken care of from now on."""
        self._done.add(part)
        return self.package.read(part)

    def left(self) -> list[str]:
        """Parts nobody took."""
        return [name for name in self.package.names() if name not in self._done]

    def relations(self, part: str) -> list[Relation]:
        """The relations of a part."""
        folder, _, file = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if rels not in self.package:
            return []
        found = []
        for starts, tag, element in walk(self.take(rels)):
            if starts and tag == "Relationship":
                outside = attribute(element, "TargetMode") == "External"
                target = attribute(element, "Target")
                if not outside:
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = attribute(element, "Type").rpartition("/")[2]
                found.append(Relation(attribute(element, "Id"), kind, target, outside))
        return found


def attached(office: Office, part: str, out: Gather) -> None:
    """Pictures, charts and embedded files that a part refers to, each once, and what is outside the file."""
    for relation in office.relations(part):
        if relation.outside:
            _outside(relation.kind, relation.target, out)
        elif relation.target in office.left():
            _part(office, relation.target, out, owned=True)


def remainder(office: Office, out: Gather) -> None:
    """Everything that no part of the document led to: properties, macros, custom XML, stray pictures."""
    for part in office.left():
        _part(office, part, out, owned=False)
    remarks(office.package, out)


def _part(office: Office, part: str, out: Gather, *, owned: bool) -> None:
    """One part by its content type; `owned` parts that have a reader of their own are left to it."""
    kind = office.type_of(part)
    name = part.rpartition("/")[2]
    if kind.startswith("image/"):
        out.at(StepKind.PICTURE, name).content(office.take(part), name)
    elif kind.endswith(("chart+xml", "chartex+xml", "diagramData+xml", "drawing+xml", "chartshapes+xml")):
        drawing.read(office.take(part), out.at(StepKind.CHART) if "chart" in kind or "diagram" in kind else out)
        attached(office, part, out)
    elif kind.endswith("vmlDrawing"):
        drawing.read(office.take(part), out)
        attached(office, part, out)
    elif kind.endswith("diagramDrawing+xml"):
        drawing.read(office.take(part), out.at(StepKind.CHART))
    elif kind.startswith(("text/html", "text/plain", "message/")):
        out.file(office.take(part), name)
    elif "embeddings/" in part or kind.endswith(("oleObject", "package")):
        _embedded(office.take(part), name, out)
    elif owned:
        return
    elif kind.endswith(CODE):
        office.take(part)
        out.missed(Reason.MACRO)
    elif kind.endswith(PROPERTIES):
        _properties(office.take(part), out)
    elif kind.endswith(VALUES) or kind in ("application/xml", "text/xml"):
        values(office.take(part), out.at(StepKind.PROPERTY), named=VALUE)
    elif part.endswith(".rels"):
        _relations(office, part, out)
    elif not kind.endswith(QUIET):
        office.take(part)
        out.missed(Reason.PART, name)


def _embedded(data: bytes, name: str, out: Gather) -> None:
    """A file inside the document is read as such; an OLE object is only named."""
    if data.startswith(b"PK"):
        out.file(data, name)
    else:
        out.missed(Reason.EMBEDDED, name)


def _relations(office: Office, rels: str, out: Gather) -> None:
    """Things outside the file that a part nobody reads refers to, such as a template."""
    for starts, _tag, element in walk(office.take(rels)):
        if starts and attribute(element, "TargetMode") == "External":
            _outside(attribute(element, "Type").rpartition("/")[2], attribute(element, "Target"), out)


def _outside(kind: str, target: str, out: Gather) -> None:
    """One thing outside the file: the words in the address of a link; anything else is named."""
    if kind == "hyperlink":
        out.at(StepKind.ALT_TEXT).text(addressed(target))
    else:
        out.missed(Reason.LINKED, kind)


def _properties(data: bytes, out: Gather) -> None:
    """Title, author and the like, and properties that people or programs invented."""
    names: list[tuple[str, bool]] = []
    for starts, tag, element in walk(data):
        if starts:
            own = tag == "property"
            names.append((attribute(element, "name") if own else tag, own))
            if own:
                out.at(StepKind.PROPERTY, names[-1][0]).text(names[-1][0])
            continue
        name, _ = names.pop()
        invented = bool(names) and names[-1][1]
        if element.text and (invented or tag not in PROGRAM):
            label = names[-1][0] if invented or (names and tag in ("lpwstr", "lpstr", "bstr")) else name
            out.at(StepKind.PROPERTY, label).text(element.text)


def first(office: Office, *ends: str) -> str:
    """The one part of the document with such a content type. Raises `Unreadable` where there is none."""
    found = office.of_type(*ends)
    if not found:
        raise Unreadable(Reason.DAMAGED)
    return found[0]
