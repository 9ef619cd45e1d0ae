"""The last filter before the terminal: no control or bidi character of any content is ever written raw."""

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from reviewer.reports.visible import visible


class ControlGuard(LineFilter):
    """Replaces control, bidi and invisible characters, keeping every cell's width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """A zero-width character goes, any other becomes `·`; the layout, already done, stays right."""
        return [
            Segment(_safe(s.text), s.style) if s.control is None and s.text != visible(s.text) else s for s in segments
        ]


def _safe(text: str) -> str:
    return "".join(c if visible(c) == c else "·" * cell_len(c) for c in text)
