"""The rows of a line are those that Rich would make, and marks stand where their words do."""

import random
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from reviewer.tui.draft_pane import DraftPane, _Line
from tests.scripted import app

CONSOLE = Console()


@pytest.mark.parametrize("seed", range(20))
def test_rows_are_cut_as_rich_cuts_them(seed: int) -> None:
    rng = random.Random(seed)
    words = "".join(rng.choice("字abc，1 ") for _ in range(rng.randint(0, 60)))
    ours, richs = _Line(Text(words), {}), Text(words, end="", no_wrap=True)
    for _ in range(rng.randint(0, 4)):
        style, start = rng.choice(["bold", "red", "reverse"]), rng.randint(0, len(words))
        for line in (ours, richs):
            line.stylize(style, start, start + 7)
    for line in (ours, richs):
        line.set_length(len(words) + 1)
    offsets = sorted(rng.sample(range(1, len(words) + 2), min(3, len(words))))
    rows = richs.divide(offsets)
    for place, row in enumerate(rows):
        mine = ours.divide(offsets)[place]
        assert mine.plain == row.plain
        assert [mine.get_style_at_offset(CONSOLE, i) for i in range(len(row))] == [
            row.get_style_at_offset(CONSOLE, i) for i in range(len(row))
        ]


async def test_the_same_marks_move_with_the_lines_of_another_text(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        pane = DraftPane("", "", "other")
        await screen.mount(pane)
        styled = []
        for text in ("ab\ncd", "abcde", "ab\ncd"):
            pane.write(text)
            pane.show([(3, 5, "reverse")])
            await pilot.pause()
            styled.append([[(s.start, s.end) for s in pane.get_line(row).spans] for row in range(text.count("\n") + 1)])
        assert styled == [[[], [(0, 2)]], [[(3, 5)]], [[], [(0, 2)]]]
