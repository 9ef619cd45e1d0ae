"""What the screen looks like: one picture for every state, language and size, in `__snapshots__`; each was looked at.

After a change that is meant: `pytest tests/test_tui_looks.py --snapshot-update`, and look at the pictures again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from reviewer.draft import Lang
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from tests.scripted import Clock, app, engine, settled

Compare = Callable[..., bool]

LEAK = (
    "各位家长：\n学区方案局长办公会还没上，滨江路以东拟划给三小，9月12日前别往外传。\n"
    "名单见附件，联系人谌老师，电话13912345678。\n周五下午家长会照常，请带好水杯。"
)
MARKED = f"机密★20年\n栎管密〔2025〕7号\n{LEAK}"
HARMLESS = "周末大扫除，记得把窗户也擦一下，晚饭我来做，想吃红烧鱼还是糖醋排骨？"


@dataclass(frozen=True, slots=True)
class State:
    """How a screen comes to be in a state."""

    draft: str = ""
    keys: tuple[tuple[str, tuple[str, str]], ...] = ()
    """Each with what the decision bar says then, in Chinese and in English."""
    unanswered: str = ""
    """The key at which the judge does not answer."""
    broken: bool = False
    """Whether the engine does not start."""


REVIEWED = ("f5", ("须送审", "REVIEW: "))
BLOCKED = ("f5", ("禁止发送", "BLOCK: "))
ROUND = ("f3", ("第 1 轮", "round 1"))
STATES = {
    "empty": State(),
    "running": State(MARKED, (("f5", ("现在：模型判读", "now: judge")),), unanswered="f5"),
    "pass": State(HARMLESS, (("f5", ("可发送", "PASS: ")),)),
    "review": State(LEAK, (REVIEWED,)),
    "block": State(MARKED, (BLOCKED,)),
    "unfinished": State(HARMLESS, (("f5", ("未检查", "not examined")),), broken=True),
    "redaction": State(LEAK, (REVIEWED, ROUND)),
    "searching": State(LEAK, (REVIEWED, ("f3", ("第 1 次试读", "reading 1 of"))), unanswered="f3"),
    "held": State(MARKED, (BLOCKED, ROUND)),
}
SIZES = {"wide": (120, 36), "narrow": (80, 24)}


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


async def bring(pilot: Pilot[int], screen: ReviewerApp, state: State) -> None:
    """Put the draft of a state on the screen and press its keys; the check takes seven seconds."""
    if state.broken:
        screen.notify = lambda *args, **kwargs: None  # type: ignore[method-assign]
        await settled(pilot, screen, screen.lang.pick("引擎：不可用", "engine: unavailable"), "#status")
    else:
        await settled(pilot, screen, screen.lang.pick("模型：就绪", "model: ready"), "#status")
    screen.query_one(DraftPane).write(state.draft)
    await pilot.pause(0.1)
    for key, words in state.keys:
        answer = engine(screen).go.clear if key == state.unanswered else engine(screen).go.set
        answer()
        await pilot.press(key)
        await settled(pilot, screen, screen.lang.pick(*words))
        assert isinstance(screen.clock, Clock)
        screen.clock.now = 7.0
    await still(pilot, screen)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("state", list(STATES))
def test_states(home: Path, snap_compare: Compare, state: str, size: str, lang: Lang) -> None:
    screen = app(home, lang, broken=STATES[state].broken, clock=Clock())
    run = partial(bring, screen=screen, state=STATES[state])
    assert snap_compare(screen, terminal_size=SIZES[size], run_before=run)


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_colours(home: Path, snap_compare: Compare, theme: str) -> None:
    screen = app(home, clock=Clock())
    screen.theme = theme
    run = partial(bring, screen=screen, state=STATES["block"])
    assert snap_compare(screen, terminal_size=SIZES["wide"], run_before=run)


@pytest.mark.parametrize("key", ["f1", "f6", "f9", "f10"])
def test_what_lies_over_the_screen(home: Path, snap_compare: Compare, key: str) -> None:
    screen = app(home, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        await bring(pilot, screen, STATES["review"])
        await pilot.press(key)
        if key == "f6":
            await settled(pilot, screen, "不同渠道")
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=SIZES["wide"], run_before=run)


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

    assert snap_compare(screen, terminal_size=SIZES["wide"], run_before=run)


def test_tour(home: Path, snap_compare: Compare) -> None:
    screen = app(home, tour=True, clock=Clock())

    async def run(pilot: Pilot[int]) -> None:
        await still(pilot, screen)

    assert snap_compare(screen, terminal_size=SIZES["narrow"], run_before=run)
