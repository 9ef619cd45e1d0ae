"""AI answers beside their prompts: what is said of each point, what is counted, what may be copied."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import OptionList, TextArea

from reviewer.tui.answer_screen import AnswerScreen
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from tests.scripted import app, closed, engine, notified, settled, words

ANSWER = "依据栎政办〔2025〕33号、栎政办〔2024〕5号和《栎城区用电管理条例》第三条。学区方案同步推进。"


@asynccontextmanager
async def compared(screen: ReviewerApp, prompt: str, answer: str) -> AsyncIterator[tuple[Pilot[int], AnswerScreen]]:
    """The screen with both texts in it, checked."""
    async with screen.run_test(size=(120, 40)) as pilot:
        engine(screen).go.set()
        await pilot.press("f7")
        await pilot.pause(0.1)
        over = screen.screen
        assert isinstance(over, AnswerScreen)
        over.query_one("#prompt", DraftPane).text = prompt
        over.query_one("#answer", DraftPane).text = answer
        await pilot.press("f5")
        await settled(pilot, screen, "来自提问")
        yield pilot, over


async def test_each_point_has_its_clause_reason_and_advice_and_is_counted(home: Path) -> None:
    screen = app(home)
    async with compared(screen, "请写通知", ANSWER) as (pilot, over):
        assert [p.finding is None for p in over.points] == [False, True, True, True]
        assert "新出现的敏感内容 1" in words(screen, "#decision")
        assert "存疑的引用 1　查不到的文号 2" in words(screen, "#decision")
        said = words(screen, "#detail")
        assert all(part in said for part in ("wx-5", "理由　未定事项", "建议　等公布", "出处", "很有把握（90%）"))
        await pilot.press("f2")
        assert "请核实" in words(screen, "#detail")
        assert "建议　对照原件核实" in words(screen, "#detail")
        await pilot.press("shift+f2")
        assert "wx-5" in words(screen, "#detail")
        await pilot.press("shift+f2")
        assert over.query_one("#points", OptionList).highlighted == 3
        await pilot.press("ctrl+y")
        await notified(pilot, screen, "只有通过的")
        assert screen.clipboard == ""


async def test_only_an_answer_that_passed_as_it_stands_is_copied(home: Path) -> None:
    screen = app(home)
    async with compared(screen, "学区方案还没上会", "周末一起吃饭") as (pilot, over):
        assert [r.decision.value for r in over.reviews] == ["review", "pass"]
        await pilot.press("ctrl+y")
        assert screen.clipboard == "周末一起吃饭"
        screen._clipboard = ""
        pane = over.query_one("#answer", DraftPane)
        with pane.prevent(TextArea.Changed):
            pane.insert("，学区方案")
        assert over.comparison is not None
        await pilot.press("ctrl+y")
        await notified(pilot, screen, "只有通过的")
        assert screen.clipboard == ""


async def test_the_main_screens_check_goes_on_beside_another_screen(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.press("f5")
        await settled(pilot, screen, "模型判读")
        await pilot.press("f7")
        await pilot.pause(0.1)
        assert "模型判读" not in words(screen, "#decision")
        screen.screen.query_one("#answer", DraftPane).insert("周末")
        await pilot.pause(0.1)
        assert screen.checks.running_for(screen.main)
        await pilot.press("escape")
        await closed(pilot, screen)
        assert screen.checks.running_for(screen.main)
        engine(screen).go.set()
        await settled(pilot, screen, "须送审")


async def test_a_check_that_another_screen_overtook_says_so(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.press("f5")
        await settled(pilot, screen, "模型判读")
        await pilot.press("f6")
        await settled(pilot, screen, "1/6")
        await pilot.press("escape")
        await closed(pilot, screen)
        await settled(pilot, screen, "没有完成：另一个画面开始了检查")
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")
