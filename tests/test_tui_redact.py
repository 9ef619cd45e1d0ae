"""The redaction loop, driven by keys: accept, edit, skip, all, undo, what is held, what may be copied."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from reviewer.tui.app import ReviewerApp
from reviewer.tui.redact_screen import RedactScreen
from reviewer.verdict import Decision
from tests.scripted import app, engine, reviewed, settled, words

DRAFT = "大家好。学区方案拟把滨河路划给三小，9月12日上会。周末愉快。"


async def opened(pilot: Pilot[int], screen: ReviewerApp, text: str) -> RedactScreen:
    """Check a draft and open the loop."""
    await reviewed(pilot, screen, text, "%")
    await pilot.press("f3")
    await pilot.pause(0.1)
    over = screen.screen
    assert isinstance(over, RedactScreen)
    return over


async def test_accepting_everything_until_it_passes_and_taking_it_back(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        assert "近日上会" in words(screen, "#diff")
        assert "9月12日上会" in words(screen, "#diff")
        await pilot.press("a")
        await settled(pilot, screen, "第 2 轮")
        assert "滨河路" not in over.draft.text
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""
        await pilot.press("a")
        await settled(pilot, screen, "可发送")
        assert "93% → 4%" in words(screen, "#decision")
        assert over.draft.text == "大家好。（有关情况以正式公布为准）。周末愉快。"
        await pilot.press("d")
        assert "9月12日" in words(screen, "#diff")
        await pilot.press("ctrl+y")
        assert screen.clipboard == over.draft.text
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert screen.main.text == over.draft.text
        assert screen.main.review is not None
        assert screen.main.review.decision is Decision.PASS


async def test_own_words_skipping_and_undo(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        await pilot.press("s")
        assert over.draft.text == DRAFT
        assert over.past == []
        await pilot.press("e")
        screen.screen.query_one("#own", Input).value = "有件事等公布"
        await pilot.press("enter")
        await settled(pilot, screen, "可发送")
        assert over.draft.text == "大家好。有件事等公布。周末愉快。"
        await pilot.press("u")
        await pilot.pause(0.1)
        assert over.draft.text == DRAFT
        assert "须送审" in words(screen, "#decision")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert screen.main.text == DRAFT


async def test_a_marked_draft_gets_advice_and_no_changes(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, f"机密★20年\n{DRAFT}")
        assert over.choices == []
        assert "不能靠修改发送" in words(screen, "#note")
        await pilot.press("a", "enter", "ctrl+y")
        assert screen.clipboard == ""
        assert over.draft.text == f"机密★20年\n{DRAFT}"


async def test_a_draft_that_is_only_the_leak_says_so(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(80, 24)) as pilot:
        over = await opened(pilot, screen, "学区")
        engine(screen).words = {"有关情况": "wx-5"}
        await pilot.press("enter")
        await settled(pilot, screen, "第 2 轮")
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert over.draft.text == ""
        assert "没有留下内容" in words(screen, "#note")
        await pilot.press("u")
        await pilot.pause(0.1)
        assert over.draft.text


async def test_leaving_while_it_checks_brings_the_changes_without_a_decision(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        engine(screen).go.clear()
        await pilot.press("a")
        await settled(pilot, screen, "正在重新检查")
        await settled(pilot, screen, "模型判读")
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""
        await pilot.press("escape")
        await pilot.pause(0.2)
        assert screen.main.text == over.draft.text != DRAFT
        assert screen.main.review is None
