"""Recognition of pictures: lines from pieces, and what the table of recall is made of."""

import numpy as np
import pytest

from reviewer.readers import ocr
from tests.bench.ocr import HARMLESS, MARKS, WORDS, flagged

PIECES = (("机密★20年", 0, 0, 160), ("各科室：", 0, 60, 120), ("夜班安排", 150, 62, 500), ("值班长", 0, 120, 700))
READ = ["机密★20年", "各科室： 夜班安排", "值班长"]


def boxes(degrees: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """The corners of the pieces on a page turned clockwise, as the library orders them: from the upper left one."""
    made = []
    for _, left, top, width in PIECES:
        corners = np.array([(left, top), (left + width, top), (left + width, top + 32), (left, top + 32)], np.float64)
        turn = np.deg2rad(degrees)
        turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        made.append(np.roll(turned, -int(turned.sum(axis=1).argmin()), axis=0))
    return np.array(made)


@pytest.mark.parametrize("degrees", [0, 0.4, -5, 5, 15, -15, 30, -30, 60, 90])
def test_the_lines_of_a_turned_page_stay_apart_and_in_order(degrees: float) -> None:
    assert ocr.joined(boxes(degrees), [words for words, *_ in PIECES]) == READ


@pytest.mark.parametrize("degrees", [-90, 180])
def test_the_lines_of_a_page_whose_top_no_box_tells_stay_apart(degrees: float) -> None:
    read = ocr.joined(boxes(degrees), [words for words, *_ in PIECES])
    assert len(read) == len(READ)
    assert {"机密★20年", "值班长"} <= set(read)


def test_a_mark_whose_letters_stand_apart_is_one_line() -> None:
    """Pieces of one character are often a little higher than wide."""
    apart = [[(x, 60), (x + 46, 60), (x + 46, 112), (x, 112)] for x in (80, 200)]
    (line,) = ocr.joined(np.array(apart, np.float64), ["机", "密"])
    assert flagged(line)


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_of_the_table_is_one_where_it_is_read_right(mark: str) -> None:
    assert flagged(mark)


@pytest.mark.parametrize("line", [*HARMLESS, WORDS])
def test_no_other_line_of_the_table_is_a_mark(line: str) -> None:
    assert not flagged(line)
