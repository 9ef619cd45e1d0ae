"""Texts that are read, broken into lines as Chinese is written.

The library breaks at spaces only, so that a Chinese sentence is one word which it moves whole to the next line.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text
from textual.content import Content
from textual.css.styles import RulesMap
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions
from textual.widgets import Static

WIDE = "\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
"""Characters between which a line may break."""

OPENING, CLOSING = "（《〈【〔“‘", "，。、；：！？）》〉】〕”’…"
"""Punctuation that does not end a line, and that does not begin one."""

HANG = "\t"
"""Stands where the later rows of its line begin, too; shown as a space."""

KEY = "[!-~←]{1,10}\u00a0[^ \u3000]{1,24}"
PIECE = re.compile(f"(?:{KEY}|[{OPENING}]*(?:[{WIDE}]|[^ \u3000{WIDE}{OPENING}]+)?[{CLOSING}]*)[ \u3000]*")
"""What stays together: a key and its name, or a Chinese character or a word with its punctuation; the space after."""


def breaks(line: str, width: int) -> Iterator[int]:
    """Where the rows of a line after its first begin; a word that is wider than a row is cut where the row is full."""
    used = at = 0
    while at < len(line):
        found = PIECE.match(line, at)
        end = found.end() if found and found.end() > at else at + 1
        cells = cell_len(line[at:end].rstrip())
        if used and used + cells > width:
            yield at
            used = 0
        if cells > width:
            for place in range(at, end):
                size = get_character_cell_size(line[place])
                if used + size > width:
                    yield place
                    used = 0
                used += size
        else:
            used += cell_len(line[at:end])
        at = end


def _rows(line: Content, width: int) -> list[Content]:
    """A line in rows; those after its first begin below its `HANG`, where that leaves half of the width."""
    head, hang, rest = line.plain.partition(HANG)
    column = cell_len(head) + 1
    words = Content(line.plain.replace(HANG, " "), list(line.spans))
    if not hang or column > width // 2:
        cuts = [0, *breaks(words.plain, width), len(words)]
        rows = [words[a:b].rstrip() for a, b in pairwise(cuts)] if words else [line]
    else:
        cuts = [len(head) + 1 + at for at in (*breaks(rest, width - column), len(rest))]
        rows = [words[: cuts[0]].rstrip()]
        rows += [Content(" " * column) + words[a:b].rstrip() for a, b in pairwise(cuts)]
    return rows


class Broken(Content):
    """A text whose lines are broken before the library would."""

    def __init__(self, text: Content) -> None:
        super().__init__(text.plain, list(text.spans))
        self._width = 0
        self._rows = text
        """The text with line ends where rows of that width end."""

    @property
    def rows(self) -> str:
        """The text as it was broken last."""
        return self._rows.plain

    def _at(self, width: int) -> Content:
        if width != self._width:
            rows: list[Content] = []
            for line in self.split(allow_blank=True):
                rows += _rows(line, width)
            self._width, self._rows = width, Content("\n").join(rows)
        return self._rows

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Rows at a width in cells."""
        return self._at(width).get_height(rules, width)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The rows."""
        return self._at(width).render_strips(width, height, style, options) if width else []


class Prose(Static):
    """A text to read; what it holds is shown as it is, without markup."""

    def __init__(self, text: str | Text = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        self._made: tuple[Content, Broken] | None = None
        super().__init__(text, id=id, classes=classes, markup=False)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is selected, by the rows that are seen."""
        return selection.extract(self.visual.rows), "\n"

    @property
    def visual(self) -> Broken:
        """The text with its own breaks."""
        text = super().visual
        assert isinstance(text, Content)  # noqa: S101 (made of a string or a text)
        if self._made is None or self._made[0] is not text:
            self._made = text, Broken(text)
        return self._made[1]
