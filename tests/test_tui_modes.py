"""Side by side, history, AI answers, and “judged wrongly”, driven by keys."""

import json
import stat
import threading
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, RadioButton, Select

from reviewer.compare import Why
from reviewer.draft import Channel, Draft, Lang
from reviewer.precedents import LONGEST, load_library
from reviewer.tui.channels_screen import ChannelsScreen
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.feedback import excerpt
from reviewer.tui.words import say
from reviewer.verdict import Decision
from tests.scripted import answering, app, closed, engine, notified, reported, reviewed, settled, words


async def test_every_channel_side_by_side_and_one_is_taken_back(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(100, 40)) as pilot:
        screen.query_one(DraftPane).text = "学区方案还没上会"
        await pilot.press("f6")
        await settled(pilot, screen, "1/6")
        over = screen.screen
        assert isinstance(over, ChannelsScreen)
        engine(screen).go.set()
        await settled(pilot, screen, "不同渠道")
        assert [r.decision for r in over.reviews if r] == [Decision.REVIEW] * len(Channel)
        rows = [str(o.prompt) for o in screen.screen.query_one("#channels", OptionList).options]
        assert all("wx-5" in row for row in rows)
        await pilot.press("down", "down", "enter")
        await pilot.pause(0.1)
        assert screen.main.channel is Channel.MOMENTS
        assert screen.main.review is over.reviews[2]
        assert "须送审" in words(screen, "#decision")


@pytest.mark.parametrize("lang", list(Lang))
async def test_every_channel_has_room_on_a_small_screen(home: Path, lang: Lang) -> None:
    screen = app(home, lang)
    text = "学区方案局长办公会还没上，滨江路以东拟划给三小，实验小学和三小的分界往西挪，千万别往外传"
    async with screen.run_test(size=(80, 24)) as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).text = text
        await pilot.press("f6")
        await settled(pilot, screen, say("compare_title", lang))
        rows = screen.screen.query_one("#channels", OptionList)
        assert rows.virtual_size.height == 2 * len(Channel)
        assert rows.max_scroll_y == 0


async def test_a_row_with_a_finding_also_says_what_was_not_examined(home: Path) -> None:
    screen = app(home, broken=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, screen, "栎管密〔2025〕7号", "禁止发送")
        await pilot.press("f6")
        await settled(pilot, screen, "不同渠道")
        rows = [str(o.prompt) for o in screen.screen.query_one("#channels", OptionList).options]
        assert all("栎管密〔2025〕7号" in row for row in rows)
        assert all("未检查：" in row.splitlines()[0] for row in rows)
        await pilot.press("escape")
        await closed(pilot, screen)
        await pilot.press("f8")
        await pilot.pause(0.1)
        rows = [str(o.prompt) for o in screen.screen.query_one("#entries", OptionList).options]
        assert all("没有完成" in row for row in rows)


@pytest.mark.parametrize(("key", "rows"), [("f6", "#channels"), ("f8", "#entries")])
async def test_the_first_click_selects_and_the_second_one_takes(home: Path, key: str, rows: str) -> None:
    screen = app(home)
    async with screen.run_test(size=(100, 30)) as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        await reviewed(pilot, screen, "晚上吃面", "可发送")
        await pilot.press(key)
        await pilot.pause(0.1)
        over, taken = screen.screen, screen.screen.query_one(rows, OptionList)
        if key == "f6":
            await settled(pilot, screen, "不同渠道")
        for place in (0, 1):
            at = (4, next(y for y, line in enumerate(taken._lines) if line[0] == place) + taken.gutter.top)
            await pilot.click(rows, offset=at)
            assert screen.screen is over
            assert taken.highlighted == place
        await pilot.click(rows, offset=at)
        await closed(pilot, screen)
        assert (screen.main.channel is Channel.WECHAT_DIRECT) == (key == "f6")
        assert (screen.main.text == "学区方案") == (key == "f8")


async def test_english_screens_name_clauses_in_english(home: Path) -> None:
    screen = app(home, Lang.EN)
    async with screen.run_test(size=(110, 40)) as pilot:
        clause = screen.station.regulations.by_id["wx-5"]
        await reviewed(pilot, screen, "学区方案还没上会讨论", "REVIEW")
        assert clause.title_en in words(screen, "#detail")
        await pilot.press("f6")
        await settled(pilot, screen, "by each channel")
        rows = [str(o.prompt) for o in screen.screen.query_one("#channels", OptionList).options]
        assert all(clause.title_en in row for row in rows)
        await pilot.press("escape", "f9")
        await pilot.pause(0.1)
        listed = [str(prompt) for prompt, _ in screen.screen.query_one("#label", Select)._options]
        assert f"wx-5 {clause.title_en}" in listed


async def test_leaving_the_comparison_stops_it(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        screen.query_one(DraftPane).text = "学区方案"
        await pilot.press("f6")
        await settled(pilot, screen, "1/6")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert screen.checks.running is None
        assert screen.main.text == "学区方案"


async def test_history_brings_a_draft_back(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(100, 30)) as pilot:
        for text, decision in (("学区方案", "须送审"), ("晚上吃面", "可发送")):
            await reviewed(pilot, screen, text, decision)
        await pilot.press("f8")
        await pilot.pause(0.1)
        rows = [str(o.prompt) for o in screen.screen.query_one("#entries", OptionList).options]
        assert "晚上吃面" in rows[0]
        await pilot.press("down", "enter")
        await pilot.pause(0.1)
        assert screen.main.text == "学区方案"
        assert "须送审" in words(screen, "#decision")
        await pilot.press("ctrl+z")
        assert screen.main.text == "晚上吃面"
    written = [f.read_bytes().decode("utf-8", "replace") for f in home.rglob("*") if f.is_file()]
    assert not [w for w in written if "学区方案" in w or "晚上吃面" in w]


async def test_an_answer_is_compared_with_its_prompt(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        engine(screen).go.set()
        over = await answering(pilot, screen)
        over.query_one("#prompt", DraftPane).text = "请写通知：柳湾镇夏季错峰用电名单共十七家企业"
        answer = "柳湾镇夏季错峰用电名单共十七家企业。依据栎政办〔2025〕33号。学区方案同步推进。"
        over.query_one("#answer", DraftPane).text = answer
        await pilot.press("f5")
        await settled(pilot, screen, "来自提问")
        assert over.comparison is not None
        assert [f.quote for f in over.comparison.new] == ["学区方案同步推进"]
        assert [d.why for d in over.comparison.doubts] == [Why.NUMBER]
        assert "新出现的敏感内容 1" in words(screen, "#decision")
        await pilot.press("f2")
        rows = [str(o.prompt) for o in over.query_one("#points", OptionList).options]
        assert "新出现" in rows[0]
        assert "文号" in rows[1]
        await pilot.press("f4")
        assert over.comparison is None
        await pilot.press("escape", "f7")
        await pilot.pause(0.1)
        assert over.query_one("#answer", DraftPane).text == answer


async def test_a_draft_too_short_for_a_precedent_is_refused_at_once(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会讨", "须送审")
        await pilot.press("f9")
        await notified(pilot, screen, "草稿不到 10 个字")
        assert len(screen.screen_stack) == 1


async def test_a_false_alarm_becomes_a_precedent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区图已在官网公布，大家自己看", "须送审")
        await pilot.press("f9")
        await pilot.pause(0.1)
        assert screen.screen.query_one("#false-alarm", RadioButton).value
        await pilot.press(*"太短", "enter")
        await pilot.pause(0.1)
        path = screen.station.config.precedents[-1]
        assert not path.exists()
        screen.screen.query_one("#reason", Input).value = "学区图已经由教育局在官网公布"
        await pilot.press("enter")
        await settled(pilot, screen, "从 93% 变为 21%", "#effect")
        assert "0 条变对，1 条变错" in words(screen, "#effect")
        assert "p1-001a" in words(screen, "#effect")
        assert not path.exists()
        reading = engine(screen).refresh
        answered: list[bool] = []

        def refresh() -> None:
            answered.append(go_on.wait(60))
            reading()

        go_on = threading.Event()
        monkeypatch.setattr(engine(screen), "refresh", refresh)
        await pilot.press("enter", "enter")
        go_on.set()
        await closed(pilot, screen)
        assert answered == [True]
        assert engine(screen).refreshed == 1
        [made] = load_library([path]).precedents
        assert made.verdict is Decision.PASS
        assert made.text == "学区图已在官网公布，大家自己看"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_precedent_is_kept_once_where_the_engine_does_not_read_it(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).text = "学区图已在官网公布，大家自己看"
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")
        await reported(pilot, screen, "学区图已经由教育局在官网公布")
        await pilot.press("enter")
        await settled(pilot, screen, "再按 Enter", "#effect")
        engine(screen).deaf = True
        await pilot.press("enter")
        await closed(pilot, screen)
        assert len(load_library([screen.station.config.precedents[-1]]).precedents) == 1
        assert not engine(screen).running


async def test_a_miss_becomes_a_precedent_with_its_clause(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "水厂那边查出东西了，明早才通知", "可发送")
        await pilot.press("f9")
        await pilot.pause(0.1)
        screen.screen.query_one("#label", Select).value = "wx-8"
        screen.screen.query_one("#reason", Input).value = "抢在发布之前说出水质事件"
        await pilot.press("enter")
        await settled(pilot, screen, "再按 Enter", "#effect")
        await pilot.press("enter")
        await closed(pilot, screen)
        row = json.loads(screen.station.config.precedents[-1].read_text("utf-8"))
        assert row["labels"] == ["wx-8"]
        assert row["verdict"] == "review"


def test_of_a_long_draft_the_part_around_the_finding_is_kept() -> None:
    draft = Draft(text="好" * 3000 + "学区方案" + "好" * 3000)
    from tests.test_redact import finding

    kept = excerpt(draft, finding(draft.text, "学区方案"))
    assert len(kept) == LONGEST
    assert "学区方案" in kept
    assert excerpt(draft, None) == draft.text[:LONGEST]


async def test_what_cannot_be_shown_is_not_kept_and_is_tried_again(home: Path) -> None:
    screen = app(home)
    path = screen.station.config.precedents[-1]
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区图已在官网公布，大家自己看", "须送审")
        await pilot.press("f9")
        await pilot.pause(0.1)
        engine(screen).deaf = True
        screen.screen.query_one("#reason", Input).value = "学区图已经由教育局在官网公布"
        for _ in range(3):
            await pilot.press("enter")
            await settled(pilot, screen, "看不到会改变什么：the engine died", "#effect")
            assert "看不到就不保存。Enter 再试一次" in words(screen, "#effect")
            assert "再按 Enter 保存" not in words(screen, "#effect")
            assert not path.exists()
        engine(screen).deaf = False
        await pilot.press("enter")
        await settled(pilot, screen, "再按 Enter 保存", "#effect")
        assert not path.exists()
        await pilot.press("enter")
        await closed(pilot, screen)
        assert len(load_library([path]).precedents) == 1


async def test_every_verdict_that_would_flip_is_listed_those_that_become_wrong_first(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home)
    flips = [{"id": f"p-{n:02}", "flagged": n % 3 == 0, "right": n % 2 == 0} for n in range(60)]
    answer = {"changes": [], "flips": flips}
    asked = engine(screen).request
    monkeypatch.setattr(engine(screen), "request", lambda op, *given: answer if op == "teach" else asked(op, *given))
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区图已在官网公布，大家自己看", "须送审")
        await reported(pilot, screen, "学区图已经由教育局在官网公布")
        await pilot.press("enter")
        await settled(pilot, screen, "再按 Enter 保存", "#effect")
        listed = [line for line in words(screen, "#effect").splitlines() if " → " in line]
        now = {0: "须送审", 1: "可发送", 2: "可发送"}
        assert listed == [
            *(f"✗ p-{n:02} → {now[n % 3]}" for n in range(1, 60, 2)),
            *(f"✓ p-{n:02} → {now[n % 3]}" for n in range(0, 60, 2)),
        ]
        box = screen.screen.query_one("#dialog")
        assert box.max_scroll_y > 30
        before = box.scroll_offset.y
        await pilot.press("pagedown", "down")
        await pilot.pause(0.5)
        assert box.scroll_offset.y > before
        assert screen.focused is screen.screen.query_one("#reason")
        assert box not in screen.screen.focus_chain
