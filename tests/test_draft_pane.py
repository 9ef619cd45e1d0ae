"""The rows of a line are those that Rich would make."""

import random

import pytest
from rich.console import Console
from rich.text import Text

from reviewer.tui.draft_pane import _Line

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
