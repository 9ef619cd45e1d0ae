"""The rows of a draft are those that the text area makes, after any edit, and are painted as it paints them."""

import random
from bisect import bisect_right
from pathlib import Path

import pytest
from rich.cells import get_character_cell_size
from rich.text import Text
from textual.document._document import Document
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.wrapping import RUN, Wrapped, parted
from tests.scripted import app

PIECES = (
    "字",
    "词" * 9,
    "。",
    "，",
    "a",
    "word ",
    "longest" * 4,
    " ",
    "  ",
    "　",
    "“",
    "é",
    "\u0301",
    "😀",
    "1",
    "\n",
    "",
)
ODD = ("\t", "👩\u200d👩", "❤\ufe0f", "\u200d", "\ufe0f")


def words(rng: random.Random, most: int, pieces: tuple[str, ...] = PIECES) -> str:
    """A text of up to so many pieces."""
    return "".join(rng.choice(pieces) for _ in range(rng.randint(0, most)))


def place(rng: random.Random, document: Document) -> tuple[int, int]:
    """Somewhere in a document."""
    row = rng.randrange(document.line_count)
    return row, rng.randint(0, len(document.get_line(row)))


@pytest.mark.parametrize("seed", range(60))
def test_rows_are_those_of_the_text_area_after_every_edit(seed: int) -> None:
    rng = random.Random(seed)
    pieces = PIECES + ODD * (seed % 3 == 0)
    document = Document(words(rng, 120, pieces))
    width = rng.choice((0, 1, 2, 3, 7, 10, 23))
    ours = Wrapped(document, width)
    for _ in range(15):
        start, end = place(rng, document), place(rng, document)
        if rng.random() < 0.7:
            end = start
        done = document.replace_range(start, end, words(rng, 3, pieces))
        ours.wrap_range(*sorted((start, end)), done.end_location)
        theirs = WrappedDocument(Document("\n".join(map(parted, document.lines))), width)
        assert ours._wrap_offsets == theirs._wrap_offsets
        assert ours._offset_to_line_info == theirs._offset_to_line_info
        assert ours._line_index_to_offsets == theirs._line_index_to_offsets
        assert ours._tab_width_cache == theirs._tab_width_cache
        assert ours.height == theirs.height
        row, column = place(rng, document)
        sections = ours.get_sections(row)
        assert "".join(sections) == document.get_line(row)
        assert list(map(len, sections)) == list(map(len, theirs.get_sections(row)))
        begin = max((at for at in theirs.get_offsets(row) if at <= column), default=0)
        section = sections[bisect_right(theirs.get_offsets(row), column)]
        alone = WrappedDocument(Document(parted(section)), 0).location_to_offset((0, column - begin))
        assert ours.location_to_offset((row, column)) == (alone.x, theirs.location_to_offset((row, column)).y)
        seen = Offset(rng.randint(0, 12), rng.randint(0, ours.height))
        if width:  # what has none is not seen, and the text area's own method answers
            assert ours.offset_to_location(seen) == theirs.offset_to_location(seen)


def test_characters_taken_together_are_as_wide_as_they_are_taken_for() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x20000))))
    for run in RUN.finditer(every):
        assert {get_character_cell_size(c) for c in run[0]} == {3 - (run.lastindex or 0)}


@pytest.mark.parametrize("seed", range(2))
async def test_rows_are_painted_as_the_text_area_paints_them(seed: int, home: Path) -> None:
    rng = random.Random(seed)
    screen = app(home)
    async with screen.run_test(size=(60, 24)) as pilot:
        pane = screen.query_one(DraftPane)
        for _ in range(4):
            pane.write(words(rng, 60, (*PIECES, "\t", "(", ")")) + "字")
            document = pane.document
            assert isinstance(document, Document)
            lines = [row for row in range(document.line_count) if document.get_line(row)]
            marks = [(row, 1, len(document.get_line(row)), "reverse") for row in rng.sample(lines, min(2, len(lines)))]
            pane._by_row = {row: [(begin, end, style)] for row, begin, end, style in marks}
            ends = [(row, rng.randint(0, len(document.get_line(row)))) for row in rng.choices(lines, k=2)]
            pane.selection = Selection(*ends) if rng.random() < 0.7 else Selection.cursor(ends[0])
            await pilot.pause()
            pane.get_line = lambda row, pane=pane: _marked(pane, row)  # type: ignore[method-assign]
            pane._line_cache.clear()
            selected = range(min(ends)[0], max(ends)[0] + 1)
            for y in range(pane.size.height):
                known = pane.wrapped_document.row(y + pane.scroll_offset.y)
                if known is None or document.get_line(known[0]) or known[0] not in selected:
                    mine, its = (cells(strip) for strip in (pane.render_line(y), TextArea.render_line(pane, y)))
                    assert mine == its, y


def _marked(pane: DraftPane, row: int) -> Text:
    """A line as the text area asks for it, with its marks."""
    line = Text(pane.document.get_line(row), end="", no_wrap=True)
    for begin, end, style in pane._by_row.get(row, ()):
        line.stylize(style, begin, end)
    return line


def cells(strip: object) -> list[tuple[str, object]]:
    """Every character with its style."""
    return [(character, segment.style) for segment in strip for character in segment.text]  # type: ignore[attr-defined]
