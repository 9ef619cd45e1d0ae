"""OFD, the Chinese fixed-layout format (GB/T 33190): pages, page templates, annotations, attachments, pictures."""

import posixpath

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.markup import attribute, walk
from reviewer.readers.package import Package
from reviewer.readers.reasons import Reason

WORDLESS = frozenset({"PublicRes.xml", "DocumentRes.xml", "Signatures.xml", "Signature.xml", "Attachments.xml"})
META = frozenset({"Title", "Author", "Subject", "Abstract", "Keyword", "CustomData", "Creator"})
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".jb2")


def read(data: bytes, out: Gather) -> None:
    """All text of an OFD file. Raises `Unreadable`."""
    package = Package(data)
    done = {"OFD.xml"}
    roots = []
    for starts, tag, element in walk(package.read("OFD.xml")):
        if not starts and tag == "DocRoot":
            roots.append((element.text or "").strip().lstrip("/"))
        elif not starts and tag in META:
            out.at(StepKind.PROPERTY, tag).text(element.text or "")
    if not roots:
        raise Unreadable(Reason.DAMAGED)
    number = 0
    for root in roots:
        done.add(root)
        folder = posixpath.dirname(root)
        for tag, target in _pages(package.read(root)):
            part = posixpath.normpath(posixpath.join(folder, target.lstrip("/"))) if target else ""
            number += tag == "Page"
            here = out.at(StepKind.PAGE, number) if tag == "Page" else out.at(StepKind.LAYOUT)
            if part in package and part not in done:
                done.add(part)
                _content(package.read(part), here)
            else:
                here.missed(Reason.TRUNCATED)
    for part in package.names():
        if part not in done:
            _other(package, part, out)


def _pages(data: bytes) -> list[tuple[str, str]]:
    """The pages and page templates of a document: which of the two, and the part."""
    return [
        (tag, attribute(element, "BaseLoc"))
        for starts, tag, element in walk(data)
        if starts and tag in ("Page", "TemplatePage") and attribute(element, "BaseLoc")
    ]


def _content(data: bytes, out: Gather) -> None:
    """The text objects of a page; each is a line, or a piece of one at the same height."""
    height, begun, line = "", False, 0
    for starts, tag, element in walk(data):
        if starts and tag == "TextObject":
            now = attribute(element, "Boundary").split()[1:2]
            line += now != [height] or not begun
            begun = begun and now == [height]
            height = now[0] if now else ""
        elif not starts and tag == "TextCode" and element.text:
            words = element.text.strip()
            out.at(StepKind.LINE, line).text(words, glued=begun)
            begun |= bool(words)
        elif not starts and tag in ("Remark", "Parameter") and element.text:
            out.at(StepKind.COMMENT).text(element.text)


def _other(package: Package, part: str, out: Gather) -> None:
    """What no page list names: annotations, pictures, attachments, seals."""
    name = posixpath.basename(part)
    if name.lower().endswith(PICTURES):
        out.at(StepKind.PICTURE, name).content(package.read(part), name)
    elif "/Attachs/" in part or ("/Attachments/" in part and name != "Attachments.xml"):
        out.file(package.read(part), name)
    elif "/Signs/" in part or name in WORDLESS or name.lower().endswith((".ttf", ".otf", ".ttc", ".cff")):
        if name.lower().endswith(".esl"):
            out.missed(Reason.PICTURE, name)
    elif name.endswith(".xml"):
        _content(package.read(part), out.at(StepKind.COMMENT))
    else:
        out.missed(Reason.PART, name)
