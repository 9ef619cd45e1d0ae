"""DrawingML and VML: text of shapes, charts and diagrams, alternative texts, tips, WordArt and watermarks."""

import re
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, local, walk
from reviewer.readers.wording import printed

DESCRIBED = frozenset({"title", "descr", "alt", "tooltip"})
"""Attributes, of any element, that hold an alternative text, a title or a tip."""

POINTS = frozenset({"v", "pt"})
"""Elements that keep a value of a chart."""

PROMPT = re.compile(
    r"[单点]击(此处|图标).*|编辑母版.*|第?[一二三四五六七八九]级|‹#›|<#>|\W*"
    r"|click (to|icon).*|edit master.*|(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth) level",
    re.IGNORECASE | re.DOTALL,
)
"""What the program itself writes into the placeholders of a layout."""


def read(data: bytes, out: Gather, *, prompts: bool = True) -> None:
    """Paragraphs of shapes and tables, chart caches, alternative texts. Raises `Unreadable`.

    Without `prompts`, what the program writes into the placeholders of a layout is left out; what people wrote there,
    which no slide shows, counts as hidden.
    """
    buffers: list[list[str]] = []
    prompt = points = False
    for starts, tag, element in walk(data):
        if tag == "sp" or (tag == "ph" and starts):
            prompt = tag == "ph"
        elif starts:
            labels(tag, element, out)
            points &= tag in (*POINTS, "formatCode")
            if tag == "p":
                buffers.append([])
        elif tag == "t" and buffers:
            buffers[-1].append(element.text or "")
        elif tag == "br" and buffers:
            buffers[-1].append("\n")
        elif tag == "p" and buffers:
            words = "".join(buffers.pop())
            if prompts or not prompt:
                out.text(words)
            elif not PROMPT.fullmatch(words.strip()):
                out.at(StepKind.HIDDEN).text(words)
        elif tag in POINTS and element.text:
            out.text(element.text, glued=points)
            points = True
        elif tag == "formatCode":
            out.text(printed(element.text or ""))
        elif tag in ("div", "font", "textbox") and element.text:
            out.at(StepKind.TEXT_BOX).text(element.text)


def labels(tag: str, element: Element, out: Gather) -> None:
    """The alternative text, the tip and the WordArt text of one element, where it has them."""
    if tag == "textpath":
        out.at(StepKind.WATERMARK).text(attribute(element, "string"))
    for key, words in element.items():
        if local(key) in DESCRIBED:
            out.at(StepKind.ALT_TEXT).text(words)
