"""AI answers beside their prompts: what is said of each point, what is counted, what may be copied."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import OptionList, TextArea

from reviewer.compare import Cited, Comparison, Why
from reviewer.draft import Draft, Lang
from reviewer.tui.answer_points import points
from reviewer.tui.answer_screen import AnswerScreen
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from tests.reports import review
from tests.scripted import answering, app, closed, engine, notified, settled, words

ANSWER = "依据栎政办〔2025〕33号、栎政办〔2024〕5号和《栎城区用电管理条例》第三条。学区方案同步推进。"


@asynccontextmanager
async def compared(screen: ReviewerApp, prompt: str, answer: str) -> AsyncIterator[tuple[Pilot[int], AnswerScreen]]:
    """The screen with both texts in it, checked."""
    async with screen.run_test(size=(120, 40)) as pilot:
        engine(screen).go.set()
        over = await answering(pilot, screen)
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
        assert "待核实的引用 1　查不到的文号 2" in words(screen, "#decision")
        said = words(screen, "#detail")
        assert all(part in said for part in ("wx-5", "理由　未定事项", "建议　等公布", "出处", "很有把握（90%）"))
        await pilot.press("f2")
        assert "随装的规定里（密件索引没有比对）也查不到，请核实" in words(screen, "#detail")
        assert "建议　对照原件核实" in words(screen, "#detail")
        await pilot.press("shift+f2")
        assert "wx-5" in words(screen, "#detail")
        await pilot.press("shift+f2")
        assert over.query_one("#points", OptionList).highlighted == 3
        await pilot.press("ctrl+y")
        await notified(pilot, screen, "只有通过的")
        assert screen.clipboard == ""


@pytest.mark.parametrize("lang", list(Lang))
async def test_what_is_said_of_every_kind_of_citation_can_be_read_in_a_small_terminal(home: Path, lang: Lang) -> None:
    screen = app(home, lang)
    async with screen.run_test(size=(80, 24)) as pilot:
        over = await answering(pilot, screen)
        answer = Draft(text="甲乙")
        over.drafts, over.reviews = [answer, answer], [review(answer, ())] * 2
        cited = [Cited(span=(0, 1), quote="甲", cited="甲", why=why, doc="17") for why in Why]
        over.comparison = Comparison(
            taken=(), share=0.5, new=(), carried=(), doubts=tuple(cited[:-2]), known=tuple(cited[-2:])
        )
        over.points = points(over.reviews[0], over.comparison, str, lang)
        assert [p.says != "" for p in over.points] == [True] * len(Why)
        assert "17" in over.points[-2].says
        assert [p.advice != "" for p in over.points] == [True] * (len(Why) - 2) + [False] * 2
        over.repaint()
        for place, point in enumerate(over.points):
            over.query_one("#points", OptionList).highlighted = place
            await pilot.pause(0.05)
            assert point.says in words(screen, "#detail")
            row = str(over.query_one("#points", OptionList).get_option_at_index(place).prompt)
            assert cell_len(row) <= over.query_one("#points").content_region.width, row
        assert over.query_one("#details").content_region.height >= 3
        assert all(over.query_one(name).region.bottom <= 24 for name in ("#points", "#details", "#keys"))


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
