"""The draft being edited, with the words of findings glowing where they stand."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.containers import Lines
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from reviewer.finding import Finding
from reviewer.tui.messages import WordsClicked
from reviewer.tui.themes import Looks
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

Mark = tuple[int, int, str]
"""Half-open range of the text and the Rich style it gets; later marks lie on top."""


TAKEN = ("f6", "f7", "ctrl+y")
"""Keys of a text area that mean something else on this screen."""


class DraftPane(TextArea):
    """A text area whose ranges can glow; copying a selection stays inside this program."""

    app: "ReviewerApp"

    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+r", "redo", "")]

    def __init__(self, placeholder: str, unit: str, name: str = "draft") -> None:
        """`unit` is what characters are called where they are counted."""
        super().__init__(id=name, soft_wrap=True, show_line_numbers=False, placeholder=placeholder)
        self.highlight_cursor_line = False
        for key in TAKEN:
            del self._bindings.key_to_bindings[key]
        self._by_row: dict[int, list[Mark]] = {}
        self._marks: tuple[Mark, ...] = ()
        self._moved = False
        """Whether the words changed since the marks were placed."""
        self._unit = unit
        self._words, self._plain = "", Text()
        self._rows: dict[tuple[int, int], Text] = {}

    def show(self, marks: Sequence[Mark], reveal: int | None = None) -> None:
        """Let ranges glow; while the person is not typing here, the character `reveal` is brought into view."""
        if tuple(marks) != self._marks or (marks and self._moved):
            self._marks, self._moved = tuple(marks), False
            starts = self._starts() if marks else []
            self._by_row = {}
            for begin, end, style in marks:
                self._put(starts, begin, end, style)
            self._line_cache.clear()
            self.refresh()
        if reveal is not None and not self.has_focus:
            starts = self._starts()
            row = bisect_right(starts, reveal) - 1
            self.move_cursor((row, reveal - starts[row]), center=True)

    def write(self, text: str) -> None:
        """Replace the whole draft as one edit that Ctrl+Z takes back."""
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)

    def edit(self, edit: Edit) -> EditResult:
        """Count with the edit, so that both are drawn in one frame."""
        result = super().edit(edit)
        self._moved = True
        self._count()
        return result

    def on_mount(self) -> None:
        """Nothing is typed yet."""
        self._count()

    def on_text_area_changed(self) -> None:
        """Undo and redo are no edits."""
        self._moved = True
        self._count()

    def _count(self) -> None:
        """Say how many characters there are, if that changed: a title that is set is drawn with the whole draft."""
        words = f"{len(self.text)} {self._unit}"
        if words != self.border_subtitle:
            self.border_subtitle = words

    def get_line(self, line_index: int) -> Text:
        """The line with its marks."""
        words = self.document.get_line(line_index)
        if words is not self._words:
            self._words, self._plain, self._rows = words, Text(words), {}
        line = _Line(self._plain, self._rows)
        for begin, end, style in self._by_row.get(line_index, ()):
            line.stylize(style, begin, min(end, len(line)))
        return line

    def action_paste(self) -> None:
        """Paste what was copied in this program; where nothing was, say how text comes from another one."""
        if self.app.clipboard:
            super().action_paste()
        else:
            self.notify(say("paste_outside", self.app.lang), severity="warning")

    def on_click(self, event: events.Click) -> None:
        """Say which character was clicked."""
        row, column = self.cursor_location
        self.post_message(WordsClicked(self.id or "", self._starts()[row] + column))

    def _starts(self) -> list[int]:
        """The character at which each line starts."""
        starts = [0]
        for line in self.document.lines[:-1]:
            starts.append(starts[-1] + len(line) + len(self.document.newline))
        return starts

    def _put(self, starts: Sequence[int], begin: int, end: int, style: str) -> None:
        first = bisect_right(starts, begin) - 1
        last = bisect_right(starts, max(begin, end - 1)) - 1
        for row in range(first, last + 1):
            start = max(begin - starts[row], 0)
            self._by_row.setdefault(row, []).append((start, end - starts[row], style))


class _Line(Text):
    """A line whose rows are made one by one: a text area asks for all rows of a line for each that it draws."""

    def __init__(self, plain: Text, rows: dict[tuple[int, int], Text]) -> None:
        """`plain` is the line without marks; `rows` keeps what was made of it without marks."""
        super().__init__(end="", no_wrap=True)
        self.append_text(plain)
        self.rows = rows

    def pad_right(self, count: int, character: str = " ") -> None:
        """Add to the end, without reading the line again."""
        self.append(character * count)

    def divide(self, offsets: Iterable[int]) -> Lines:
        """The rows between these characters."""
        return _Rows(self, [0, *offsets, len(self)])


class _Rows(Lines):
    """Rows of a line, each made when it is asked for."""

    def __init__(self, line: _Line, ends: Sequence[int]) -> None:
        super().__init__()
        self._line, self._ends = line, ends

    def __getitem__(self, row: int) -> Text:  # type: ignore[override]
        start, end = self._ends[row : row + 2]
        found = self._line.rows.get((start, end))
        if found is None:
            found = self._line.rows[start, end] = Text(self._line.plain[start:end], end="", no_wrap=True)
        marks = [span for span in self._line.spans if span.start < end and span.end > start]
        if not marks:
            return found
        marked = found.copy()
        for span in marks:
            marked.stylize(span.style, max(span.start - start, 0), min(span.end, end) - start)
        return marked


def marks_of(findings: Sequence[Finding], selected: Finding | None, looks: Looks) -> list[Mark]:
    """The marks of findings, the worst on top and the selected one above all."""
    ordered = sorted(findings, key=lambda f: f.severity.rank)
    marks = [(*f.span, looks[f.severity.value]) for f in ordered]
    return [*marks, (*selected.span, looks["selected"])] if selected else marks
