"""Lines of keys and glowing words under the mouse."""

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from reviewer.draft import Lang
from reviewer.tui.answer_screen import AnswerScreen
from reviewer.tui.app import ReviewerApp
from reviewer.tui.channels_screen import ChannelsScreen
from reviewer.tui.dialogs import TextDialog, Tour
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.feedback import FeedbackScreen
from reviewer.tui.history_screen import HistoryScreen
from reviewer.tui.keys import HELP, keys_of
from reviewer.tui.opening import OpenScreen
from reviewer.tui.override import OverrideScreen
from reviewer.tui.redact_screen import RedactScreen
from reviewer.tui.words import say
from tests.scripted import app, closed, engine, notified, reviewed, settled, words
from tests.test_tui_keys import until


async def click(pilot: Pilot[int], screen: ReviewerApp, action: str) -> None:
    """Click the first cell of what stands for an action on the screen on top."""
    await pilot.pause(0.1)
    for y in range(screen.size.height):
        for x in range(screen.size.width):
            if screen.screen.get_style_at(x, y).meta.get("@click") == action:
                await pilot.click(offset=(x, y))
                return
    raise AssertionError(f"nothing on the screen stands for {action}")


def targets(screen: ReviewerApp) -> set[str]:
    """What the cells of the screen on top stand for."""
    width, height = screen.size
    cells = (screen.screen.get_style_at(x, y) for y in range(height) for x in range(width))
    return {style.meta["@click"] for style in cells if "@click" in style.meta}


@pytest.mark.parametrize(
    ("key", "kind", "click_on"),
    [
        ("f3", RedactScreen, "screen.back"),
        ("f6", ChannelsScreen, "screen.back"),
        ("f7", AnswerScreen, "screen.back"),
        ("f8", HistoryScreen, "screen.dismiss"),
        ("f9", FeedbackScreen, "screen.back"),
        ("f10", TextDialog, "screen.dismiss"),
        ("ctrl+o", OpenScreen, "screen.back"),
        ("ctrl+y", OverrideScreen, "screen.dismiss"),
    ],
)
async def test_a_click_on_a_key_does_what_the_key_does(
    home: Path, key: str, kind: type[Screen[object]], click_on: str
) -> None:
    screen = app(home, override=True)
    async with screen.run_test(size=(120, 36)) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会讨论", "须送审")
        await pilot.press(key)
        await until(pilot, lambda: isinstance(screen.screen, kind))
        await pilot.pause(0.2)
        shown = targets(screen)
        assert shown
        assert shown <= {k.target for k in (*keys_of(screen.screen), HELP)}
        if HELP.target in shown:
            await click(pilot, screen, HELP.target)
            await until(pilot, lambda: isinstance(screen.screen, TextDialog))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(screen.screen, kind))
        await click(pilot, screen, click_on)
        await closed(pilot, screen)


async def test_the_tour_is_left_and_gone_through_by_its_line_of_keys(home: Path) -> None:
    screen = app(home, tour=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(screen.screen, Tour))
        await click(pilot, screen, "screen.on")
        await settled(pilot, screen, "第二步", "#dialog-text")
        await click(pilot, screen, "screen.back")
        await settled(pilot, screen, "第一步", "#dialog-text")
        await click(pilot, screen, "screen.dismiss")
        await closed(pilot, screen)


@pytest.mark.parametrize(
    ("keys", "text"),
    [(["明", "天", "space", "x"], "明天 x"), (["space", "a"], "a"), (["f2"], ""), (["tab", "left"], None)],
)
async def test_who_begins_to_work_leaves_the_tour(home: Path, keys: list[str], text: str | None) -> None:
    screen = app(home, tour=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(screen.screen, Tour))
        await pilot.press(*keys)
        if text is None:
            assert isinstance(screen.screen, Tour)
            return
        await closed(pilot, screen)
        assert screen.main.text == text
        if keys == ["f2"]:
            await notified(pilot, screen, say("nothing_found", Lang.ZH))


@pytest.mark.parametrize(("keys", "text"), [("明天", "明天"), ("a b", "a b")])
async def test_characters_that_come_together_leave_the_tour_once(home: Path, keys: str, text: str) -> None:
    """As an input method sends them."""
    screen = app(home, tour=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(screen.screen, Tour))
        for character in keys:
            screen.post_message(events.Key("space" if character == " " else character, character))
        await closed(pilot, screen)
        await until(pilot, lambda: screen.main.text == text)


async def test_f6_in_the_tour_looks_at_every_channel(home: Path) -> None:
    screen = app(home, tour=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(screen.screen, Tour))
        screen.main.query_one(DraftPane).text = "学区方案还没上会"
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(screen.screen, ChannelsScreen))


async def test_a_click_takes_ones_own_words(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会。晚上吃面", "须送审")
        await pilot.press("f3")
        await settled(pilot, screen, "第 1 轮")
        await click(pilot, screen, "screen.edit")
        own = screen.screen.query_one("#own", Input)
        assert own.display
        own.value = "方案"
        await click(pilot, screen, "screen.write")
        await until(pilot, lambda: not own.display)
        over = screen.screen
        assert isinstance(over, RedactScreen)
        await until(pilot, lambda: over.draft.text.startswith("方案"))


async def test_a_click_on_glowing_words_of_an_answer_selects_their_point(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        engine(screen).go.set()
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(screen.screen, AnswerScreen))
        over = screen.screen
        assert isinstance(over, AnswerScreen)
        screen.screen.query_one("#prompt", DraftPane).text = "机密★20年"
        screen.screen.query_one("#answer", DraftPane).text = "学区方案还没上会"
        await pilot.press("f5")
        await settled(pilot, screen, "来自提问")
        for pane in ("prompt", "answer", "prompt"):
            await pilot.click(f"#{pane}", offset=(4, 1))
            await until(pilot, lambda pane=pane: over._chosen is not None and over._chosen.pane == pane)
        assert "wx-1" in words(screen, "#detail")
