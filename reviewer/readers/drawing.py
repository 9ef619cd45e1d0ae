"""DrawingML and VML: text of shapes, charts and diagrams, alternative texts, tips, WordArt and watermarks."""

import re
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, local, spoken
from reviewer.readers.wording import printed

DESCRIBED = frozenset({"title", "descr", "alt", "tooltip"})
"""Attributes, of any element, that hold an alternative text, a title or a tip."""

POINTS = frozenset({"v", "pt"})
"""Elements that keep a value of a chart."""

BOXES = frozenset({"textbox", "div", "font"})
"""Elements of VML within which everything is words."""

BREAKS = frozenset({"br", "div", "p"})
BLANKS = re.compile(r"\s+")

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
    box = _Box(out)
    for starts, tag, element, words in spoken(data):
        if box.took(starts, tag, words):
            if starts:
                labels(tag, element, out)
        elif tag == "sp" or (tag == "ph" and starts):
            prompt = tag == "ph"
        elif starts:
            labels(tag, element, out)
            points &= tag in (*POINTS, "formatCode")
            if tag == "p":
                buffers.append([])
            elif tag == "numFmt":
                out.text(printed(attribute(element, "formatCode")))
        elif tag == "t" and buffers:
            buffers[-1].append(element.text or "")
        elif tag == "br" and buffers:
            buffers[-1].append("\n")
        elif tag == "p" and buffers:
            said = "".join(buffers.pop())
            if prompts or not prompt:
                out.text(said)
            elif not PROMPT.fullmatch(said.strip()):
                out.at(StepKind.HIDDEN).text(said)
        elif tag in POINTS and element.text:
            out.text(element.text, glued=points)
            points = True
        elif tag == "formatCode":
            out.text(printed(element.text or ""))


class _Box:
    """Collects the words of a box in VML, which are written as in HTML."""

    def __init__(self, out: Gather) -> None:
        self._out = out
        self._open = 0
        self._words: list[str] = []

    def took(self, starts: bool, tag: str, words: str) -> bool:
        """Whether a tag, before which these words stand, belongs to a box; at its end the words go out."""
        if not self._open and not (starts and tag in BOXES):
            return False
        if self._open:
            self._words.append(BLANKS.sub(" ", words))
        self._open += 1 if starts else -1
        if tag in BREAKS:
            self._words.append("\n")
        if not self._open:
            lines = (line.strip() for line in "".join(self._words).splitlines())
            self._out.at(StepKind.TEXT_BOX).text("\n".join(filter(None, lines)))
            self._words = []
        return True


def labels(tag: str, element: Element, out: Gather) -> None:
    """The alternative text, the tip and the WordArt text of one element, where it has them."""
    if tag == "textpath":
        out.at(StepKind.WATERMARK).text(attribute(element, "string"))
    for key, words in element.items():
        if local(key) in DESCRIBED:
            out.at(StepKind.ALT_TEXT).text(words)
