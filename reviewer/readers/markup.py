"""The one door to XML: streamed, without document types, entities or anything from outside the document."""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from reviewer.readers.gather import Unreadable
from reviewer.readers.reasons import Reason

MAX_DEPTH = 500
MAX_ELEMENTS = 5_000_000


def walk(data: bytes) -> Iterator[tuple[bool, str, Element]]:
    """(starts?, local tag name, element) for every start and end; elements are freed when they end.

    An element's text is complete only at its end; its attributes are there from the start. Raises `Unreadable`.
    """
    count, depth, parents = 0, 0, []
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            starts = event == "start"
            depth += 1 if starts else -1
            count += starts
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise Unreadable(Reason.BOMB)
            yield starts, local(element.tag), element
            if starts:
                parents.append(element)
            else:
                parents.pop()
                tail = element.tail  # there already, or only when the next tag is met
                element.clear()
                element.tail = tail
                if parents:
                    parents[-1].remove(element)
    except DefusedXmlException as exc:
        raise Unreadable(Reason.UNSAFE) from exc
    except (ParseError, ValueError, LookupError) as exc:
        raise Unreadable(Reason.DAMAGED) from exc


def spoken(data: bytes) -> Iterator[tuple[bool, str, Element, str]]:
    """As `walk`, each with the words between the tag before and this one. Raises `Unreadable`."""
    before: tuple[bool, Element] | None = None
    for starts, tag, element in walk(data):
        words = (before[1].text if before[0] else before[1].tail) if before else ""
        yield starts, tag, element, words or ""
        before = starts, element


def local(name: str) -> str:
    """A tag's or attribute's name without its namespace."""
    return name.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by local name; empty where there is none."""
    found = element.get(name)
    if found is not None:
        return found
    return next((value for key, value in element.items() if local(key) == name), "")


def whole(text: str, otherwise: int) -> int:
    """The whole number that `text` is; other characters, and more than nine digits, give `otherwise`."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else otherwise
