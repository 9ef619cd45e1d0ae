"""The screen, driven as a person would: paste, check, select, cancel, copy, quit."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from textual.widgets import Static

from reviewer.assemble import Config, Station, configure
from reviewer.draft import Channel, Draft, Folded, Lang
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import Finding, Severity, Stage
from reviewer.paths import Home
from reviewer.review import Reviewer
from reviewer.settings import Settings
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.findings_pane import FindingsPane
from reviewer.verdict import Decision, StageResult


class ScriptedEngine:
    """Stands for the engine process: a judge that waits until it is told to go on, or is cancelled."""

    def __init__(self, *, broken: bool = False) -> None:
        self.hello: Mapping[str, object] = {}
        self.go = threading.Event()
        self.cancelled = threading.Event()
        self.broken = broken

    def start(self) -> Mapping[str, object]:
        """Open, or fail."""
        if self.broken:
            raise EngineError("the engine died (exit status 1)")
        return self.hello

    def cancel(self) -> None:
        """Stop the judge."""
        self.cancelled.set()

    def close(self) -> None:
        """Nothing to end."""

    def judge(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Wait, then find the word 学区."""
        while not self.go.wait(0.01):
            if self.cancelled.is_set():
                self.cancelled.clear()
                raise Cancelled
        if self.broken:
            raise EngineError("the engine died (exit status 1)")
        at = draft.text.find("学区")
        found = (
            (
                Finding(
                    rule="judge.wx-5",
                    stage=Stage.JUDGE,
                    severity=Severity.REVIEW,
                    confidence=0.9,
                    span=(at, at + 2),
                    quote="学区",
                    reason="未定事项",
                    advice="等公布",
                ),
            )
            if at >= 0
            else ()
        )
        return StageResult(stage=Stage.JUDGE, findings=found, examined=((0, len(draft.text)),))


class ScriptedStation(Station):
    """A station whose judge is scripted; rules are the real ones."""

    def __init__(self, config: Config, engine: ScriptedEngine) -> None:
        super().__init__(config, (Stage.DETECT,), 5.0)
        self.scripted = engine
        self.engine = engine  # type: ignore[assignment]

    @property
    def reviewer(self) -> Reviewer:  # type: ignore[override]
        """Rules, then the scripted judge."""
        return Reviewer({Stage.DETECT: self.detect, Stage.JUDGE: self.scripted.judge}, dict)


def app(home: Path, lang: Lang = Lang.ZH, *, broken: bool = False) -> ReviewerApp:
    """A screen over the scripted station."""
    config = configure(Settings(lang=lang), Home(home))
    return ReviewerApp(ScriptedStation(config, ScriptedEngine(broken=broken)))


def engine(screen: ReviewerApp) -> ScriptedEngine:
    """The scripted engine behind a screen."""
    station = screen.station
    assert isinstance(station, ScriptedStation)
    return station.scripted


def words(screen: ReviewerApp, name: str) -> str:
    """What a static part of the screen says."""
    return str(screen.query_one(name, Static).visual)


async def settled(pilot: object, screen: ReviewerApp, until: str) -> None:
    """Wait until the decision bar says something."""
    from textual.pilot import Pilot

    assert isinstance(pilot, Pilot)
    for _ in range(200):
        await pilot.pause(0.02)
        if until in words(screen, "#decision"):
            return
    raise AssertionError(f"{until!r} never appeared, the bar says {words(screen, '#decision')!r}")


async def test_paste_check_and_decision(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        screen.query_one(DraftPane).text = "学区方案还没上会，机密★20年"
        await pilot.press("f5")
        await settled(pilot, screen, "正在检查")
        assert "模型判读" in words(screen, "#decision")
        assert "1" in words(screen, "#decision")
        engine(screen).go.set()
        await settled(pilot, screen, "禁止发送")
        pane = screen.query_one(FindingsPane)
        assert [f.severity for f in pane.findings] == [Severity.BLOCK, Severity.REVIEW]
        assert "wx-1" in words(screen, "#detail")


async def test_a_clean_draft_passes_and_can_be_copied(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).text = "晚上吃面"
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")
        await pilot.press("ctrl+y")
        assert screen.clipboard == "晚上吃面"


async def test_an_edit_makes_the_decision_stale(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).text = "晚上吃面"
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")
        screen.query_one(DraftPane).insert("，学区")
        await settled(pilot, screen, "尚未检查")
        assert screen.review is None


async def test_escape_stops_and_keeps_the_draft(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "学区"
        await pilot.press("f5")
        await settled(pilot, screen, "正在检查")
        await pilot.press("escape")
        await settled(pilot, screen, "尚未检查")
        assert screen.query_one(DraftPane).text == "学区"
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")


async def test_a_dead_engine_is_said_and_never_passes(home: Path) -> None:
    screen = app(home, broken=True)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        await pilot.pause(0.2)
        assert "不可用" in words(screen, "#status")
        screen.query_one(DraftPane).text = "晚上吃面"
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")
        assert "未检查" in words(screen, "#decision")
        assert screen.query_one(DraftPane).text == "晚上吃面"


async def test_rules_run_while_typing(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).insert("机密★20年")
        await settled(pilot, screen, "目前发现 1")


async def test_the_channel_key_and_english(home: Path) -> None:
    screen = app(home, Lang.EN)
    async with screen.run_test() as pilot:
        await pilot.press("f4")
        assert screen._channel() is Channel.WECHAT_DIRECT
        assert "No draft yet" in words(screen, "#decision")
        await pilot.press("f1")
        await pilot.pause(0.1)
        assert "F5 check" in str(screen.screen.query_one("#help", Static).visual)
        await pilot.press("escape")


async def test_quitting_with_a_draft_asks_once(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "草稿"
        await pilot.press("ctrl+q")
        await pilot.pause(0.1)
        assert screen.is_running
        await pilot.press("ctrl+q")
        await pilot.pause(0.1)
        assert screen.return_code == 0


@pytest.mark.parametrize("text", ["字" * 20_000, "一行\n" * 5_000, "[/bad] [bold]x", "\x1b]52;c;aGk=\x07\u202eabc"])
async def test_awkward_pastes(home: Path, text: str) -> None:
    import time

    screen = app(home)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        started = time.perf_counter()
        screen.query_one(DraftPane).text = text
        await pilot.pause()
        assert time.perf_counter() - started < 1.5
        await pilot.press("f5")
        await settled(pilot, screen, "发送")
        assert screen.review is not None
        assert screen.review.decision is Decision.PASS


def test_nothing_raw_reaches_the_terminal() -> None:
    from rich.segment import Segment
    from textual.color import Color

    from reviewer.tui.guard import ControlGuard

    raw = "a\x1b]52;c;x\x07\u202eb\x9bc\x00机"
    [segment] = ControlGuard().apply([Segment(raw)], Color(0, 0, 0))
    assert not any(c in segment.text for c in "\x1b\x07\u202e\x9b\x00")
    assert "机" in segment.text
