"""DrawingML and VML: text of shapes, charts and diagrams, alternative texts, WordArt and watermarks."""

from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk

DESCRIBED = frozenset({"docPr", "cNvPr", "shape", "rect", "pic"})
"""Elements that carry an alternative text or a title."""


def read(data: bytes, out: Gather, *, prompts: bool = True) -> None:
    """Paragraphs of shapes and tables, chart caches, alternative texts. Raises `Unreadable`.

    Without `prompts` the placeholders of a layout, which only say what to type where, are left out.
    """
    buffers: list[list[str]] = []
    prompt = False
    for starts, tag, element in walk(data):
        if tag == "sp" or (tag == "ph" and starts):
            prompt = tag == "ph"
        elif prompt and not prompts:
            continue
        elif starts:
            labels(tag, element, out)
            if tag == "p":
                buffers.append([])
        elif tag == "t" and buffers:
            buffers[-1].append(element.text or "")
        elif tag == "br" and buffers:
            buffers[-1].append("\n")
        elif tag == "p" and buffers:
            out.text("".join(buffers.pop()))
        elif tag == "v" and element.text and not _number(element.text):
            out.text(element.text)
        elif tag in ("div", "font", "textbox") and element.text:
            out.at(StepKind.TEXT_BOX).text(element.text)


def labels(tag: str, element: Element, out: Gather) -> None:
    """The alternative text and the WordArt text of one element, where it has them."""
    if tag == "textpath":
        out.at(StepKind.WATERMARK).text(attribute(element, "string"))
    elif tag in DESCRIBED:
        for name in ("title", "descr", "alt"):
            out.at(StepKind.ALT_TEXT).text(attribute(element, name))


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
