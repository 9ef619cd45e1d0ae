"""The draft in rows: those that the text area makes, but made again only from where an edit changed them.

The text area's own wrapping reads a whole line, character by character, at every key. This one keeps the rows before
the edit and takes characters of one width together.
"""

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from rich.cells import cell_len, get_character_cell_size
from textual._cells import cell_width_to_column_index
from textual._wrap import compute_wrap_offsets, re_chunk
from textual.document._document import Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline, get_tab_widths
from textual.geometry import Offset, clamp

from reviewer.reports.visible import tamed

RUN = re.compile(
    "([\u3001-\u3029\u3041-\u3096\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]+)|([ -~]+)"
)
"""Characters of two cells, or of one; any other is looked up by itself."""

IRREGULAR = re.compile("[\t\u200d\ufe0f]")
"""Characters whose width depends on what stands before them."""

JOINERS = "\u200d\ufe0f"
"""The library measures what stands beside them as one picture, whether there is one or not."""


def parted(words: str) -> str:
    """The words, with a space without width for every joiner and selector that makes no picture."""
    if any(joiner in words for joiner in JOINERS):
        return tamed(words, lambda char: "\u200b" if char in JOINERS else char)
    return words


def breaks(line: str, width: int, kept: list[int], tab_width: int) -> list[int]:
    """Where the rows after the first begin, as `compute_wrap_offsets` says it.

    `kept` are the breaks before the last of which nothing changed, that last one included.
    """
    if width < 2 or IRREGULAR.search(line):
        return compute_wrap_offsets(line, width, tab_width, True, get_tab_widths(line, tab_width)) if width else []
    found = kept[:]
    start, used = (found[-1] if found else 0), 0
    first = True
    while (chunk := re_chunk.match(line, start)) is not None:
        end = chunk.end()
        cells = _cells(line, start, end, width)
        if cells <= width - used:
            used += cells
        elif cells <= width:
            found.append(start)
            used = cells
        else:
            if not first:
                found.append(start)
            used = _fold(line, start, end, width, found)
        start, first = end, False
    return found


def _cells(line: str, start: int, end: int, limit: int) -> int:
    """The width of a stretch in cells; anything above `limit` where it is wider."""
    cells = 0
    while start < end and cells <= limit:
        run = RUN.match(line, start, min(end, start + limit + 1))
        if run is None:
            cells += get_character_cell_size(line[start])
            start += 1
        else:
            cells += (run.end() - start) * (3 - (run.lastindex or 0))
            start = run.end()
    return cells


def _fold(line: str, start: int, end: int, width: int, found: list[int]) -> int:
    """Break a word that is wider than a row wherever a row is full; the cells of its last row."""
    used = 0
    while start < end:
        run = RUN.match(line, start, end)
        size = get_character_cell_size(line[start]) if run is None else 3 - (run.lastindex or 0)
        stop = start + 1 if run is None else run.end()
        fitting = (width - used) // size if size else stop - start
        if stop - start <= fitting:
            used += (stop - start) * size
        else:
            rows = range(start + fitting, stop, width // size)
            found.extend(rows)
            used = (stop - rows[-1]) * size
        start = stop
    return used


class Wrapped(WrappedDocument):
    """A wrapped document whose work at a key does not grow with what stands before the cursor."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """All rows anew."""
        self._width = width
        self._tab_width = tab_width or self._tab_width
        self._offset_to_line_info, self._line_index_to_offsets = [], []
        self._wrap_offsets, self._tab_width_cache = [], []
        if self.document.line_count:
            self._replace(0, -1, self.document.lines, [])

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """The rows of the lines that an edit changed; of its first line, those from the row before the edit."""
        last_old, last_new = len(self._wrap_offsets) - 1, self.document.line_count - 1
        first = clamp(start[0], 0, min(last_old, last_new))
        old_bottom = clamp(old_end[0], 0, last_old)
        top, old_bottom = min(first, old_bottom), max(first, old_bottom)
        new_bottom = max(first, clamp(new_end[0], 0, last_new))
        known = self._wrap_offsets[top]
        same = bisect_left(known, start[1]) - 1 if top == start[0] else 0
        self._replace(top, old_bottom, self.document.lines[top : new_bottom + 1], known[: max(0, same)])

    def _replace(self, top: int, old_bottom: int, lines: list[str], kept: list[int]) -> None:
        """Put these lines in the place of those from `top` to `old_bottom`."""
        tab, width, lines = self._tab_width, self._width, [parted(line) for line in lines]
        y = self._line_index_to_offsets[top][0] if top < len(self._line_index_to_offsets) else 0
        old_height = sum(len(offsets) for offsets in self._line_index_to_offsets[top : old_bottom + 1])
        wrapped = [breaks(line, width, [] if place else kept, tab) for place, line in enumerate(lines)]
        self._wrap_offsets[top : old_bottom + 1] = wrapped
        self._tab_width_cache[top : old_bottom + 1] = [
            [cells for _, cells in get_tab_widths(line, tab)] if "\t" in line else [0] * bool(line) for line in lines
        ]
        height = sum(map(len, wrapped)) + len(wrapped)
        by_line = len(lines) - (old_bottom + 1 - top)
        if height == old_height and len(lines) == 1 and not by_line:
            return
        info = [(top + place, row) for place, found in enumerate(wrapped) for row in range(len(found) + 1)]
        offsets, at = [], y
        for found in wrapped:
            offsets.append(list(range(at, at + len(found) + 1)))
            at += len(found) + 1
        self._offset_to_line_info[y : y + old_height] = info
        self._line_index_to_offsets[top : old_bottom + 1] = offsets
        if by_line:
            after = self._offset_to_line_info[y + height :]
            self._offset_to_line_info[y + height :] = [(line + by_line, row) for line, row in after]
        if height != old_height:
            by_row = height - old_height
            below = self._line_index_to_offsets[top + len(lines) :]
            self._line_index_to_offsets[top + len(lines) :] = [[at + by_row for at in one] for one in below]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self._offset_to_line_info)

    def row(self, y: int) -> tuple[int, int, int] | None:
        """The line of a row and the range of its characters in it; none below the last."""
        if not 0 <= y < len(self._offset_to_line_info):
            return None
        line, row = self._offset_to_line_info[y]
        return (line, *self._range(line, row))

    def _range(self, line: int, row: int) -> tuple[int, int]:
        found = self._wrap_offsets[line]
        return found[row - 1] if row else 0, found[row] if row < len(found) else len(self.document[line])

    def location_to_offset(self, location: Location) -> Offset:
        """Where a character stands among the rows."""
        line, column = clamp(location[0], 0, len(self._wrap_offsets)), location[1]
        row = bisect_right(self.get_offsets(line), column)
        begin, end = self._range(line, row)
        before = parted(self.document[line][begin:end])[: column - begin]
        return Offset(cell_len(expand_tabs_inline(before, self._tab_width)), self._line_index_to_offsets[line][row])

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        """The character of a line that stands at a cell of one of its rows, which may be counted from the last."""
        last = len(self._wrap_offsets[line_index])
        row = y_offset if y_offset >= 0 else last + 1 + y_offset
        begin, end = self._range(line_index, row)
        words = parted(self.document[line_index][begin:end])
        column = begin + cell_width_to_column_index(words, x_offset, self._tab_width)
        return column if row == last else min(column, end - 1)

    def get_sections(self, line_index: int) -> list[str]:
        """The rows of a line."""
        line = self.document[line_index]
        return [line[begin:end] for begin, end in pairwise((0, *self._wrap_offsets[line_index], len(line)))]
