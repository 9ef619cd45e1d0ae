"""A decision that no longer holds is not shown and no reason to copy: what was marked, learnt, broken off since."""

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import OptionList

from reviewer.errors import ReviewerError
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.redact_screen import RedactScreen
from reviewer.verdict import Decision
from tests.scripted import answering, app, closed, engine, notified, reported, reviewed, settled, words

BODY = "地下管廊三号舱自九月起改由夜班巡检，每班六人，进舱前在东井口登记"
MARKED = f"机密★20年\n{BODY}"
PLAIN = "晚上吃面，记得买两斤面条回来"


async def missed(pilot: Pilot[int], screen: ReviewerApp) -> None:
    """A draft passes, and it is reported as missed; Enter is left to press."""
    await reviewed(pilot, screen, "水厂那边查出东西了，明早才通知", "可发送")
    await reported(pilot, screen, "抢在发布之前说出水质事件")
    await pilot.press("enter")
    await settled(pilot, screen, "再按 Enter", "#effect")


async def test_what_passed_before_its_words_were_marked_is_brought_back_as_to_be_reviewed(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(100, 30)) as pilot:
        await reviewed(pilot, screen, BODY, "可发送")
        await reviewed(pilot, screen, MARKED, "禁止发送")
        await pilot.press("f8", "down")
        await pilot.pause(0.1)
        rows = [str(o.prompt) for o in screen.screen.query_one("#entries", OptionList).options]
        assert "须送审" in rows[1]
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert screen.main.text == BODY
        assert "须送审" in words(screen, "#decision")
        await pilot.press("ctrl+y")
        await notified(pilot, screen, "只有通过的草稿")


async def test_what_is_marked_beside_an_answer_counts_for_the_draft_behind(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, BODY, "可发送")
        over = await answering(pilot, screen)
        over.query_one("#prompt", DraftPane).text = MARKED
        over.query_one("#answer", DraftPane).text = PLAIN
        await pilot.press("f5")
        await settled(pilot, screen, "来自提问")
        await pilot.press("escape")
        await settled(pilot, screen, "须送审")
        assert screen.main.reviewed is not None
        assert [f.rule for f in screen.main.reviewed.findings] == ["origin.marked"]


async def test_a_check_that_breaks_off_leaves_no_earlier_pass_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ReviewerError("磁盘已满 / the disk is full")

    screen = app(home)
    async with screen.run_test(size=(100, 30)) as pilot:
        await reviewed(pilot, screen, PLAIN, "可发送")
        await pilot.press("f3")
        await settled(pilot, screen, "可发送")
        monkeypatch.setattr(screen.ledger, "finish", broken)
        await pilot.press("f5")
        await settled(pilot, screen, "磁盘已满")
        over = screen.screen
        assert isinstance(over, RedactScreen)
        await pilot.press("ctrl+y")
        await notified(pilot, screen, "只有通过的草稿")
        await pilot.press("escape")
        await settled(pilot, screen, "尚未检查")
        assert screen.main.reviewed is None


async def test_what_was_learnt_takes_the_decision_back(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await missed(pilot, screen)
        engine(screen).words["水厂"] = "wx-8"
        await pilot.press("enter")
        await closed(pilot, screen)
        assert screen.main.reviewed is None
        await pilot.press("ctrl+y")
        await notified(pilot, screen, "只有通过的草稿")
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")


async def test_what_was_learnt_is_judged_by_at_once_where_checks_start_by_themselves(home: Path) -> None:
    screen = app(home, auto=True)
    async with screen.run_test(size=(110, 36)) as pilot:
        await missed(pilot, screen)
        engine(screen).words["水厂"] = "wx-8"
        await pilot.press("enter")
        await closed(pilot, screen)
        await settled(pilot, screen, "须送审")


async def test_an_unreadable_pack_beside_an_answer_is_said_and_decides_nothing(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, PLAIN, "可发送")
        packs = screen.station.config.packs[-1]
        packs.mkdir(parents=True, exist_ok=True)
        (packs / "ours.toml").write_text("no pack", "utf-8")
        over = await answering(pilot, screen)
        over.query_one("#answer", DraftPane).text = PLAIN
        await pilot.press("f5")
        await notified(pilot, screen, "ours.toml")
        assert over.comparison is None
        await pilot.press("ctrl+y")
        await notified(pilot, screen, "只有通过的草稿")


async def test_the_last_rows_of_the_history_can_be_seen_on_a_small_screen(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, screen, PLAIN, "可发送")
        screen.session.entries[:] = screen.session.entries * 30
        await pilot.press("f8", "end")
        await pilot.pause(0.1)
        rows = screen.screen.query_one("#entries", OptionList)
        dialog = screen.screen.query_one("#dialog")
        assert rows.highlighted == 29
        assert rows.region.bottom <= dialog.region.bottom - 1


async def test_what_is_pasted_beside_the_boxes_goes_to_the_last_one(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        engine(screen).go.set()
        over = await answering(pilot, screen)
        answer = over.query_one("#answer", DraftPane)
        answer.text = "学区方案还没上会。"
        answer.focus()
        await pilot.press("f5")
        await settled(pilot, screen, "来自提问")
        await pilot.press("f2")
        assert not answer.has_focus
        over.post_message(events.Paste(PLAIN))
        await pilot.pause(0.1)
        assert PLAIN in answer.text
        assert over.comparison is None
        over.query_one("#points").focus()
        await pilot.press("好")
        assert "好" in answer.text


async def test_a_channel_that_was_not_checked_yet_keeps_the_decision_there_is(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(100, 40)) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会", "须送审")
        engine(screen).go.clear()
        await pilot.press("f6")
        await settled(pilot, screen, "1/6")
        await pilot.press("enter")
        await closed(pilot, screen)
        assert screen.main.reviewed is not None
        assert screen.main.reviewed.decision is Decision.REVIEW


async def test_what_was_learnt_takes_back_what_the_session_and_the_answer_keep(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        engine(screen).go.set()
        over = await answering(pilot, screen)
        over.query_one("#answer", DraftPane).text = PLAIN
        await pilot.press("f5")
        await settled(pilot, screen, "来自提问")
        await pilot.press("escape")
        await missed(pilot, screen)
        await pilot.press("enter")
        await closed(pilot, screen)
        await pilot.press("f8", "enter")
        await closed(pilot, screen)
        assert screen.main.text.startswith("水厂")
        assert screen.main.reviewed is None
        assert await answering(pilot, screen) is over
        assert over.comparison is None
        assert over.query_one("#answer", DraftPane).text == PLAIN
