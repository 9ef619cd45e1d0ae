"""A hit of the index beside the document's own words, for who has the managing passphrase."""

import threading
from pathlib import Path
from typing import Any

import pytest

from reviewer.audit import records
from reviewer.draft import Lang
from reviewer.errors import EngineError
from reviewer.reports.visible import visible
from reviewer.tui.app import ReviewerApp
from reviewer.tui.overlap import OverlapScreen, aligned
from reviewer.tui.themes import LOOKS
from tests import test_tui_recorded
from tests.hostile import strings
from tests.scripted import Clock, engine, notified, reviewed, settled, words
from tests.test_tui_recorded import indexed, until

KNOWN = "气体检测仪两台"
TEXT = f"出门要带{KNOWN}，别外传"


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the index of these tests holds stands in a document."""
    monkeypatch.setattr(test_tui_recorded, "KNOWN", KNOWN)


def shown(home: Path) -> int:
    """How often the log says that a document's words were shown."""
    return sum(r.kind == "index.show" for r in records(home / "audit"))


def managing(screen: ReviewerApp) -> None:
    """Give the station the managing passphrase."""
    screen.station.config = screen.station.config.model_copy(update={"managing": "一二三四"})


async def test_the_documents_words_stand_beside_and_that_is_recorded(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = indexed(home, monkeypatch)
    managing(screen)
    async with screen.run_test(size=(120, 36)) as pilot:
        await reviewed(pilot, screen, TEXT, "禁止发送")
        await pilot.press("f2", "f11")
        await settled(pilot, screen, "密件 41（节选）", "#dialog-text")
        told = words(screen, "#dialog-text")
        assert f"草稿\n1:{KNOWN}\n" in told
        assert f"携带1:{KNOWN}，进舱前" in told
        assert shown(home) == 1
        await pilot.press("f11")
        assert len(screen.screen_stack) == 1


async def test_without_the_passphrase_or_a_hit_nothing_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = indexed(home, monkeypatch)
    async with screen.run_test(size=(120, 36)) as pilot:
        await pilot.press("f11")
        await notified(pilot, screen, "先用 F2")
        await reviewed(pilot, screen, TEXT, "禁止发送")
        await pilot.press("f2", "f11")
        await notified(pilot, screen, "管理口令")
        assert not isinstance(screen.screen, OverlapScreen)
    assert shown(home) == 0


async def test_an_engine_that_fails_or_a_log_that_is_away_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = indexed(home, monkeypatch)
    managing(screen)

    def fails(*given: object) -> None:
        raise EngineError("引擎没有运行 / the engine is not running")

    async with screen.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, screen, TEXT, "禁止发送")
        monkeypatch.setattr(engine(screen), "request", fails)
        await pilot.press("f2", "f11")
        await settled(pilot, screen, "引擎没有运行", "#dialog-text")
        await pilot.press("escape")
        monkeypatch.setattr(screen.ledger, "shown", fails)
        await pilot.press("f11")
        await until(pilot, lambda: isinstance(screen.screen, OverlapScreen))
        await settled(pilot, screen, "引擎没有运行", "#dialog-text")


def test_what_a_terminal_would_obey_is_written_out() -> None:
    for string in strings():
        same = [{"here": (0, 1), "there": (0, 1)}]
        made = aligned(
            {"doc": string, "quote": string, "excerpt": string, "same": same}, Lang.ZH, next(iter(LOOKS.values()))
        )
        told = made.plain
        assert told == visible(told, lines=True), ascii(told)
        assert told.count(visible(string[1:], lines=True)) == 3, ascii(told)


async def test_the_wait_counts_and_escape_leaves_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go, clock = threading.Event(), Clock()
    screen = indexed(home, monkeypatch)
    screen.clock = clock
    managing(screen)
    asked = engine(screen).request

    def slow(*given: Any) -> dict[str, Any]:
        if given[0] == "overlap":
            go.wait(60)
        return asked(*given)

    async with screen.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, screen, TEXT, "禁止发送")
        monkeypatch.setattr(engine(screen), "request", slow)
        await pilot.press("f2", "f11")
        await settled(pilot, screen, "正在向引擎取原文　0 秒", "#dialog-text")
        clock.now += 7
        await settled(pilot, screen, "正在向引擎取原文　7 秒", "#dialog-text")
        await pilot.press("escape")
        go.set()
        await pilot.pause(0.2)
        assert len(screen.screen_stack) == 1
