"""The draft being edited, with the words of findings highlighted where they stand."""

from bisect import bisect_right
from collections.abc import Sequence

from rich.text import Text
from textual.widgets import TextArea

from reviewer.finding import Finding

STYLES = {"block": "bold white on #a51d2d", "review": "black on #f5c211", "note": "underline"}
SELECTED = "bold black on #62e6ff"


class DraftPane(TextArea):
    """A text area whose lines carry the styles of the findings' spans."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(id="draft", soft_wrap=True, show_line_numbers=False, placeholder=placeholder)
        self.highlight_cursor_line = False
        self._marks: dict[int, list[tuple[int, int, str]]] = {}

    def show(self, findings: Sequence[Finding], selected: Finding | None) -> None:
        """Highlight the findings; while the person is not typing here, the selected one is brought into view."""
        starts = [0]
        for line in self.document.lines[:-1]:
            starts.append(starts[-1] + len(line) + len(self.document.newline))
        self._marks = {}
        ordered = sorted(findings, key=lambda f: f.severity.rank)
        for finding in [*ordered, *([selected] if selected else [])]:
            style = SELECTED if finding is selected else STYLES[finding.severity.value]
            self._mark(starts, finding.span, style)
        if selected and not self.has_focus:
            row = bisect_right(starts, selected.span[0]) - 1
            self.move_cursor((row, selected.span[0] - starts[row]), center=True)
        self._line_cache.clear()
        self.refresh()

    def _mark(self, starts: Sequence[int], span: tuple[int, int], style: str) -> None:
        first = bisect_right(starts, span[0]) - 1
        last = bisect_right(starts, max(span[0], span[1] - 1)) - 1
        for row in range(first, last + 1):
            begin = max(span[0] - starts[row], 0)
            self._marks.setdefault(row, []).append((begin, span[1] - starts[row], style))

    def get_line(self, line_index: int) -> Text:
        """The line with its findings' styles."""
        line = super().get_line(line_index)
        for begin, end, style in self._marks.get(line_index, ()):
            line.stylize(style, begin, min(end, len(line)))
        return line
