"""Where keys and pastes go, and that nothing lies over what a person needs, driven by keys."""

from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, RadioButton
from textual.widgets._toast import Toast

from reviewer.draft import Lang
from reviewer.finding import Stage
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.feedback import FeedbackScreen
from reviewer.tui.findings_pane import FindingsPane
from reviewer.tui.messages import EngineFailed
from reviewer.tui.palette import Palette
from reviewer.tui.prose import Prose
from reviewer.tui.words import say
from reviewer.tui.words import words as all_words
from reviewer.verdict import StageResult
from tests.scripted import app, engine, reviewed, settled, words
from tests.test_tui_keys import until

SMALL = (80, 24)
MARKED = "机密★20年\n栎管密〔2025〕7号\n学区方案还没上会，先别往外传。"


async def found(pilot: Pilot[int], screen: ReviewerApp) -> DraftPane:
    """A reviewed draft, its list of findings with the focus."""
    await reviewed(pilot, screen, "学区方案", "须送审")
    await pilot.press("f2")
    pane = screen.query_one(DraftPane)
    assert not pane.has_focus
    return pane


@pytest.mark.parametrize("where", ["#findings", "#details", "#channel"])
async def test_what_is_typed_or_pasted_elsewhere_goes_into_the_draft(home: Path, where: str) -> None:
    screen = app(home)
    async with screen.run_test(size=SMALL) as pilot:
        pane = await found(pilot, screen)
        screen.main.query_one(where).focus()
        await pilot.pause()
        await pilot.press("x")
        await until(pilot, lambda: pane.text.count("x") == 1 and pane.has_focus)
        pane.select_all()
        screen.main.query_one(where).focus()
        await pilot.pause()
        screen.post_message(Paste("下一份草稿\n第二行"))
        await until(pilot, lambda: pane.text == "下一份草稿\n第二行" and pane.has_focus)
        await pilot.press("y")
        assert pane.text == "下一份草稿\n第二行y"


async def test_a_paste_into_the_draft_itself_comes_once(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=SMALL) as pilot:
        screen.post_message(Paste("一次"))
        await until(pilot, lambda: bool(screen.main.text))
        await pilot.pause(0.1)
        assert screen.main.text == "一次"


async def test_enter_and_escape_lead_back_to_the_draft(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=SMALL) as pilot:
        pane = await found(pilot, screen)
        await pilot.press("enter")
        await until(pilot, lambda: pane.has_focus)
        assert pane.text == "学区方案"
        await pilot.press("f2", "escape")
        await until(pilot, lambda: pane.has_focus)
        assert not screen._notifications
        await pilot.press("escape")
        assert len(screen._notifications) == 1


async def test_escape_stops_a_check_before_it_leads_back(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=SMALL) as pilot:
        screen.query_one(DraftPane).text = MARKED
        await pilot.press("f5")
        await settled(pilot, screen, "模型判读")
        await pilot.press("f2", "escape")
        await settled(pilot, screen, "尚未检查")
        assert screen.main.query_one("#findings").has_focus


async def test_an_edit_is_undone_from_the_list(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=SMALL) as pilot:
        pane = screen.query_one(DraftPane)
        pane.insert("学区方案")
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")
        await pilot.press("f2", "ctrl+z")
        await until(pilot, lambda: pane.text == "" and pane.has_focus)


@pytest.mark.parametrize("chosen", [True, False])
async def test_the_finding_that_was_chosen_stays_so_while_worse_ones_arrive(home: Path, chosen: bool) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        screen.query_one(DraftPane).text = "大家好。先别往外传，电话13912345678。学区方案还没上会。"
        await pilot.press("f5")
        await settled(pilot, screen, "现在：模型判读")
        pane = screen.main.query_one(FindingsPane)
        await until(pilot, lambda: len(pane.findings) > 1)
        rule = pane.findings[1].rule if chosen else "judge.wx-5"
        if chosen:
            await pilot.press("f2")
        engine(screen).go.set()
        await settled(pilot, screen, "须送审")
        await pilot.press("f5")
        await until(pilot, lambda: screen.checks.running is None)
        assert pane.findings[0].rule == "judge.wx-5"
        assert pane.selected is not None
        assert pane.selected.rule == rule


async def test_the_list_has_one_order_while_it_grows_and_when_it_is_whole(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        await reviewed(pilot, screen, f"{MARKED}\n会\u200b议改到六点，电话13912345678，见附件。", "禁止发送")
        whole = screen.main.findings
        screen.main.review, screen.main.results = None, [StageResult(stage=Stage.DETECT, findings=tuple(whole[::-1]))]
        assert screen.main.findings == whole
        assert len({f.severity for f in whole}) > 1


async def test_f1_of_the_main_screen_says_how_to_move(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=SMALL) as pilot:
        await pilot.press("f1")
        await settled(pilot, screen, "Shift+Tab", "#dialog-text")
        assert "PageDown" in words(screen, "#dialog-text")


@pytest.mark.parametrize("lang", list(Lang))
async def test_reasons_and_findings_are_seen_on_a_small_screen(home: Path, lang: Lang) -> None:
    screen = app(home, lang, broken=True)
    async with screen.run_test(size=SMALL) as pilot:
        await reviewed(pilot, screen, MARKED, say("not_examined", lang))
        await pilot.pause(0.1)
        bar, findings = screen.main.query_one("#decision", Prose), screen.main.query_one("#findings")
        assert bar.size.height >= bar.visual.get_height({}, bar.size.width)
        assert findings.size.height >= 3
        assert screen.main.query_one("#details").size.height >= 2
        assert screen.main.query_one(DraftPane).size.height >= 2
        assert "the engine died" in words(screen, "#detail")


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("kind", ["", "StoreLocked", "StoreError"])
async def test_the_status_is_not_cut_off_where_the_engine_is_down(
    home: Path, lang: Lang, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home, lang, broken=True)
    monkeypatch.setattr(screen.engine, "_seal", lambda: "seal_front")
    screen.station.config = screen.station.config.model_copy(update={"store": home / "store.db"})
    async with screen.run_test(size=SMALL) as pilot:
        await settled(pilot, screen, say("engine_failed", lang), "#status")
        screen.post_message(EngineFailed("x", kind))
        await settled(
            pilot,
            screen,
            say({"": "index_idle", "StoreLocked": "index_locked"}.get(kind, "index_shut"), lang),
            "#status",
        )
        await pilot.pause(0.1)
        status = screen.main.query_one("#status", Prose)
        assert say("auto_off", lang) in words(screen, "#status")
        assert status.size.height >= status.visual.get_height({}, status.size.width)


@pytest.mark.parametrize("size", [SMALL, (120, 36)])
async def test_what_is_told_lies_over_neither_decision_nor_status_nor_keys(home: Path, size: tuple[int, int]) -> None:
    screen = app(home, broken=True)
    async with screen.run_test(size=size, notifications=True) as pilot:
        await reviewed(pilot, screen, MARKED, "禁止发送")
        screen.notify("密钥文件读不出来 / the key file cannot be read; " * 3, severity="error", timeout=15)
        await until(pilot, lambda: any(t.region for t in screen.screen.query(Toast)))
        for toast in screen.screen.query(Toast):
            for name in ("#decision", "#status", "KeyBar"):
                assert not toast.region.overlaps(screen.main.query_one(name).region), name
            assert screen.screen.region.contains_region(toast.region)


@pytest.mark.parametrize("lang", list(Lang))
async def test_the_palette_speaks_one_language(home: Path, lang: Lang) -> None:
    screen = app(home, lang)
    async with screen.run_test(size=SMALL) as pilot:
        titles = [c.title for c in screen.get_system_commands(screen.screen)]
        assert all(("（" in title) == (lang is Lang.ZH) for title in titles if "F7" in title)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(screen.screen, Palette))
        await pilot.press(*"qqqq")
        options = screen.screen.query_one(OptionList)
        await until(pilot, lambda: [o.disabled for o in options.options] == [True])
        assert say("palette_none", lang) in str(options.get_option_at_index(0).prompt.renderable)  # type: ignore[union-attr]
        await pilot.press("escape")


def test_nothing_that_is_told_names_a_control_sequence() -> None:
    assert not [name for name, both in all_words().items() if any("OSC" in words for words in both)]


@pytest.mark.parametrize("lang", list(Lang))
async def test_the_tour_says_where_it_ends(home: Path, lang: Lang) -> None:
    screen = app(home, lang, tour=True)
    async with screen.run_test(size=SMALL) as pilot:
        await settled(pilot, screen, say("tour_1", lang)[:5], "#dialog-text")
        said = []
        for _ in range(3):
            said.append(str(screen.screen.query_one("#dialog").border_subtitle))
            await pilot.press("enter")
        assert [say("on_key", lang) in words for words in said] == [True, True, False]
        assert [say("end_key", lang) in words for words in said] == [False, False, True]


async def test_a_rule_is_named_and_its_id_stands_last(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 50)) as pilot:
        await reviewed(pilot, screen, "学区方案，栎管密〔2025〕7号", "禁止发送")
        rows = {row.rule: row for row in screen.main.findings}
        for place, finding in enumerate(screen.main.findings):
            screen.main.query_one("#findings", OptionList).focus()
            screen.main.query_one("#findings").select(place)  # type: ignore[attr-defined]
            await pilot.pause(0.1)
            lines = words(screen, "#detail").rstrip("\n").splitlines()
            named = screen.called(finding.rule)
            sure = next(line for line in lines if line.startswith("把握"))
            assert finding.rule not in sure
            assert lines[-1] == f"规则　{named}（{finding.rule}）" or named == finding.rule
        assert any(rule.startswith("judge.") for rule in rows)
        assert any(screen.called(rule) != rule for rule in rows)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
async def test_what_is_chosen_is_seen_without_colours(home: Path, theme: str) -> None:
    screen = app(home)
    screen.theme = theme
    async with screen.run_test(size=SMALL) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会讨论", "须送审")
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(screen.screen, FeedbackScreen) and bool(screen.screen.query(Input)))
        await pilot.pause(0.1)
        for keys, signs in ((), "●○"), (("shift+tab", "down", "space"), "○●"):
            await pilot.press(*keys)
            rows = [button.render_line(0) for button in screen.screen.query(RadioButton)]
            shown = [next(s for s in row if set(s.text) & {"●", "○"}) for row in rows]
            assert [sign.text.strip() for sign in shown] == list(signs)
            assert all(sign.style and sign.style.color != sign.style.bgcolor for sign in shown)
