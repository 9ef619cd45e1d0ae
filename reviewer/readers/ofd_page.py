"""What stands on a page of an OFD file: pieces of text put together to lines, and drawings, which are named."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.markup import attribute, walk
from reviewer.readers.reasons import Reason

CURVES = 64
"""Curves of an ordinary page at most: the corners of 16 round boxes. Two characters turned into curves have more."""

STRAIGHT = 400
"""Straight strokes of a page without text at most: a frame and the rules of an empty form."""

STRAIGHT_BESIDE = 5000
"""Straight strokes beside text at most: the borders of a table of 1,000 cells."""

_STROKE = re.compile(r"[LQBAC]")
_CURVE = re.compile(r"[QBA]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d*)?|\.\d+)")
_LATIN = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a text object stands, in millimetres; `size` is that of one character."""

    left: float
    top: float
    width: float
    height: float
    size: float

    def beside(self, other: "_Box") -> bool:
        """Whether both stand on one line: at least half of the lower one is at the height of the other."""
        shared = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return self.top == other.top or 2 * shared > min(self.height, other.height)


def read(data: bytes, out: Gather) -> None:
    """The lines of a page, the words of its annotations; many drawings are named. Raises `Unreadable`."""
    page = _Page(out)
    try:
        for starts, tag, element in walk(data):
            page.take(tag, element, starts=starts)
    finally:
        page.finish()


class _Page:
    """Puts pieces of text that touch together; a wide gap on one line is told as one between cells."""

    def __init__(self, out: Gather) -> None:
        self._out = out
        self._words: list[str] = []
        self._line = 0
        self._box: _Box | None = None
        self._begun = False
        self._said = False
        self._text = False
        self._code_at: tuple[float, str, int] | None = None
        """Where the last words of the object begin, the height of their line, how many characters they are."""
        self._clips = 0
        self._curves = 0
        self._straight = 0

    def take(self, tag: str, element: Element, *, starts: bool) -> None:
        """One start or end of an element."""
        if tag == "Clips":
            self._clips += 1 if starts else -1
        elif starts and tag == "TextObject":
            self._object(_box(element))
        elif not starts and tag == "TextCode" and element.text:
            self._code(element.text.strip("\t\r\n"), attribute(element, "X"), attribute(element, "Y"))
        elif not starts and tag in ("Remark", "Parameter") and element.text:
            self._put()
            self._out.at(StepKind.COMMENT).text(element.text)
        elif not starts and tag == "AbbreviatedData":
            self._path(element.text or "")

    def finish(self) -> None:
        """Put out the last words; name the drawings where there are more than frames and rules."""
        self._put()
        if self._curves > CURVES or self._straight > (STRAIGHT_BESIDE if self._text else STRAIGHT):
            self._out.missed(Reason.PICTURE, "PathObject")

    def _object(self, box: _Box | None) -> None:
        last, self._box = self._box, box
        self._said, self._code_at = False, None
        if last is None or box is None or not box.beside(last):
            self._put()
            self._line += 1
            self._begun = False
            return
        gap, size = box.left - last.left - last.width, min(box.size, last.size)
        if not -size / 2 <= gap < size:
            self._put()
        elif gap > size / 5 and self._words and _LATIN.match(self._words[-1][-1:]):
            self._words.append(" ")

    def _code(self, words: str, left: str, top: str) -> None:
        """Words of an object; the second and later of one object are apart unless they touch what is before."""
        now = (float(left), top, len(words)) if _NUMBER.fullmatch(left) else None
        if self._said and not (now and self._code_at and self._touches(self._code_at, now)):
            self._put()
        self._said |= bool(words)
        self._code_at = now
        if words:
            self._words.append(words)
        self._text |= bool(words.strip())

    def _touches(self, last: tuple[float, str, int], now: tuple[float, str, int]) -> bool:
        size = self._box.size if self._box else 0.0
        return last[1] == now[1] and 0 < now[0] - last[0] < size * (last[2] + 1)

    def _put(self) -> None:
        words, self._words = "".join(self._words).strip(), []
        if words:
            self._out.at(StepKind.LINE, self._line).text(words, glued=self._begun)
            self._begun = True

    def _path(self, strokes: str) -> None:
        """Strokes of a drawing; what clips a picture or a text is mostly a straight frame, which is not counted."""
        curves = len(_CURVE.findall(strokes))
        self._curves += curves
        if not self._clips:
            self._straight += len(_STROKE.findall(strokes)) - curves


def _box(element: Element) -> _Box | None:
    """The place of a text object; none where it is not four numbers."""
    numbers = attribute(element, "Boundary").split()
    if len(numbers) != 4 or not all(map(_NUMBER.fullmatch, numbers)):
        return None
    left, top, width, height = map(float, numbers)
    size = attribute(element, "Size")
    told = bool(_NUMBER.fullmatch(size)) and not attribute(element, "CTM")
    return _Box(left, top, width, height, float(size) if told else min(width, height))
