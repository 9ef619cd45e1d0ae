"""Keys that work whatever lies over the main screen, and those that mean one thing only where a list is open."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList, Select

from reviewer.draft import Channel, Lang
from reviewer.tui import check_screen
from reviewer.tui.answer_screen import AnswerScreen
from reviewer.tui.app import ReviewerApp
from reviewer.tui.channels_screen import ChannelsScreen
from reviewer.tui.dialogs import Ask, TextDialog
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.feedback import FeedbackScreen
from reviewer.tui.history_screen import HistoryScreen
from reviewer.tui.keys import EVERYWHERE, MAIN, PALETTE, keys_of
from reviewer.tui.override import OverrideScreen
from reviewer.tui.redact_screen import RedactScreen
from reviewer.tui.words import say
from tests.scripted import app, closed, engine, notified, reviewed, settled, words

OPENED: dict[str, type[Screen[object]]] = {
    "f3": RedactScreen,
    "f6": ChannelsScreen,
    "f7": AnswerScreen,
    "f8": HistoryScreen,
    "f9": FeedbackScreen,
    "ctrl+y": OverrideScreen,
    "ctrl+q": Ask,
}


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(1000):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError


def commands(screen: ReviewerApp) -> list[str]:
    """What the palette would offer over the screen on top."""
    return [c.title for c in screen.get_system_commands(screen.screen)]


async def test_f1_knows_the_keys_of_every_screen_and_comes_back_to_it(home: Path) -> None:
    screen = app(home, override=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会讨论", "须送审")
        for key, kind in OPENED.items():
            await pilot.press(key)
            await until(pilot, lambda kind=kind: isinstance(screen.screen, kind))
            over = screen.screen
            keys = keys_of(over)
            assert keys, key
            for k in keys:
                target, name, _ = screen._parse_action(k.action, over)
                assert k.key in over._bindings.key_to_bindings, (key, k)
                assert hasattr(target, f"action_{name}"), (key, k)
            wanted = [k for k in (*keys, *EVERYWHERE) if k is not PALETTE]
            assert commands(screen) == [f"{say(k.word, Lang.ZH)}（{k.shown}）" for k in wanted], key
            await pilot.press("f1")
            await until(pilot, lambda: isinstance(screen.screen, TextDialog))
            said = words(screen, "#dialog-text")
            assert all(k.shown in said and say(k.help, Lang.ZH) in said for k in (*keys, *EVERYWHERE)), key
            await pilot.press("escape")
            await until(pilot, lambda over=over: screen.screen is over)
            await pilot.press("escape")
            await closed(pilot, screen)


async def test_a_command_of_the_palette_runs_on_the_screen_that_it_lies_over(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(screen.screen, AnswerScreen))
        over = screen.screen
        assert isinstance(over, AnswerScreen)
        before = over.channel
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(screen.screen, CommandPalette))
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(screen.screen, TextDialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(screen.screen, CommandPalette))
        await pilot.press(*say("channel_key", Lang.ZH))
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: over.channel is not before)
        assert screen.screen is over
        assert screen.main.channel is Channel.WECHAT_GROUP


async def test_escape_on_an_open_channel_list_closes_it_and_nothing_else(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.press("f5")
        await settled(pilot, screen, "模型判读")
        channels = screen.main.query_one("#channel", Select)
        channels.focus()
        await pilot.press("enter", "down")
        await until(pilot, lambda: channels.expanded)
        await pilot.press("escape")
        await until(pilot, lambda: not channels.expanded)
        assert screen.checks.running is not None
        assert not screen._notifications
        assert screen.main.channel is Channel.WECHAT_GROUP
        await pilot.press("escape")
        await until(pilot, lambda: screen.checks.running is None)


async def test_the_programs_own_paste_says_where_text_of_other_programs_comes_from(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        pane = screen.query_one(DraftPane)
        assert "Ctrl+Shift+V" in str(pane.placeholder)
        await pilot.press("ctrl+v")
        await notified(pilot, screen, "Ctrl+Shift+V")
        assert pane.text == ""
        pane.insert("晚上吃面")
        pane.select_all()
        await pilot.press("ctrl+c", "right", "ctrl+v")
        assert pane.text == "晚上吃面晚上吃面"
        await pilot.press("f1")
        await settled(pilot, screen, "Ctrl+Shift+V", "#dialog-text")
    assert all("Ctrl+Shift+V" in say(place, lang) for place in ("prompt_place", "answer_place") for lang in Lang)


async def test_another_mouse_button_moves_nothing_and_says_how_to_paste(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        pane = screen.query_one(DraftPane)
        pane.insert("学区方案还没上会")
        pane.select_all()
        chosen = pane.selection
        for button in (2, 3):
            screen._notifications.clear()
            await pilot.click(DraftPane, offset=(4, 1), button=button)
            await notified(pilot, screen, "Shift+鼠标右键")
            assert pane.selection == chosen
        await pilot.click(DraftPane, offset=(4, 1))
        assert pane.selection != chosen


async def test_keys_that_terminals_keep_have_a_second_one(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await pilot.press("f7", "ctrl+g")
        await settled(pilot, screen, "F1/Ctrl+G", "#dialog-text")
        await pilot.press("ctrl+g", "escape")
        await closed(pilot, screen)
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.press("ctrl+n")
        await settled(pilot, screen, "模型怎么看", "#dialog-text")
        await pilot.press("ctrl+n")
        await closed(pilot, screen)
        await pilot.press("ctrl+b")
        await notified(pilot, screen, say("overlap_none", Lang.ZH))


async def test_brackets_in_what_is_told_are_words(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(notifications=True) as pilot:
        screen.main.notify("没有 a[/bad].toml")
        screen.notify("没有 a[bold].toml", severity="error", timeout=15)
        await until(pilot, lambda: len(screen.screen.query("Toast")) == 2)
        said = " ".join(str(toast.render()) for toast in screen.screen.query("Toast"))
        assert "a[/bad].toml" in said
        assert "a[bold].toml" in said


async def test_a_check_that_came_due_under_the_help_is_made_up_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_screen, "AUTO_DELAY_S", 0.1)
    screen = app(home, auto=True)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).insert("晚上吃面")
        await pilot.press("f1")
        await pilot.pause(0.4)
        assert screen.main.review is None
        await pilot.press("escape")
        await closed(pilot, screen)
        await settled(pilot, screen, "可发送")


async def test_other_colours_reach_the_screen_that_lies_on_top(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.press("f6")
        await settled(pilot, screen, "不同渠道")
        rows = screen.screen.query_one("#channels", OptionList)
        before = [str(o.prompt.spans) for o in rows.options]  # type: ignore[union-attr]
        await pilot.press("ctrl+t")
        assert before != [str(o.prompt.spans) for o in rows.options]  # type: ignore[union-attr]
        for name in ("浅色", "高对比", "深色"):
            await notified(pilot, screen, f"配色：{name}")
            await pilot.press("ctrl+t")


def test_a_key_is_written_as_a_person_writes_it() -> None:
    shown = [key.shown for key in MAIN]
    assert {"F1", "Esc", "Ctrl+Y", "Shift+F2"} <= set(shown)
    assert len(set(shown)) == len(shown)
