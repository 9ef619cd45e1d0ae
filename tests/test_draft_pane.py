"""Marks stand where their words do."""

from pathlib import Path

from reviewer.tui.draft_pane import DraftPane
from tests.scripted import app


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
            rows = [pane.render_line(y) for y in range(text.count("\n") + 1)]
            styled.append(["".join(s.text for s in row if s.style and s.style.reverse) for row in rows])
        assert styled == [["", "cd"], ["de"], ["", "cd"]]
