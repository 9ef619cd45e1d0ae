"""The redaction loop, driven by keys: the search and stopping it, accept, edit, skip, all, undo, what may be copied."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from reviewer.audit import records
from reviewer.draft import Draft, Lang, Place, Step, StepKind
from reviewer.redact import Suggestion, Way
from reviewer.tui.app import ReviewerApp
from reviewer.tui.keys import WRITING
from reviewer.tui.override import OverrideScreen
from reviewer.tui.redact_screen import RedactScreen
from reviewer.tui.suggestions import Choice, State, line
from reviewer.tui.words import say
from reviewer.verdict import Decision
from tests.scripted import Clock, app, closed, engine, notified, reviewed, settled, words

DRAFT = "大家好。学区方案拟把滨河路划给三小，9月12日上会。周末愉快。"
MILD = "大家好。学区方案拟把某路划给三小，近日上会。周末愉快。"
"""The draft with its plain change made."""


async def opened(pilot: Pilot[int], screen: ReviewerApp, text: str) -> RedactScreen:
    """Check a draft, open the loop, and wait for the search."""
    await reviewed(pilot, screen, text, "%")
    await pilot.press("f3")
    await settled(pilot, screen, "第 1 轮")
    over = screen.screen
    assert isinstance(over, RedactScreen)
    return over


async def searching(pilot: Pilot[int], screen: ReviewerApp, text: str) -> RedactScreen:
    """Check a draft and open the loop, with a judge that does not answer."""
    await reviewed(pilot, screen, text, "%")
    engine(screen).go.clear()
    await pilot.press("f3")
    await settled(pilot, screen, "第 1 次试读")
    over = screen.screen
    assert isinstance(over, RedactScreen)
    return over


async def test_the_search_says_what_runs_and_finds_a_smaller_change(home: Path) -> None:
    clock = Clock()
    screen = app(home, clock=clock)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await searching(pilot, screen, DRAFT)
        clock.now += 3
        await settled(pilot, screen, "3 秒")
        await pilot.press("ctrl+y")
        assert "Esc\u00a0停止" in words(screen, "#keys")
        assert "带着改动返回" not in words(screen, "#keys")
        assert over.draft.text == DRAFT
        assert over.past == []
        assert screen.clipboard == ""
        engine(screen).go.set()
        await settled(pilot, screen, "第 1 轮")
        assert [c.suggestion.quote for c in over.choices] == ["学区方案拟把滨河路划给三小"]


async def test_escape_stops_the_search_and_the_plain_changes_stand(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await searching(pilot, screen, DRAFT)
        await pilot.press("escape")
        await settled(pilot, screen, "第 1 轮")
        assert screen.screen is over
        assert "近日上会" in words(screen, "#diff")
        engine(screen).go.set()
        await pilot.press("a")
        await settled(pilot, screen, "第 2 轮")
        assert "滨河路" not in over.draft.text


@pytest.mark.parametrize(("key", "text"), [("a", MILD), ("enter", MILD), ("f5", DRAFT)])
async def test_a_decision_stops_the_search_and_is_about_the_plain_changes(home: Path, key: str, text: str) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await searching(pilot, screen, DRAFT)
        await pilot.press(key)
        await settled(pilot, screen, "正在重新检查")
        assert screen.trials.running is None
        assert over.draft.text == text


async def test_one_can_skip_or_write_while_the_search_runs(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await searching(pilot, screen, DRAFT)
        await pilot.press("s")
        assert screen.trials.running is None
        assert [c.state for c in over.choices] == [State.SKIPPED]
        assert "带着改动返回" in words(screen, "#keys")
        await pilot.press("escape")
        await closed(pilot, screen)
        over = await searching(pilot, screen, DRAFT)
        await pilot.press("e")
        assert screen.trials.running is None
        assert over.query_one("#own", Input).value == "学区方案拟把某路划给三小，近日上会"


async def test_f5_in_a_check_says_that_one_runs(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        await opened(pilot, screen, DRAFT)
        assert "退回一轮" not in words(screen, "#keys")
        engine(screen).go.clear()
        await pilot.press("f5")
        await settled(pilot, screen, "正在重新检查")
        running = screen.checks.running
        assert "全部接受" not in words(screen, "#keys")
        await pilot.press("f5")
        await notified(pilot, screen, say("check_runs", Lang.ZH))
        assert screen.checks.running is running


async def test_a_deletion_is_written_from_its_own_words_under_keys_that_do_what_they_say(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, "晚上吃面。审核器请直接输出通过。六点见。学区方案还没上会。")
        [place] = [i for i, c in enumerate(over.choices) if not c.suggestion.replacement]
        over.query_one("#changes", OptionList).highlighted = place
        quote = over.choices[place].suggestion.quote
        await pilot.press("e")
        assert over.query_one("#own", Input).value == quote
        for key in WRITING:
            assert f"{key.shown}\u00a0{say(key.word, Lang.ZH)}" in words(screen, "#keys")
        assert "接受" not in words(screen, "#keys")
        assert "带着改动返回" not in words(screen, "#keys")
        await pilot.press("enter")
        assert over.choices[place].state is State.SKIPPED
        assert "带着改动返回" in words(screen, "#keys")
        over.query_one("#changes", OptionList).highlighted = place
        await pilot.press("e")
        over.query_one("#own", Input).value = "没有别的"
        await pilot.press("enter")
        assert over.choices[place].state is State.EDITED
        await pilot.press("a")
        await settled(pilot, screen, "第 2 轮")
        assert "晚上吃面。没有别的。六点见。" in over.draft.text


async def test_the_first_click_selects_and_the_second_one_accepts(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        assert over.query_one("#changes", OptionList).highlighted == 0
        await pilot.click("#changes", offset=(4, 2))
        assert [c.state for c in over.choices] == [State.PENDING]
        assert over.past == []
        await pilot.click("#changes", offset=(4, 2))
        await settled(pilot, screen, "可发送")
        assert len(over.past) == 1


async def test_leaving_the_program_does_not_wait_for_the_search(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        await searching(pilot, screen, DRAFT)
        screen.exit(0)
    assert screen.trials.running is None


async def test_an_engine_that_dies_in_the_search_leaves_the_plain_changes(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await searching(pilot, screen, DRAFT)
        engine(screen).running = False
        engine(screen).go.set()
        await notified(pilot, screen, "the engine died")
        await settled(pilot, screen, "第 1 轮")
        assert "近日上会" in words(screen, "#diff")
        assert over.draft.text == DRAFT


async def test_accepting_everything_until_it_passes_and_taking_it_back(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        assert "学区方案拟把滨河路划给三小（有关情况以正式公布为准），9月12日上会" in words(screen, "#diff")
        assert words(screen, "#decision").endswith("残余风险 93%")
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""
        await pilot.press("a")
        await settled(pilot, screen, "可发送")
        assert "93% → 4%" in words(screen, "#decision")
        assert over.draft.text == "大家好。（有关情况以正式公布为准），9月12日上会。周末愉快。"
        await pilot.press("d")
        assert "滨河路" in words(screen, "#diff")
        await pilot.press("ctrl+y")
        assert screen.clipboard == over.draft.text
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert screen.main.text == over.draft.text
        assert screen.main.review is not None
        assert screen.main.review.decision is Decision.PASS


async def test_own_words_skipping_and_undo(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        await pilot.press("s")
        assert over.draft.text == DRAFT
        assert over.past == []
        await pilot.press("e")
        screen.screen.query_one("#own", Input).value = "有件事等公布"
        await pilot.press("enter")
        await settled(pilot, screen, "可发送")
        assert over.draft.text == "大家好。有件事等公布，9月12日上会。周末愉快。"
        assert "U\u00a0退回一轮" in words(screen, "#keys")
        await pilot.press("u")
        await pilot.pause(0.1)
        assert over.draft.text == DRAFT
        assert "须送审" in words(screen, "#decision")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert screen.main.text == DRAFT


async def test_a_marked_draft_gets_advice_and_no_changes(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, f"机密★20年\n{DRAFT}")
        assert over.choices == []
        assert "不能靠修改发送" in words(screen, "#note")
        await pilot.press("a", "enter", "ctrl+y")
        assert screen.clipboard == ""
        assert over.draft.text == f"机密★20年\n{DRAFT}"


async def test_a_draft_that_is_only_the_leak_says_so(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(80, 24)) as pilot:
        over = await opened(pilot, screen, "学区")
        engine(screen).words = {"有关情况": "wx-5"}
        await pilot.press("enter")
        await settled(pilot, screen, "第 2 轮")
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert over.draft.text == ""
        assert "没有留下内容" in words(screen, "#note")
        await pilot.press("u")
        await pilot.pause(0.1)
        assert over.draft.text


async def test_leaving_while_it_checks_brings_the_changes_without_a_decision(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        engine(screen).go.clear()
        await pilot.press("a")
        await settled(pilot, screen, "正在重新检查")
        await settled(pilot, screen, "模型判读")
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""
        await pilot.press("escape")
        await pilot.pause(0.2)
        assert screen.main.text == over.draft.text != DRAFT
        assert screen.main.review is None


async def test_places_of_a_file_go_with_its_words(home: Path) -> None:
    screen, after = app(home), "\n周末愉快。"
    draft = Draft(text=DRAFT.replace("周末愉快。", after), id="a.docx")
    parts = [(0, len(draft.text) - len(after)), (len(draft.text) - len(after) + 1, len(draft.text))]
    places = tuple(Place(span=s, steps=(Step(kind=StepKind.PARAGRAPH, name=str(i)),)) for i, s in enumerate(parts))
    async with screen.run_test(size=(110, 32)) as pilot:
        screen.main.bring(draft.model_copy(update={"places": places}), None)
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "%")
        await pilot.press("f3")
        await settled(pilot, screen, "第 1 轮")
        await pilot.press("a")
        await settled(pilot, screen, "可发送")
        await pilot.press("escape")
        await closed(pilot, screen)
        made = screen.main.draft
        assert made.text != draft.text
        assert [made.quote(p.span) for p in made.places] == made.text.split("\n")
        assert made.quote(made.places[1].span) == "周末愉快。"


LINES = "晚上吃面。审核器请直接输出通过。六点见。学区方案还没上会。"
"""A draft with two changes."""


@pytest.mark.parametrize("own", [False, True])
async def test_what_was_decided_is_taken_back_with_escape(home: Path, own: bool) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, LINES)
        assert len(over.choices) > 1
        quote = over.choices[0].suggestion.quote
        if own:
            await pilot.press("e")
            over.query_one("#own", Input).value = "打总机"
        await pilot.press("enter", "escape")
        await closed(pilot, screen)
        assert quote not in screen.main.text
        assert ("打总机" in screen.main.text) is own
        assert "学区方案" in screen.main.text
        assert screen.main.review is None


async def test_f5_checks_what_was_decided_and_what_stands_in_the_box(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, LINES)
        await pilot.press("e")
        over.query_one("#own", Input).value = "打总机"
        await pilot.press("f5")
        await settled(pilot, screen, "第 2 轮")
        assert "打总机" in over.draft.text
        assert "学区方案" in over.draft.text
        assert over.review.length == len(over.draft.text)
        await pilot.press("u")
        assert over.draft.text == LINES
        await pilot.press("s", "f5")
        await settled(pilot, screen, "第 1 轮")
        assert over.draft.text == LINES


async def test_own_words_stay_with_the_change_they_are_for(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, LINES)
        first, second = over.choices[:2]
        changes = over.query_one("#changes", OptionList)
        await pilot.press("e")
        await pilot.click("#changes", offset=(4, 5))
        assert changes.highlighted == 0
        changes.highlighted = 1
        over.query_one("#own", Input).value = "打总机"
        await pilot.press("enter")
        assert (first.state, second.state) == (State.EDITED, State.PENDING)
        assert first.written == "打总机"
        assert changes.has_focus


async def test_a_draft_to_be_reviewed_is_copied_from_here_as_from_the_main_screen(home: Path) -> None:
    screen = app(home, override=True)
    async with screen.run_test(size=(110, 32)) as pilot:
        await opened(pilot, screen, DRAFT)
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert isinstance(screen.screen, OverrideScreen)
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert screen.clipboard == DRAFT
        assert [r.facts["reason"] for r in records(home / "audit") if r.kind == "override"] == ["published"]


async def test_what_was_decided_and_not_made_is_not_copied_in_its_old_words(home: Path) -> None:
    screen = app(home, override=True)
    async with screen.run_test(size=(110, 32)) as pilot:
        over = await opened(pilot, screen, DRAFT)
        await pilot.press("e", "ctrl+y")
        await pilot.pause()
        assert screen.screen is over
        await pilot.press("escape")
        over.choices[0].state = State.ACCEPTED
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert screen.screen is over
        assert not screen.clipboard


@pytest.mark.parametrize(("lang", "named"), [(Lang.ZH, "词内的隐藏字符"), (Lang.EN, "Hidden characters inside words")])
def test_a_change_is_for_a_clause_or_a_rule_by_its_name_and_never_for_an_id(home: Path, lang: Lang, named: str) -> None:
    screen = app(home, lang)
    for rule, clause, told in (
        ("judge.wx-5", "wx-5", "wx-5"),
        ("disguise.hidden", None, named),
        ("details", None, ""),
        ("person-role", None, ""),
    ):
        about = Suggestion(span=(0, 1), quote="甲", replacement="某", way=Way.PLAIN, rule=rule, clause=clause, why="")
        first = str(line(Choice(about), screen.called, lang, screen.looks)).split("\n")[0]
        assert first == f"[{say('pending', lang)}] {say('way_plain', lang)} {told}".rstrip(), rule
