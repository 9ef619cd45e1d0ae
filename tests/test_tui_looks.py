"""What the screen looks like: one picture for every state, in `__snapshots__`; each was looked at before it was kept.

After a change that is meant: `pytest tests/test_tui_looks.py --snapshot-update`, and look at the pictures again.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from reviewer.draft import Lang
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from tests.scripted import Clock, app, engine, settled

Compare = Callable[..., bool]
WIDE, NARROW = (120, 36), (80, 24)

LEAK = (
    "各位家长：\n学区方案局长办公会还没上，滨江路以东拟划给三小，9月12日前别往外传。\n"
    "名单见附件，联系人谌老师，电话13912345678。\n周五下午家长会照常，请带好水杯。"
)
MARKED = f"机密★20年\n栎管密〔2025〕7号\n{LEAK}"
HARMLESS = "周末大扫除，记得把窗户也擦一下，晚饭我来做，想吃红烧鱼还是糖醋排骨？"


async def still(pilot: Pilot[int], screen: ReviewerApp) -> None:
    """Stop every cursor, and wait until nothing on the screen has changed for half a second."""
    seen, same = "", 0
    for _ in range(100):
        for lying in screen.screen_stack:
            for field in (*lying.query(DraftPane), *lying.query(Input)):
                if field.cursor_blink:
                    field.cursor_blink = False
                    field.notify_style_update()  # TextArea keeps the line that it drew with the cursor away
                    field.refresh()
        await pilot.pause(0.1)
        now = screen.export_screenshot()
        seen, same = now, same + 1 if now == seen else 0
        if same == 5:
            return
    raise AssertionError("the screen never came to rest")


def picture(
    screen: ReviewerApp, text: str, *, keys: tuple[str, ...] = ("f5",), until: str = "", go: bool = True
) -> Callable[[Pilot[int]], Awaitable[None]]:
    """Put a draft on the screen, press keys, and wait for words in the decision bar."""

    async def run(pilot: Pilot[int]) -> None:
        await settled(pilot, screen, "引擎" if engine(screen).broken else "模型：就绪", "#status")
        if go:
            engine(screen).go.set()
        screen.query_one(DraftPane).write(text)
        await pilot.pause(0.1)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.1)
        if until:
            await settled(pilot, screen, until)
        assert isinstance(screen.clock, Clock)
        screen.clock.now = 7.0
        await still(pilot, screen)

    return run


STATES: dict[str, dict[str, Any]] = {
    "empty": {"text": "", "keys": ()},
    "running": {"text": MARKED, "go": False, "until": "模型判读"},
    "pass": {"text": HARMLESS, "until": "可发送"},
    "review": {"text": LEAK, "until": "须送审"},
    "block": {"text": MARKED, "until": "禁止发送"},
}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("state", list(STATES))
def test_states(home: Path, snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    screen = app(home, clock=Clock())
    assert snap_compare(screen, terminal_size=size, run_before=picture(screen, **STATES[state]))


def test_unfinished(home: Path, snap_compare: Compare) -> None:
    screen = app(home, broken=True, clock=Clock())
    screen.notify = lambda *args, **kwargs: None  # type: ignore[method-assign]
    assert snap_compare(screen, terminal_size=WIDE, run_before=picture(screen, HARMLESS, until="未检查"))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_redaction(home: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    screen = app(home, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        await picture(screen, LEAK, until="须送审")(pilot)
        await pilot.press("f3")
        await settled(pilot, screen, "第 1 轮")
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=size, run_before=run)


def test_redaction_searching(home: Path, snap_compare: Compare) -> None:
    screen = app(home, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        await picture(screen, LEAK, until="须送审")(pilot)
        engine(screen).go.clear()
        await pilot.press("f3")
        await settled(pilot, screen, "第 1 次试读")
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=NARROW, run_before=run)


def test_redaction_held(home: Path, snap_compare: Compare) -> None:
    screen = app(home, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        await picture(screen, MARKED, until="禁止发送")(pilot)
        await pilot.press("f3")
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=WIDE, run_before=run)


@pytest.mark.parametrize("state", ["review", "empty"])
def test_english(home: Path, snap_compare: Compare, state: str) -> None:
    screen = app(home, Lang.EN, clock=Clock())
    asked = {**STATES[state], "until": "REVIEW" if state == "review" else ""}

    async def run(pilot: Pilot[int]) -> None:
        await pilot.pause(0.2)
        engine(screen).go.set()
        screen.query_one(DraftPane).write(asked["text"])
        if asked["until"]:
            await pilot.press("f5")
            await settled(pilot, screen, asked["until"])
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=WIDE, run_before=run)


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_colours(home: Path, snap_compare: Compare, theme: str) -> None:
    screen = app(home, clock=Clock())
    screen.theme = theme
    assert snap_compare(screen, terminal_size=WIDE, run_before=picture(screen, MARKED, until="禁止发送"))


@pytest.mark.parametrize("key", ["f1", "f6", "f9", "f10"])
def test_what_lies_over_the_screen(home: Path, snap_compare: Compare, key: str) -> None:
    screen = app(home, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        await picture(screen, LEAK, until="须送审")(pilot)
        await pilot.press(key)
        if key == "f6":
            await settled(pilot, screen, "不同渠道")
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=WIDE, run_before=run)


def test_ai_answer(home: Path, snap_compare: Compare) -> None:
    screen = app(home, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        engine(screen).go.set()
        await pilot.press("f7")
        await pilot.pause(0.2)
        prompt, answer = screen.screen.query(DraftPane)
        prompt.write("请写通知：柳湾镇夏季错峰用电名单共十七家企业，九月起执行。")
        answer.write(
            "关于错峰用电的通知\n柳湾镇夏季错峰用电名单共十七家企业，九月起执行。\n"
            "依据栎政办〔2025〕33号和《栎城区用电管理条例》第三条。\n学区方案同步推进。"
        )
        await pilot.pause(0.2)
        await pilot.press("f5")
        await settled(pilot, screen, "来自提问")
        await pilot.press("f2")
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=WIDE, run_before=run)


def test_tour(home: Path, snap_compare: Compare) -> None:
    screen = app(home, tour=True, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=NARROW, run_before=run)
