"""The main screen, driven as a person would: paste, check, select, cancel, copy, quit."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import OptionList, TextArea

from reviewer.audit import State, records, verify
from reviewer.draft import Channel, Lang
from reviewer.engine import wanted
from reviewer.errors import EngineError
from reviewer.finding import Severity
from reviewer.tui import check_screen
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.findings_pane import FindingsPane
from reviewer.tui.guard import ControlGuard
from reviewer.tui.keys import MAIN
from reviewer.tui.override import OverrideScreen
from reviewer.tui.plain_screen import PlainScreen
from reviewer.tui.prose import Prose
from reviewer.tui.words import say
from reviewer.tui.words import words as all_words
from reviewer.verdict import Decision, StageResult
from tests.pace import TIMES, slowness
from tests.scripted import app, closed, engine, notified, reviewed, settled, words


async def test_paste_check_and_decision(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        screen.query_one(DraftPane).text = "学区方案还没上会，机密★20年"
        await pilot.press("f5")
        await settled(pilot, screen, "现在：模型判读")
        assert "目前发现 1（禁止）" in words(screen, "#decision")
        engine(screen).go.set()
        await settled(pilot, screen, "禁止发送")
        pane = screen.query_one(FindingsPane)
        assert [f.severity for f in pane.findings] == [Severity.BLOCK, Severity.REVIEW]
        assert "wx-1" in words(screen, "#detail")


async def test_findings_are_grouped_selected_by_key_and_by_mouse_and_explained(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会，机密★20年", "禁止发送")
        heads = [str(o.prompt) for o in screen.query_one("#findings", OptionList).options if o.disabled]
        assert heads == ["禁止发送　1", "须送审　1"]
        await pilot.press("f2")
        detail = words(screen, "#detail")
        assert "wx-5" in detail
        assert "很有把握（90%）" in detail
        assert "透露未定方案" in detail
        assert screen.query_one(FindingsPane).selected is not None
        await pilot.press("shift+f2")
        await settled(pilot, screen, "wx-1", "#detail")
        await pilot.click(DraftPane, offset=(3, 1))
        await settled(pilot, screen, "wx-5", "#detail")


async def test_a_clean_draft_passes_and_can_be_copied(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).text = "晚上吃面"
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")
        assert "为什么通过" in words(screen, "#detail")
        assert "差一点报警　wx-6" in words(screen, "#detail")
        await pilot.press("ctrl+y")
        assert screen.clipboard == "晚上吃面"


@pytest.mark.parametrize("remote", [True, False])
async def test_where_the_terminal_takes_no_copy_the_text_is_shown_alone_from_edge_to_edge(
    home: Path, monkeypatch: pytest.MonkeyPatch, remote: bool
) -> None:
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    if remote:
        monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    screen = app(home)
    long = "晚上吃面，记得买两斤面条回来。" * 9
    async with screen.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, screen, f"{long}\n第二行", "可发送")
        await pilot.press("ctrl+y")
        if not remote:
            await notified(pilot, screen, "按住 Shift 用鼠标选取")
            assert len(screen.screen_stack) == 1
            await pilot.press("ctrl+y")
        await until(pilot, lambda: isinstance(screen.screen, PlainScreen))
        await settled(pilot, screen, "按住 Shift 用鼠标选取", "#keys")
        text = screen.screen.query_one("#plain-text", Prose)
        assert text.region.x == 0
        assert text.size.width == 80
        rows = ["".join(s.text for s in text.render_line(y)).rstrip() for y in range(text.size.height)]
        assert "".join(rows[:-1]) == long
        assert rows[-1] == "第二行"
        await pilot.press("escape")
        await closed(pilot, screen)
        assert (screen.clipboard == "") is remote


async def test_an_edit_makes_the_decision_stale(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "晚上吃面", "可发送")
        screen.query_one(DraftPane).insert("，学区")
        await settled(pilot, screen, "尚未检查")
        assert screen.main.review is None


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


async def test_a_running_check_starts_anew_only_for_another_draft_or_channel(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        pane = screen.query_one(DraftPane)
        pane.text = "学区"
        await pilot.press("f5")
        await settled(pilot, screen, "正在检查")
        first = screen.checks.running
        await pilot.press("f5")
        await notified(pilot, screen, say("check_runs", Lang.ZH))
        assert screen.checks.running is first
        await pilot.press("f4")
        await until(pilot, lambda: screen.checks.running is not first)
        second = screen.checks.running
        assert second is not None
        assert second.drafts[0].channel is Channel.WECHAT_DIRECT
        pane.insert("方案")
        await pilot.press("f5")
        await until(pilot, lambda: screen.checks.running not in (None, first, second))
        engine(screen).go.set()
        await settled(pilot, screen, "须送审")


async def test_an_engine_that_cannot_start_is_said_and_never_passes(home: Path) -> None:
    screen = app(home, broken=True)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "晚上吃面", "须送审")
        assert "未检查" in words(screen, "#decision")
        await settled(pilot, screen, "不可用", "#status")
        assert screen.query_one(DraftPane).text == "晚上吃面"


async def test_an_engine_that_dies_is_restarted_and_the_draft_stays(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "晚上吃面"
        await pilot.press("f5")
        await settled(pilot, screen, "正在检查")
        engine(screen).running = False
        engine(screen).go.set()
        await settled(pilot, screen, "未检查")
        assert screen.query_one(DraftPane).text == "晚上吃面"
        await settled(pilot, screen, "引擎：就绪", "#status")
        assert engine(screen).starts == 2
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")


async def test_an_edit_leaves_the_engine_that_opens_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = app(home)
    opened, go = engine(screen).start, threading.Event()
    still: list[bool] = []

    def start() -> Mapping[str, object]:
        while not go.wait(0.01):
            still.append(wanted())
        return opened()

    monkeypatch.setattr(engine(screen), "start", start)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "学区"
        await pilot.press("f5")
        await settled(pilot, screen, "正在检查")
        screen.query_one(DraftPane).insert("方案")
        await settled(pilot, screen, "尚未检查")
        go.set()
        await settled(pilot, screen, "引擎：就绪", "#status")
    assert still
    assert all(still)
    assert not engine(screen).cancelled.is_set()


async def test_rules_run_while_typing_and_the_whole_check_follows(home: Path) -> None:
    screen = app(home, auto=True)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).insert("机密★20年")
        await settled(pilot, screen, "目前发现 1")
        assert screen.main.review is None
        await settled(pilot, screen, "禁止发送")


async def test_the_automatic_check_can_be_switched_off(home: Path) -> None:
    screen = app(home, auto=True)
    async with screen.run_test() as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause(0.2)
        await pilot.press(*"自动检查", "enter")
        await settled(pilot, screen, "按键才查", "#status")
        assert not screen.auto


async def test_the_channel_key_and_english(home: Path) -> None:
    screen = app(home, Lang.EN)
    async with screen.run_test() as pilot:
        await pilot.press("f4")
        assert screen.main.channel is Channel.WECHAT_DIRECT
        assert "No draft yet" in words(screen, "#decision")
        await pilot.press("f1")
        await settled(pilot, screen, "All keys", "#dialog-text")
        await pilot.press("escape")
        await pilot.pause()
        assert "No draft yet" in words(screen, "#decision")


async def test_help_lists_every_key_and_the_palette_every_command(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 40)) as pilot:
        await pilot.press("f1")
        await pilot.pause(0.1)
        said = words(screen, "#dialog-text")
        assert all(key.both in said for key in MAIN)
        await pilot.press("escape")
        commands = [c.title for c in screen.get_system_commands(screen.screen)]
        assert len(commands) == len(MAIN)


async def test_no_key_is_dead_on_an_empty_screen(home: Path) -> None:
    for key in (name for known in MAIN for name in known.every):
        screen = app(home)
        async with screen.run_test() as pilot:
            await pilot.pause()
            before = state(screen)
            await pilot.press(key)
            await pilot.pause(0.05)
            left = screen.return_code is not None
            assert left or before != state(screen), key


def state(screen: ReviewerApp) -> tuple[object, ...]:
    """What a key may change on an empty screen."""
    told = len(screen._notifications)
    return screen.theme, screen.main.channel, screen.screen_stack[-1], screen.focused, told


async def test_quitting_with_a_draft_asks(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "草稿"
        await pilot.press("ctrl+q")
        await settled(pilot, screen, "没有保存", "#dialog-text")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert screen.main.text == "草稿"
        await pilot.press("ctrl+q")
        await pilot.pause(0.1)
        await pilot.press("y")
        await pilot.pause(0.1)
        assert screen.return_code == 0


async def test_quitting_with_an_answer_beside_an_empty_draft_asks_once(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await pilot.press("f7")
        screen.screen.query_one("#answer", DraftPane).text = "AI 写的一大段"
        await pilot.press("escape")
        await closed(pilot, screen)
        for _ in range(2):
            await pilot.press("ctrl+q")
            await settled(pilot, screen, "没有保存", "#dialog-text")
        assert len(screen.screen_stack) == 2
        await pilot.press("escape")
        await closed(pilot, screen)


async def test_a_broken_list_is_told_and_the_draft_stays(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await pilot.pause(0.1)
        (home / "lists").mkdir(parents=True)
        (home / "lists/mine.toml").write_text("[[word]]\n")
        vars(screen.station).pop("lists", None)
        screen.query_one(DraftPane).text = "写了很久的草稿"
        engine(screen).go.set()
        await pilot.press("f5")
        await notified(pilot, screen, "mine.toml")
        assert screen.main.text == "写了很久的草稿"
        assert screen.is_running


async def test_a_check_that_fails_in_an_unforeseen_way_ends(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = app(home)

    def fails(*_: object) -> StageResult:
        raise OSError(12, "no memory")

    monkeypatch.setattr(engine(screen), "judge", fails)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "明天值班"
        await pilot.press("f5")
        await notified(pilot, screen, "检查中途出错")
        assert screen.checks.running is None


async def test_a_check_that_starts_by_itself_leaves_another_screen_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_screen, "AUTO_DELAY_S", 0.3)
    screen = app(home, auto=True)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.pause(0.05)
        await pilot.press("f6")
        await pilot.pause(0.6)
        running = screen.checks.running
        assert running is not None
        assert len(running.drafts) == len(Channel)
        engine(screen).go.set()


async def test_only_the_draft_that_was_reviewed_is_copied(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "明天值班", "可发送")
        review = screen.main.review
        pane = screen.main.query_one(DraftPane)
        with pane.prevent(TextArea.Changed):
            pane.insert("，学区方案")
        assert screen.main.review is review
        await pilot.press("ctrl+y")
        await notified(pilot, screen, say("copy_refused", Lang.ZH)[:6])


async def test_an_engine_that_is_gone_is_not_called_ready(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await settled(pilot, screen, "引擎：就绪", "#status")
        engine(screen).running = False
        await settled(pilot, screen, "引擎：已退出", "#status")


async def test_clearing_can_be_undone(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).insert("写了很久的草稿")
        await pilot.press("ctrl+l")
        assert screen.main.text == ""
        await pilot.press("ctrl+z")
        assert screen.main.text == "写了很久的草稿"


async def test_resizing_keeps_draft_and_decision(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.resize_terminal(80, 24)
        assert screen.screen.has_class("-narrow")
        assert screen.main.text == "学区方案"
        assert "须送审" in words(screen, "#decision")
        await pilot.resize_terminal(20, 6)
        await pilot.resize_terminal(120, 40)
        assert screen.main.text == "学区方案"


async def test_the_tour_comes_once(home: Path) -> None:
    screen = app(home, tour=True)
    async with screen.run_test() as pilot:
        await settled(pilot, screen, "第一步", "#dialog-text")
        await pilot.press("enter")
        assert "第二步" in words(screen, "#dialog-text")
        await pilot.press("left", "enter", "enter")
        assert "第三步" in words(screen, "#dialog-text")
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert len(screen.screen_stack) == 1
    again = app(home, tour=True)
    async with again.run_test() as pilot:
        await pilot.pause(0.1)
        assert len(again.screen_stack) == 1


async def test_a_paste_ends_the_tour_and_goes_into_the_draft(home: Path) -> None:
    screen = app(home, tour=True)
    async with screen.run_test() as pilot:
        await settled(pilot, screen, "Esc 结束", "#dialog-text")
        screen.post_message(Paste("晚上吃面"))
        await closed(pilot, screen)
        assert screen.main.text == "晚上吃面"
        assert screen.home.tour.exists()
        await pilot.press("x")
        assert screen.main.text == "晚上吃面x"


async def test_a_click_goes_on_in_the_tour_to_its_end(home: Path) -> None:
    screen = app(home, tour=True)
    async with screen.run_test() as pilot:
        for step in ("第一步", "第二步", "第三步"):
            await settled(pilot, screen, step, "#dialog-text")
            await pilot.click("#dialog-text")
        await closed(pilot, screen)


async def test_removing_the_mark_does_not_launder_the_draft(home: Path) -> None:
    screen = app(home)
    body = "地下管廊三号舱自九月起改由夜班巡检，每班六人，进舱前在东井口登记"
    async with screen.run_test() as pilot:
        for text, decision in (
            (f"机密★20年\n{body}", "禁止发送"),
            (body, "须送审"),
            ("晚上吃面，记得买两斤面条回来", "可发送"),
        ):
            await reviewed(pilot, screen, text, decision)
        assert [e.review.decision for e in screen.session.entries] == [Decision.BLOCK, Decision.REVIEW, Decision.PASS]
        assert screen.session.entries[1].review.findings[0].rule == "origin.marked"
        assert screen.called("origin.marked") == "曾带密级的文字"


@pytest.mark.alone
@pytest.mark.parametrize(
    "text",
    ["字" * 20_000, "一行\n" * 5_000, "[/bad] [bold]x", "\x1b]52;c;aGk=\x07\u202eabc"],
    ids=["one line", "many lines", "markup", "controls"],
)
async def test_awkward_pastes(home: Path, text: str) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        shown = []
        for _ in range(TIMES):
            screen.query_one(DraftPane).text = ""
            await pilot.pause()
            started = time.perf_counter()
            screen.query_one(DraftPane).text = text
            await pilot.pause()
            shown.append(time.perf_counter() - started)
        assert min(shown) < 1.5 * slowness()
        await pilot.press("f5")
        await settled(pilot, screen, "送")
        assert screen.main.review is not None
        hidden = Decision.REVIEW if "\u202e" in text else Decision.PASS
        assert screen.main.review.decision is hidden


@pytest.mark.parametrize(
    ("text", "told"), [("甲乙丙丁戊己庚辛壬\n" * 100_000, False), ("字" * 300_000, True)], ids=["lines", "line"]
)
async def test_a_paste_far_beyond_the_limit_is_checked_and_the_screen_lives(home: Path, text: str, told: bool) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.post_message(Paste(text))
        await until(pilot, lambda: len(screen.main.text) == len(text))
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")
        assert screen.main.review is not None
        assert screen.main.review.length == len(text)
        await pilot.press("x")
        await until(pilot, lambda: len(screen.main.text) == len(text) + 1)
        said = [n.message for n in screen._notifications if "有一行很长" in n.message]
        assert len(said) == told


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Wait until something holds; a busy machine gets a minute."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        await pilot.pause(0.02)


async def test_copying_a_selection_stays_inside_the_program(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        written: list[str] = []
        screen._driver.write = written.append  # type: ignore[method-assign, union-attr]
        pane = screen.query_one(DraftPane)
        pane.insert("机密★20年")
        pane.select_all()
        await pilot.press("ctrl+c")
        assert screen.clipboard == "机密★20年"
        await notified(pilot, screen, say("copied_inside", Lang.ZH))
        assert not any("52;c" in w for w in written)


async def test_ctrl_c_copies_what_is_selected_anywhere_and_else_names_the_keys(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await pilot.press("ctrl+c")
        await notified(pilot, screen, say("nothing_selected", Lang.ZH))
        assert screen.clipboard == ""
        await pilot.press("ctrl+o", *"通知.docx", "shift+home", "ctrl+c")
        assert screen.clipboard == "通知.docx"
        await pilot.press("escape")
        await closed(pilot, screen)
        screen.main.query_one("#decision").text_select_all()
        await pilot.press("ctrl+c")
        assert screen.clipboard == "还没有草稿"


def test_every_word_has_two_languages() -> None:
    for name, (zh, en) in all_words().items():
        assert zh.strip(), name
        assert en.strip(), name
        assert zh != en, name


def test_nothing_raw_reaches_the_terminal() -> None:
    raw = "a\x1b]52;c;x\x07\u202eb\x9bc\x00机"
    [segment] = ControlGuard().apply([Segment(raw)], Color(0, 0, 0))
    assert not any(c in segment.text for c in "\x1b\x07\u202e\x9b\x00")
    assert "机" in segment.text


async def test_verdicts_are_recorded_before_they_are_shown(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "晚上吃面", "可发送")
        kinds = [r.kind for r in records(home / "audit")]
        assert kinds == ["log.opened", "start", "review"]
    assert verify(home / "audit").state is State.SOUND


async def test_no_verdict_without_a_record(home: Path) -> None:
    screen = app(home)
    (home / "audit").write_text("a file where the folder should be")
    async with screen.run_test() as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).text = "晚上吃面"
        await pilot.press("f5")
        await notified(pilot, screen, "审计记录写不进去")
        assert screen.main.review is None
        assert not screen.session.entries
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_draft_to_be_reviewed_is_copied_only_for_a_recorded_reason(home: Path, allowed: bool) -> None:
    screen = app(home, override=allowed)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert isinstance(screen.screen, OverrideScreen) is allowed
        await pilot.press("escape")
        assert screen.clipboard == ""
        await pilot.press("ctrl+y", "down", "down", "enter")
        await pilot.pause()
        assert screen.clipboard == ("学区方案" if allowed else "")
        made = [r.facts for r in records(home / "audit") if r.kind == "override"]
        assert [f["reason"] for f in made] == (["published"] if allowed else [])
        verdict = next(r.facts for r in records(home / "audit") if r.kind == "review")
        assert all(f["draft"] == verdict["draft"] and f["record"] == verdict["record"] for f in made)


async def test_nothing_is_copied_for_a_reason_that_is_not_recorded(home: Path) -> None:
    screen = app(home, override=True)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        (home / "audit").rename(home / "moved")
        (home / "audit").write_text("a file where the folder should be")
        await pilot.press("ctrl+y", "down", "down", "enter")
        await notified(pilot, screen, "所以没有复制")
        assert screen.clipboard == ""
        assert not any("不给结论" in n.message for n in screen._notifications)


async def test_what_is_blocked_is_never_copied(home: Path) -> None:
    screen = app(home, override=True)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "机密★20年", "禁止发送")
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert not isinstance(screen.screen, OverrideScreen)
        assert screen.clipboard == ""


@pytest.mark.parametrize("loading", [True, False])
async def test_leaving_waits_neither_for_models_nor_for_their_proof(
    home: Path, monkeypatch: pytest.MonkeyPatch, loading: bool
) -> None:
    screen = app(home)
    follow, ended, asked = screen.engine._follow, threading.Event(), threading.Event()

    def request(op: str, payload: Mapping[str, object], timeout_s: float) -> dict[str, str]:
        asked.set()
        if op == "state":
            return {"judge": "loading" if loading else "ready"}
        while engine(screen).running:
            time.sleep(0.01)
        raise EngineError("the engine died (exit status -9)")

    def followed() -> None:
        follow()
        ended.set()

    monkeypatch.setattr(engine(screen), "request", request)
    monkeypatch.setattr(screen.engine, "_follow", followed)
    try:
        async with screen.run_test():
            assert await asyncio.to_thread(asked.wait, 30)
            screen.exit(0)
        assert ended.wait(2)
    finally:
        engine(screen).kill()
        screen.engine._left.set()


async def test_asking_how_far_models_are_waits_as_long_as_they_may_take(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home)
    limits: dict[str, float] = {}

    def request(op: str, payload: Mapping[str, object], timeout_s: float) -> dict[str, object]:
        limits[op] = timeout_s
        return {"failed": []} if op == "prepare" else {"judge": "ready"}

    monkeypatch.setattr(engine(screen), "request", request)
    async with screen.run_test() as pilot:
        while "prepare" not in limits:
            await pilot.pause(0.01)
    assert limits["state"] >= limits["prepare"]


async def test_an_engine_that_opens_at_a_later_check_is_said_to_be_there(home: Path) -> None:
    screen = app(home, broken=True)
    async with screen.run_test() as pilot:
        await settled(pilot, screen, "不可用", "#status")
        engine(screen).broken, engine(screen).running = False, True
        await reviewed(pilot, screen, "晚上吃面", "可发送")
        await settled(pilot, screen, "就绪", "#status")
        assert "不可用" not in words(screen, "#status")
