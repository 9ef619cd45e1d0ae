"""The draft being edited, with the words of findings glowing where they stand."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.expand_tabs import expand_text_tabs_from_widths
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Document, DocumentNavigator, Edit, EditResult

from reviewer.finding import Finding
from reviewer.tui.messages import WordsClicked
from reviewer.tui.themes import Looks
from reviewer.tui.words import say
from reviewer.tui.wrapping import Wrapped, parted

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

Mark = tuple[int, int, str | Style]
"""Half-open range of the text and the Rich style it gets; later marks lie on top."""

ROWS = 512
"""Painted rows that are kept: a key changes few of those that are seen."""

TAKEN = ("f6", "f7", "ctrl+y")
"""Keys of a text area that mean something else on this screen."""


class DraftPane(TextArea):
    """A text area whose ranges can glow; copying a selection stays inside this program.

    It breaks its lines into rows by itself and paints only rows that changed, so that keys stay quick in a long draft.
    """

    app: "ReviewerApp"
    wrapped_document: Wrapped

    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+r", "redo", "")]

    def __init__(self, placeholder: str, unit: str, name: str = "draft") -> None:
        """`unit` is what characters are called where they are counted."""
        self._painted: LRUCache[object, Strip] = LRUCache(ROWS)
        super().__init__(id=name, soft_wrap=True, show_line_numbers=False, placeholder=placeholder)
        self.highlight_cursor_line = False
        for key in TAKEN:
            del self._bindings.key_to_bindings[key]
        self._by_row: dict[int, list[Mark]] = {}
        self._marks: tuple[Mark, ...] = ()
        self._moved = False
        """Whether the words changed since the marks were placed."""
        self._unit = unit

    def show(self, marks: Sequence[Mark], reveal: int | None = None) -> None:
        """Let ranges glow; while the person is not typing here, the character `reveal` is brought into view."""
        if tuple(marks) != self._marks or (marks and self._moved):
            self._marks, self._moved = tuple(marks), False
            starts = self._starts() if marks else []
            self._by_row = {}
            for begin, end, style in marks:
                self._put(starts, begin, end, style)
            self.refresh()
        if reveal is not None and not self.has_focus:
            starts = self._starts()
            row = bisect_right(starts, reveal) - 1
            self.move_cursor((row, reveal - starts[row]), center=True)

    def write(self, text: str) -> None:
        """Replace the whole draft as one edit that Ctrl+Z takes back."""
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)

    def take(self, text: str) -> None:
        """Put text in the place of the selection, as if it were typed or pasted here."""
        end = self.replace(text, *self.selection, maintain_selection_offset=False).end_location
        self.move_cursor(end)

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

    @property
    def characters(self) -> int:
        """How many there are in the text."""
        lines = self.document.lines
        return sum(map(len, lines)) + len(self.document.newline) * (len(lines) - 1)

    @property
    def blank(self) -> bool:
        """Whether there is nothing but white space."""
        return not any(line and not line.isspace() for line in self.document.lines)

    def _count(self) -> None:
        """Say how many characters there are, if that changed: a title that is set is drawn with the whole draft."""
        words = f"{self.characters} {self._unit}"
        if words != self.border_subtitle:
            self.border_subtitle = words

    def _set_document(self, text: str, language: str | None) -> None:
        """As the text area does it, with rows of our own."""
        self.document = Document(text)
        self.wrapped_document = Wrapped(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def render_line(self, y: int) -> Strip:
        """A row as it is seen: its words, the marks on them, the selection, the cursor."""
        if not self.document.end[1] and self.document.line_count == 1:
            return super().render_line(y)
        place = self.wrapped_document.row(y + self.scroll_offset.y)
        theme = self._theme
        base = (theme and theme.base_style) or self.rich_style
        width = self.scrollable_content_region.size.width
        if place is None:
            return Strip.blank(self.size.width, base)
        line, begin, end = place
        words = self.document[line]
        marks = tuple(self._on_row(line, begin, end, len(words)))
        tabs = tuple(self._tabs(line, begin, end))
        known = (words[begin:end], end == len(words), marks, tabs, base, width)
        strip = self._painted.get(known)
        if strip is None:
            strip = self._painted[known] = self._paint(words[begin:end], marks, tabs, base, width)
        return strip

    def _tabs(self, line: int, begin: int, end: int) -> list[int]:
        """The widths of the tabs in a row."""
        widths = self.wrapped_document.get_tab_widths(line)
        if len(widths) < 2 and not any(widths):
            return []
        words = self.document[line]
        before = words.count("\t", 0, begin)
        return widths[before : before + words.count("\t", begin, end)]

    def _paint(self, words: str, marks: Sequence[Mark], tabs: Sequence[int], base: Style, width: int) -> Strip:
        """One row, with a cell more at its end where the cursor may stand."""
        text = Text(parted(words), end="", no_wrap=True)
        text.append(" " * (max((end for _, end, _ in marks), default=0) > len(words)))
        for begin, end, style in marks:
            text.stylize(style, begin, end)
        text = expand_text_tabs_from_widths(text, list(tabs))
        strip = Strip(text.render(self.app.console), text.cell_len)
        return strip.extend_cell_length(width, base).apply_style(base)

    def _on_row(self, line: int, begin: int, end: int, length: int) -> Iterator[Mark]:
        """What lies on a row, from below: marks, selection, bracket, cursor; places are the row's own."""
        for start, stop, style in self._on_line(line, length):
            if start < end + (end == length) and stop > begin:
                yield max(start, begin) - begin, min(stop, end + (end == length)) - begin, style

    def _on_line(self, line: int, length: int) -> Iterator[Mark]:
        yield from ((begin, min(end, length), style) for begin, end, style in self._by_row.get(line, ()))
        theme, (start, cursor) = self._theme, self.selection
        if theme is None:
            return
        top, bottom = sorted((start, cursor))
        if start != cursor and top[0] <= line <= bottom[0] and theme.selection_style:
            empty = int(not length and line != cursor[0])  # one cell says that an empty line is selected
            stop = bottom[1] if line == bottom[0] else length
            yield (top[1] if line == top[0] else 0), stop or empty, theme.selection_style
        other = self._matching_bracket_location
        if other is not None and self.match_cursor_bracket and start == cursor and theme.bracket_matching_style:
            for row, column in (cursor, other):
                if row == line:
                    yield column, column + 1, theme.bracket_matching_style
        if cursor[0] == line and self._draw_cursor and theme.cursor_style:
            yield cursor[1], cursor[1] + 1, theme.cursor_style

    def action_paste(self) -> None:
        """Paste what was copied in this program; where nothing was, say how text comes from another one."""
        if self.app.clipboard:
            super().action_paste()
        else:
            self._tell_of_paste()

    def _tell_of_paste(self) -> None:
        self.notify(say("paste_outside", self.app.lang), severity="warning")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Another button than the first is meant to paste, which the terminal leaves to us: the selection stays."""
        if event.button != 1:
            event.stop()
            event.prevent_default()
            self._tell_of_paste()

    def on_click(self, event: events.Click) -> None:
        """Say which character was clicked."""
        if event.button == 1:
            row, column = self.cursor_location
            self.post_message(WordsClicked(self.id or "", self._starts()[row] + column))

    def _starts(self) -> list[int]:
        """The character at which each line starts."""
        starts = [0]
        for line in self.document.lines[:-1]:
            starts.append(starts[-1] + len(line) + len(self.document.newline))
        return starts

    def _put(self, starts: Sequence[int], begin: int, end: int, style: str | Style) -> None:
        first = bisect_right(starts, begin) - 1
        last = bisect_right(starts, max(begin, end - 1)) - 1
        for row in range(first, last + 1):
            start = max(begin - starts[row], 0)
            self._by_row.setdefault(row, []).append((start, end - starts[row], style))


def marks_of(findings: Sequence[Finding], selected: Finding | None, looks: Looks) -> list[Mark]:
    """The marks of findings, the worst on top and the selected one above all."""
    ordered = sorted(findings, key=lambda f: f.severity.rank)
    marks: list[Mark] = [(*f.span, looks[f.severity.value]) for f in ordered]
    return [*marks, (*selected.span, looks["selected"])] if selected else marks
