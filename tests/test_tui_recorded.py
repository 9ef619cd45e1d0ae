"""What a check shows is on record, however the check ends, and what the index knows is there before it is shown."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from reviewer.audit import State, records, verify
from reviewer.draft import Draft, Folded, Lang
from reviewer.finding import Finding, Match, MatchKind, Severity, Stage
from reviewer.review import Reviewer
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.session import Session
from reviewer.verdict import StageResult
from tests.reports import finding
from tests.scripted import ScriptedStation, app, engine, notified, settled, words

KNOWN = "栖霞岭三号泵房"
"""What the index of these tests holds."""


def logged(home: Path) -> list[tuple[str, list[str], int]]:
    """Decision, unfinished stages and documents of each review on record."""
    found = (r.facts for r in records(home / "audit") if r.kind == "review")
    return [(f["decision"], f["unfinished"], f["documents"]) for f in found]


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Wait until that holds; a busy machine gets a minute."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        await pilot.pause(0.02)


def indexed(
    home: Path, monkeypatch: pytest.MonkeyPatch, before: Callable[[Stage], Any] = lambda _: None
) -> ReviewerApp:
    """A screen over a station with an index; `before` is called with each stage that runs in the engine."""
    screen = app(home)
    station = screen.station
    monkeypatch.setattr(ScriptedStation, "heavy", (Stage.MATCH, Stage.JUDGE))

    def match(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        before(Stage.MATCH)
        known = Match(doc="d1", level="机密", kind=MatchKind.VERBATIM, score=0.9, draft_share=0.5)
        found = (finding(draft.text, KNOWN, Severity.BLOCK, "wx-1", known),) if KNOWN in draft.text else ()
        return StageResult(stage=Stage.MATCH, findings=found, examined=((0, len(draft.text)),))

    def judge(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        before(Stage.JUDGE)
        return engine(screen).judge(draft, folded, earlier)

    runners = {Stage.DETECT: station.detect, Stage.MATCH: match, Stage.JUDGE: judge}
    monkeypatch.setitem(station.__dict__, "reviewer", Reviewer(runners, station.versions))
    return screen


def unwritable(home: Path) -> None:
    """The log is away, and none can be made in its place."""
    (home / "audit").rename(home / "away")
    (home / "audit").write_text("a file where the folder should be")


async def test_a_check_that_is_stopped_is_recorded_if_it_has_shown_anything(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        for text in ("晚上吃面", "机密★20年"):
            screen.query_one(DraftPane).text = text
            await pilot.press("f5")
            await settled(pilot, screen, "现在：模型判读")
            await pilot.press("escape")
            await settled(pilot, screen, "尚未检查")
        assert "目前发现 1（禁止）" in words(screen, "#decision")
        await until(pilot, lambda: bool(logged(home)))
        assert logged(home) == [("block", ["judge"], 0)]
        screen.query_one(DraftPane).text = "年度总结"
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")
    assert [decision for decision, *_ in logged(home)] == ["block", "pass"]
    assert verify(home / "audit").state is State.SOUND


async def test_what_the_index_knows_is_on_record_while_the_judge_still_reads(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = indexed(home, monkeypatch)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = f"{KNOWN}明天检修"
        await pilot.press("f5")
        await settled(pilot, screen, "目前发现 1（禁止）")
        assert logged(home) == [("block", ["judge"], 1)]
        engine(screen).go.set()
        await settled(pilot, screen, "禁止发送")
        assert logged(home) == [("block", ["judge"], 1), ("block", [], 1)]
        assert len(screen.session.entries) == 1


async def test_what_the_index_knows_is_not_shown_where_it_cannot_be_recorded(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = indexed(home, monkeypatch, lambda stage: unwritable(home) if stage is Stage.MATCH else None)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = f"{KNOWN}明天检修"
        await pilot.press("f5")
        await notified(pilot, screen, "审计记录写不进去")
        assert screen.main.findings == []


async def test_what_the_judge_finds_is_not_shown_where_it_cannot_be_recorded(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = indexed(home, monkeypatch, lambda stage: unwritable(home) if stage is Stage.JUDGE else None)
    engine(screen).go.set()
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.press("f5")
        await notified(pilot, screen, "审计记录写不进去")
        assert screen.main.findings == []


async def test_a_guess_that_the_index_does_not_know_leaves_a_trace_when_an_edit_overtakes_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = indexed(home, monkeypatch)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "四号泵房明天检修"
        await pilot.press("f5")
        await settled(pilot, screen, "现在：模型判读")
        screen.query_one(DraftPane).insert("五")
        await until(pilot, lambda: bool(logged(home)))
        assert logged(home) == [("review", ["judge"], 0)]


async def test_a_check_that_another_screen_overtakes_is_recorded(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "机密★20年"
        await pilot.press("f5")
        await settled(pilot, screen, "现在：模型判读")
        await pilot.press("f6")
        await until(pilot, lambda: bool(logged(home)))
        await pilot.press("escape")
        await until(pilot, lambda: len(logged(home)) == 2)
        assert logged(home) == [("block", ["judge"], 0)] * 2


async def test_a_check_that_fails_in_an_unforeseen_way_is_recorded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> StageResult:
        raise OSError("unforeseen")

    screen = app(home)
    monkeypatch.setattr(engine(screen), "judge", fail)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "机密★20年"
        await pilot.press("f5")
        await notified(pilot, screen, "检查中途出错")
        assert logged(home) == [("block", ["judge"], 0)]


async def test_that_a_stopped_check_could_not_be_recorded_is_told(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "机密★20年"
        await pilot.press("f5")
        await settled(pilot, screen, "现在：模型判读")
        unwritable(home)
        await pilot.press("escape")
        await notified(pilot, screen, "审计记录写不进去")


async def test_a_check_that_ends_with_the_program_is_under_the_last_checkpoint(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "机密★20年"
        await pilot.press("f5")
        await settled(pilot, screen, "现在：模型判读")
    end = time.monotonic() + 60
    while not logged(home) or (report := verify(home / "audit")).proven < report.seq:
        assert time.monotonic() < end
        await asyncio.sleep(0.02)
    assert logged(home) == [("block", ["judge"], 0)]


async def test_what_an_edit_overtakes_is_on_record_and_not_in_the_history(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        for count, (text, key, kept) in enumerate(
            (
                ("机密★20年", "", []),
                ("机密★21年", "escape", ["机密★21年"]),
                ("机密★22年", "", ["机密★21年"]),
                ("机密★23年", "escape", ["机密★23年"]),
            )
        ):
            screen.query_one(DraftPane).text = text
            await pilot.press("f5")
            await settled(pilot, screen, "现在：模型判读")
            if key:
                await pilot.press(key)
            else:
                screen.query_one(DraftPane).insert("，")
            await until(pilot, lambda count=count: len(logged(home)) == count + 1)  # type: ignore[misc]
            await until(pilot, lambda kept=kept: [e.draft.text for e in screen.session.entries] == kept)  # type: ignore[misc]
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "禁止发送")
        assert [e.review.unfinished for e in screen.session.entries] == [()]
    assert logged(home) == [("block", ["judge"], 0)] * 4 + [("block", [], 0)]


def test_a_review_that_ended_early_gives_way_to_the_next_of_its_screen() -> None:
    session, review = Session(Lang.ZH), Reviewer({}, dict).record(Draft(text="甲"), ())
    for text, screen, early in (("甲", "A", True), ("乙", "B", True), ("丙", "A", False), ("丁", "A", True)):
        session.remember(Draft(text=text), review, screen, early=early)
    assert [e.draft.text for e in session.entries] == ["乙", "丙", "丁"]


async def test_what_was_marked_is_known_though_an_edit_overtook_its_check(home: Path) -> None:
    screen, body = app(home), "地下管廊三号舱自九月起改由夜班巡检，每班六人，进舱前在东井口登记"
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = f"机密★20年\n{body}"
        await pilot.press("f5")
        await settled(pilot, screen, "现在：模型判读")
        screen.query_one(DraftPane).text = body
        await until(pilot, lambda: bool(logged(home)))
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")
        assert [e.review.findings[0].rule for e in screen.session.entries] == ["origin.marked"]
