"""What the screen says of what did not finish, still runs, or is not there: never a blank, never a better word."""

import asyncio
import errno
import re
import threading
import time
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, OptionList, RadioButton, Select

from reviewer.compare import Why
from reviewer.draft import Draft, Folded
from reviewer.engine import wanted
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import Finding, Stage
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.feedback import FeedbackScreen
from reviewer.tui.suggestions import State
from reviewer.tui.words import words as all_words
from reviewer.verdict import Decision, StageResult
from tests.scripted import Clock, app, closed, engine, notified, reported, reviewed, settled, words

SOURCES = Path(__file__).parents[1] / "reviewer/tui"


def breaking(screen: ReviewerApp, good: int, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Have the screen's judge read some drafts and then fail in an unforeseen way, until the event is set."""
    mended, judge, read = threading.Event(), engine(screen).judge, count()

    def judged(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        if next(read) >= good and not mended.is_set():
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        return judge(draft, folded, earlier)

    engine(screen).go.set()
    monkeypatch.setattr(engine(screen), "judge", judged)
    return mended


async def test_channels_say_which_were_not_checked_and_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = app(home)
    mended = breaking(screen, 2, monkeypatch)
    async with screen.run_test(size=(100, 40)) as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.press("f6")
        await notified(pilot, screen, "检查中途出错")
        await pilot.pause(0.1)
        rows = [str(o.prompt) for o in screen.screen.query_one("#channels", OptionList).options]
        assert ["没有完成：检查中途出错" in row for row in rows] == [False, False, True, True, True, True]
        assert not any("等待" in row for row in rows)
        mended.set()
        await pilot.press("f5")
        await settled(pilot, screen, "不同渠道")
        rows = [str(o.prompt) for o in screen.screen.query_one("#channels", OptionList).options]
        assert all("须送审" in row for row in rows)


async def test_the_main_screen_says_why_a_check_did_not_finish_until_the_next_edit(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home)
    breaking(screen, 0, monkeypatch)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.press("f5")
        await settled(pilot, screen, "没有完成：检查中途出错")
        screen.query_one(DraftPane).insert("，")
        await settled(pilot, screen, "尚未检查")


async def test_a_check_of_changes_that_failed_can_be_made_again_where_it_failed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        await reviewed(pilot, screen, "大家好。学区方案拟上会。周末愉快。", "须送审")
        await pilot.press("f3")
        await settled(pilot, screen, "第 1 轮")
        mended = breaking(screen, 0, monkeypatch)
        await pilot.press("a")
        await settled(pilot, screen, "没有检查完：检查中途出错")
        mended.set()
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")


async def test_an_answer_that_was_not_checked_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = app(home)
    breaking(screen, 1, monkeypatch)
    async with screen.run_test(size=(110, 32)) as pilot:
        await pilot.press("f7")
        await pilot.pause(0.1)
        screen.screen.query_one("#answer", DraftPane).text = "学区方案"
        await pilot.press("f5")
        await settled(pilot, screen, "没有完成：检查中途出错")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("StoreLocked", "索引：锁着"), ("ModelError", "索引：等引擎")],
)
async def test_an_index_that_does_not_open_is_not_called_on(
    home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, said: str
) -> None:
    screen = app(home)
    screen.station.config = screen.station.config.model_copy(update={"store": home / "store.db"})

    def start() -> Mapping[str, object]:
        engine(screen).running = False
        raise EngineError("没有给出索引的密钥 / no key for the index was given", "", kind)

    opened = engine(screen).start
    monkeypatch.setattr(engine(screen), "start", start)
    async with screen.run_test(size=(150, 30)) as pilot:
        await settled(pilot, screen, "引擎：不可用，只有规则可用", "#status")
        await settled(pilot, screen, said, "#status")
        assert "已启用" not in words(screen, "#status")
        monkeypatch.setattr(engine(screen), "start", opened)
        engine(screen).running = True
        screen.engine.look_after()
        await settled(pilot, screen, "索引：已启用", "#status")


async def test_an_index_found_unfit_by_a_running_engine_leaves_the_judge_its_word(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home)
    screen.station.config = screen.station.config.model_copy(update={"store": home / "store.db"})
    asked = engine(screen).request

    def request(op: str, payload: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        if op == "prepare":
            raise EngineError("store.db 已损坏，不能使用 / store.db is damaged and cannot be used", "", "StoreError")
        return asked(op, payload, timeout_s)

    monkeypatch.setattr(engine(screen), "request", request)
    async with screen.run_test(size=(150, 30)) as pilot:
        await settled(pilot, screen, "索引：打不开", "#status")
        assert "引擎：就绪" in words(screen, "#status")


async def test_the_wait_for_a_preview_and_for_keeping_say_what_runs_and_how_long(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, go = Clock(), threading.Event()
    screen = app(home, clock=clock)
    asked, refresh = engine(screen).request, engine(screen).refresh

    def request(op: str, payload: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        assert op != "teach" or go.wait(60)
        return asked(op, payload, timeout_s)

    def refreshed() -> None:
        assert go.wait(60)
        refresh()

    monkeypatch.setattr(engine(screen), "request", request)
    monkeypatch.setattr(engine(screen), "refresh", refreshed)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区图已在官网公布，大家自己看", "须送审")
        await reported(pilot, screen, "学区图已经由教育局在官网公布")
        for says in ("模型正在读", "正在写入先例"):
            go.clear()
            await pilot.press("enter")
            await settled(pilot, screen, f"{says}", "#effect")
            assert "0 秒" in words(screen, "#effect")
            clock.now += 7
            await settled(pilot, screen, "7 秒", "#effect")
            if says == "正在写入先例":
                await pilot.press("f1")
                await pilot.pause(0.1)
            go.set()
            if says == "模型正在读":
                await settled(pilot, screen, "再按 Enter", "#effect")
        await notified(pilot, screen, "已写入本站先例")
        assert not isinstance(screen.screen, FeedbackScreen)
        await pilot.press("escape")
        await closed(pilot, screen)


async def test_leaving_the_preview_stops_what_the_model_reads_for_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home)
    asked, left = engine(screen).request, threading.Event()

    def request(op: str, payload: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        while op == "teach":
            if not wanted():
                left.set()
                raise Cancelled
            time.sleep(0.01)
        return asked(op, payload, timeout_s)

    monkeypatch.setattr(engine(screen), "request", request)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区图已在官网公布，大家自己看", "须送审")
        await reported(pilot, screen, "学区图已经由教育局在官网公布")
        await pilot.press("enter")
        await settled(pilot, screen, "模型正在读", "#effect")
        await pilot.press("escape")
        await closed(pilot, screen)
        assert await asyncio.to_thread(left.wait, 60)


async def test_an_engine_that_cannot_be_started_ends_the_wait_for_a_preview(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区图已在官网公布，大家自己看", "须送审")
        await pilot.press("f9")
        await pilot.pause(0.1)

        def request(*_: object) -> dict[str, Any]:
            raise OSError(errno.ENOMEM, "Cannot allocate memory")

        monkeypatch.setattr(engine(screen), "request", request)
        screen.screen.query_one("#reason", Input).value = "学区图已经由教育局在官网公布"
        await pilot.press("enter")
        await settled(pilot, screen, "看不到会改变什么：内存不足", "#effect")


async def test_a_station_without_clauses_of_the_judge_can_still_report_a_false_alarm(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "晚上吃面，记得买两斤面条", "可发送")
        regulations = screen.station.regulations
        packs = [
            p.model_copy(update={"clause": [c.model_copy(update={"label": None}) for c in p.clause]})
            for p in regulations.packs
        ]
        vars(screen.station)["regulations"] = regulations.model_copy(update={"packs": tuple(packs)})
        vars(screen.station)["regulations"].__dict__.pop("by_label", None)
        await pilot.press("f9")
        await pilot.pause(0.1)
        assert isinstance(screen.screen, FeedbackScreen)
        assert not screen.screen.query(Select)
        assert screen.screen.query_one("#false-alarm", RadioButton).value
        assert screen.screen.query_one("#missed", RadioButton).disabled


def test_no_word_is_left_over() -> None:
    """A word that nothing says any more would still be translated."""
    told = "\n".join(f.read_text("utf-8") for f in SOURCES.rglob("*.py"))
    said = set(re.findall(r"[\"']([a-z_0-9-]+)[\"']", told))
    parts = ("override_", "sev_", "group_", "way_", "model_", "tour_", "auto_", "next_", "short_", "theme_")
    values = {value.value for kind in (Decision, Stage, State, Why) for value in kind}
    left = [
        w for w in all_words() if not w.startswith(parts) and not w.endswith(("_box", "_place")) and w not in values
    ]
    assert not [w for w in left if w not in said and not {w.removesuffix("_help"), w.replace("_help", "_key")} & said]
