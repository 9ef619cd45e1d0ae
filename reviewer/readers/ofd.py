"""OFD, the Chinese fixed-layout format (GB/T 33190): pages, templates, annotations, outlines, attachments, tags."""

import posixpath
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers import ofd_page
from reviewer.readers.archive import remarks
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.markup import attribute, walk
from reviewer.readers.package import Package
from reviewer.readers.reasons import Reason
from reviewer.readers.wording import values, worded

RESOURCES = frozenset({"PublicRes.xml", "DocumentRes.xml", "PageRes.xml"})
"""Fonts and pictures by number, and drawings of several parts, which may hold words."""

SIGNING = frozenset({"Signatures.xml", "Signature.xml"})
"""Who signed, what, when: only Chinese words are read, not the digests of all parts."""

FONTS = (".ttf", ".otf", ".ttc", ".cff")
META = frozenset({"Title", "Author", "Subject", "Abstract", "Keyword", "CustomData", "Creator", "DocUsage"})
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".jb2")
VALUE = frozenset({"Name", "Title", "Value"})
"""Attributes of tags and extensions that hold words of any language."""

LISTED = {"OutlineElem": "Title", "Bookmark": "Name"}
"""Entries of a document's lists by the attribute that a person reads."""


def read(data: bytes, out: Gather) -> None:
    """All text of an OFD file. Raises `Unreadable`."""
    package = Package(data)
    remarks(package, out)
    roots = []
    for starts, tag, element in walk(package.read("OFD.xml")):
        if not starts and tag == "DocRoot":
            roots.append((element.text or "").strip().lstrip("/"))
        elif not starts and tag in META:
            here = out.at(StepKind.PROPERTY, attribute(element, "Name") or tag)
            here.text(element.text or "")
    if not roots:
        raise Unreadable(Reason.DAMAGED)
    reader = _Reader(package, out)
    for root in roots:
        reader.document(root)
    reader.rest()


class _Reader:
    """Goes through the parts of the package, each once; pages are counted through all documents."""

    def __init__(self, package: Package, out: Gather) -> None:
        self._package = package
        self._out = out
        self._done = {"OFD.xml"}
        self._pages = 0
        self._numbers: dict[tuple[str, str], int] = {}

    def document(self, root: str) -> None:
        """Templates and pages in their order, the outline, and the parts with annotations and attachments."""
        self._done.add(root)
        folder = posixpath.dirname(root)
        lists: list[str] = []
        for starts, tag, element in walk(self._package.read(root)):
            if starts and tag in LISTED:
                self._out.at(StepKind.BOOKMARK).text(attribute(element, LISTED[tag]))
            elif starts and tag in ("Page", "TemplatePage") and attribute(element, "BaseLoc"):
                self._page(folder, tag, element)
            elif not starts and tag in ("Annotations", "Attachments"):
                lists.append(self._named(folder, element.text or ""))
        for part in lists:
            if part and part not in self._done:
                self._done.add(part)
                self._listed(folder, part)

    def rest(self) -> None:
        """What no list names: pictures, seals, tags, extensions, resources, stray files."""
        for part in self._package.names():
            if part not in self._done:
                self._other(part)

    def _page(self, folder: str, tag: str, element: Element) -> None:
        part = self._named(folder, attribute(element, "BaseLoc"))
        if tag == "Page":
            self._pages += 1
            self._numbers[folder, attribute(element, "ID")] = self._pages
        here = self._out.at(StepKind.PAGE, self._pages) if tag == "Page" else self._out.at(StepKind.LAYOUT)
        if part and part not in self._done:
            self._done.add(part)
            ofd_page.read(self._package.read(part), here)
        else:
            here.missed(Reason.TRUNCATED)

    def _listed(self, folder: str, part: str) -> None:
        """The list of annotations by page, or of attachments by name."""
        page, name = "", None
        for starts, tag, element in walk(self._package.read(part)):
            if starts and tag == "Page":
                page = attribute(element, "PageID")
            elif starts and tag == "Attachment":
                name = attribute(element, "Name")
            elif not starts and tag == "FileLoc":
                named = self._named(folder, posixpath.dirname(part), element.text or "")
                if named:
                    self._take(named, name, self._numbers.get((folder, page)))
                else:
                    self._out.missed(Reason.TRUNCATED, name or "")

    def _named(self, *places: str) -> str:
        """The part that the last of `places` means, seen from the other ones or from the root; empty for none."""
        *folders, target = places
        found = (_inside(folder, target) for folder in (*folders, ""))
        return next((part for part in found if part in self._package), "")

    def _take(self, part: str, name: str | None, page: int | None) -> None:
        """One file of a list: an attachment, or without a `name` the annotations of a page."""
        if part in self._done:
            return
        self._done.add(part)
        if name is not None:
            name = name or posixpath.basename(part)
            ending = posixpath.splitext(part)[1]
            self._out.file(self._package.read(part), name if "." in name else f"{name}{ending}")
        else:
            here = self._out if page is None else self._out.at(StepKind.PAGE, page)
            ofd_page.read(self._package.read(part), here.at(StepKind.COMMENT))

    def _other(self, part: str) -> None:
        name = posixpath.basename(part)
        if name.lower().endswith(PICTURES):
            self._out.at(StepKind.PICTURE, name).content(self._package.read(part), name)
        elif "/Attachs/" in part or "/Attachments/" in part:
            self._out.file(self._package.read(part), name)
        elif name in SIGNING:
            _signing(self._package.read(part), self._out.at(StepKind.PROPERTY, name))
        elif name.lower().endswith(".esl") or ("/Signs/" in part and name == "SignedValue.dat"):
            self._out.missed(Reason.SEAL)
        elif name.lower().endswith(FONTS):
            return
        elif name in RESOURCES or "/Annots/" in part:
            kind = StepKind.LAYOUT if name in RESOURCES else StepKind.COMMENT
            ofd_page.read(self._package.read(part), self._out.at(kind))
        elif name.endswith(".xml"):
            values(self._package.read(part), self._out.at(StepKind.PROPERTY, name), named=VALUE)
        else:
            self._out.missed(Reason.PART, name)


def _inside(folder: str, target: str) -> str:
    """The part that a place in a document means."""
    return posixpath.normpath(posixpath.join(folder, target.strip().lstrip("/")))


def _signing(data: bytes, out: Gather) -> None:
    """The Chinese words of a signature, in attributes and elements of any name."""
    for starts, _tag, element in walk(data):
        for said in element.attrib.values() if starts else (element.text or "",):
            if worded(said):
                out.text(said)
