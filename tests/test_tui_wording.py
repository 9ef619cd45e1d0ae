"""What a person reads on the screen: nothing is cut off, one language, colours with contrast, lines that break well."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len, set_cell_size
from rich.color import Color
from rich.style import Style
from textual.geometry import Offset
from textual.selection import Selection
from textual.theme import Theme
from textual.widgets import OptionList
from textual.widgets._footer import FooterKey

from reviewer.draft import Lang
from reviewer.finding import Severity
from reviewer.tui import keys
from reviewer.tui.channels_screen import ChannelsScreen
from reviewer.tui.dialogs import TextDialog, Tour
from reviewer.tui.feedback import FeedbackScreen
from reviewer.tui.history_screen import HistoryScreen
from reviewer.tui.keys import (
    ANSWER,
    ASK,
    CHANNELS,
    DECIDING,
    EVERYWHERE,
    FEEDBACK,
    FORM,
    HISTORY,
    KEY_CELLS,
    MAIN,
    NAME_CELLS,
    OPEN,
    OVERRIDE,
    PALETTE,
    REDACT,
    TEXT,
    TOUR,
    TOUR_END,
    WRITING,
    Key,
    key_line,
)
from reviewer.tui.prose import CLOSING, OPENING, Prose, breaks
from reviewer.tui.redact_screen import RedactScreen
from reviewer.tui.themes import LOOKS, THEMES
from reviewer.tui.words import say
from reviewer.tui.words import words as all_words
from tests.scripted import app, engine, reviewed, settled, words
from tests.test_tui_keys import until

DIALOG = 86
"""Cells of a line of a wide dialog."""

SMALL_DIALOG = 71
"""The same on a screen of 80 columns."""

BAR = [key for key in MAIN if key.footer and key is not PALETTE]
"""The keys of the bar; the palette's has no room, and F1 lists it."""

MARKED = "机密★20年\n栎管密〔2025〕7号\n学区方案还没上会，先别往外传。"


def brightness(colour: Color) -> float:
    """Relative luminance of WCAG 2, from 0 to 1."""
    triple = colour.get_truecolor()
    parts = [v / 255 for v in triple]
    red, green, blue = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: Color, other: Color) -> float:
    """Contrast of WCAG 2, from 1 to 21."""
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_what_is_marked_can_be_read_in_every_set_of_colours(theme: Theme) -> None:
    ground, words_on_it = Color.parse(theme.surface or ""), Color.parse(theme.foreground or "")
    for name, look in LOOKS[theme.name].items():
        style = Style.parse(look)
        assert not style.reverse, name
        assert ratio(style.color or words_on_it, style.bgcolor or ground) >= 4.5, name
    for row in ("row", "row-focused"):
        assert ratio(words_on_it, Color.parse(theme.variables[row])) >= 4.5
    assert ratio(Color.parse(theme.variables["edge"]), ground) >= 3


def test_a_look_over_another_hides_it(home: Path) -> None:
    for looks in LOOKS.values():
        under = [Style.parse(looks[severity.value]) for severity in Severity]
        selected = Style.parse(looks["selected"])
        assert {(s + selected).color for s in under} == {selected.color}
        assert not any((s + selected).reverse for s in under)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("width", [80, 100, 111, 120])
async def test_no_key_of_the_main_screen_is_cut_off(home: Path, lang: Lang, width: int) -> None:
    screen = app(home, lang)
    async with screen.run_test(size=(width, 24)) as pilot:
        await until(pilot, lambda: all(key.region for key in screen.query(FooterKey)) and bool(screen.query(FooterKey)))
        keys = list(screen.query(FooterKey))
        assert [k.key_display for k in keys] == [k.shown for k in BAR]
        for key in keys:
            needed = cell_len(f" {key.key_display} {key.description}")
            assert key.region.width >= needed, key
            assert key.region.right <= width, key
            assert key.region.bottom <= 24, key


@pytest.mark.parametrize("lang", list(Lang))
async def test_the_list_of_channels_adds_no_words_of_another_language(home: Path, lang: Lang) -> None:
    screen = app(home, lang)
    async with screen.run_test(size=(120, 36)) as pilot:
        screen.main.query_one("#channel").focus()
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert [k.description for k in screen.query(FooterKey)] == [say(k.word, lang) for k in BAR]
        await pilot.press("escape")


@pytest.mark.parametrize("lang", list(Lang))
def test_every_line_of_f1_fits(lang: Lang) -> None:
    helps = [name for name in all_words() if name.endswith("_help") and name != "auto_command_help"]
    assert helps
    for name in helps:
        assert KEY_CELLS + NAME_CELLS + cell_len(say(name, lang)) <= DIALOG, name


@pytest.mark.parametrize("lang", list(Lang))
def test_no_name_of_a_key_reaches_the_next_column(lang: Lang) -> None:
    tables = (MAIN, REDACT, WRITING, CHANNELS, ANSWER, HISTORY, OVERRIDE, FEEDBACK, OPEN, FORM, TOUR, TOUR_END)
    tables = (*tables, ASK, TEXT)
    assert set(tables) == {v for v in vars(keys).values() if isinstance(v, tuple) and v and isinstance(v[0], Key)} - {
        EVERYWHERE,
        DECIDING,
    }
    for key in (key for table in (*tables, EVERYWHERE) for key in table):
        assert cell_len(say(key.word, lang)) < NAME_CELLS, key
        assert cell_len(key.both) < KEY_CELLS, key


@pytest.mark.parametrize("lang", list(Lang))
async def test_lines_of_f1_keep_their_column_at_80_columns(home: Path, lang: Lang) -> None:
    screen = app(home, lang)
    async with screen.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(screen.screen, TextDialog) and bool(screen.screen.query(Prose)))
        await pilot.pause(0.1)
        text = screen.screen.query_one("#dialog-text", Prose)
        assert text.size.width <= SMALL_DIALOG
        rows = ["".join(s.text for s in text.render_line(y)).rstrip() for y in range(text.size.height)]
        table = rows[: rows.index("")]
        assert len(table) > len(MAIN)
        column = KEY_CELLS + NAME_CELLS
        heads = [row for row in table if row[0] != " "]
        assert [row.split()[0] for row in heads] == [key.both for key in MAIN]
        for row in table:
            assert cell_len(row) <= text.size.width
            before = set_cell_size(row, column)
            assert row.startswith(before), row
            assert before.endswith(" "), row
            assert row[len(before)] != " ", row


@pytest.mark.parametrize("lang", list(Lang))
def test_the_keys_of_changes_stand_on_one_line_and_break_between_keys(lang: Lang) -> None:
    line = key_line((*REDACT, EVERYWHERE[0]), lang).plain
    assert cell_len(line) <= 120 - 4
    names = {say(key.word, lang).replace(" ", "\u00a0") for key in REDACT}
    for width in (40, 76):
        rows = [line[a:b].rstrip() for a, b in pairwise([0, *breaks(line, width), len(line)])]
        assert max(map(cell_len, rows)) <= width
        assert all(any(name in row for row in rows) for name in names)


@pytest.mark.parametrize("width", [3, 20, 56, 86])
@pytest.mark.parametrize("lang", list(Lang))
def test_lines_are_filled_and_no_punctuation_is_left_alone(lang: Lang, width: int) -> None:
    for name in all_words():
        for line in say(name, lang).splitlines():
            cuts = list(breaks(line, width))
            rows = [line[a:b] for a, b in pairwise([0, *cuts, len(line)])]
            assert "".join(rows) == line
            assert all(cell_len(row.rstrip()) <= width for row in rows)
            if width >= 20:
                assert not [row for row in rows[1:] if row[0] in CLOSING], (name, rows)
                assert not [row for row in rows[:-1] if row.rstrip()[-1] in OPENING], (name, rows)
            if width >= 20 and not re.search(r"[!-~]{4}", line):
                assert all(cell_len(row.rstrip()) >= width - 8 for row in rows[:-1]), (name, rows)


async def test_a_chinese_sentence_is_not_moved_to_the_next_line_whole(home: Path) -> None:
    screen = app(home, tour=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(screen.screen, Tour)
        text = screen.screen.query_one("#dialog-text", Prose)
        rows = ["".join(s.text for s in text.render_line(y)).rstrip() for y in range(text.size.height)]
        assert "按 F5。规则和索引马上有结果" in rows[2]
        assert len([row for row in rows if row]) == text.size.height - 1


async def test_what_is_selected_in_a_broken_text_is_what_is_seen(home: Path) -> None:
    screen = app(home, tour=True)
    async with screen.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause(0.1)
        text = screen.screen.query_one("#dialog-text", Prose)
        row = "".join(s.text for s in text.render_line(2)).rstrip()
        assert text.get_selection(Selection(Offset(0, 2), Offset(4, 2))) == (row.strip()[:4], "\n")


async def test_an_open_list_of_checks_takes_the_new_colours(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 30)) as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.press("f8")
        await pilot.pause(0.1)
        assert isinstance(screen.screen, HistoryScreen)
        await pilot.press("ctrl+t")
        await pilot.pause(0.1)
        assert screen.theme == "light"
        rows = screen.screen.query_one("#entries", OptionList)
        styles = [str(span.style) for span in rows.get_option_at_index(0).prompt.spans]  # type: ignore[union-attr]
        assert LOOKS["light"]["review"] in styles
        assert LOOKS["dark"]["review"] not in styles
        assert rows.highlighted == 0


async def test_english_screens_have_no_chinese_words_or_punctuation_of_ours(home: Path) -> None:
    screen = app(home, Lang.EN)
    async with screen.run_test(size=(120, 40)) as pilot:
        engine(screen).words = {}
        await reviewed(pilot, screen, "内部材料，看完就删，别外传", "PASS")
        rows = [str(o.prompt) for o in screen.main.query_one("#findings", OptionList).options]
        named = [row for row in rows if "NOTE" in row]
        assert "Asks to delete or recall it" in named[0]
        said = [words(screen, "#decision"), words(screen, "#status"), words(screen, "#detail")]
        assert "Asks to delete or recall it" in said[2]
        assert not [w for w in said if re.search("[一-鿿（）：，]", w)]
        await pilot.press("f7")
        await pilot.pause(0.1)
        assert "Channel: Public post" in words(screen, "#decision")


@pytest.mark.parametrize("lang", list(Lang))
async def test_the_bar_says_what_to_do_next(home: Path, lang: Lang) -> None:
    screen = app(home, lang)
    async with screen.run_test(size=(120, 36)) as pilot:
        for text, decision in (("吃面", "pass"), ("学区方案", "review"), (MARKED, "block")):
            await reviewed(pilot, screen, text, say(decision, lang))
            assert say(f"next_{decision}", lang) in words(screen, "#decision")


async def test_what_was_not_examined_says_what_to_do(home: Path) -> None:
    screen = app(home, broken=True)
    async with screen.run_test(size=(120, 36)) as pilot:
        await reviewed(pilot, screen, "吃面", "未检查")
        assert say("next_unfinished", Lang.ZH) in words(screen, "#decision")


async def test_a_clause_is_asked_for_only_where_one_was_missed(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区方案还没上会讨论", "须送审")
        await pilot.press("f9")
        await pilot.pause(0.1)
        over = screen.screen
        assert isinstance(over, FeedbackScreen)
        assert not over.query_one("#label").display
        over.query_one("#missed").value = True  # type: ignore[attr-defined]
        await pilot.pause(0.1)
        assert over.query_one("#label").display
        assert over.query_one("#which").display


async def test_where_no_change_helps_none_is_offered(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, MARKED, "禁止发送")
        await pilot.press("f3")
        await settled(pilot, screen, "第 1 轮")
        assert isinstance(screen.screen, RedactScreen)
        assert "全部接受" not in words(screen, "#keys")
        assert "再查" in words(screen, "#keys")
        only = screen.screen.query_one("#changes", OptionList).get_option_at_index(0)
        assert (str(only.prompt), only.disabled) == ("没有可用的改法", True)


async def test_only_the_name_of_a_channel_is_bold(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(110, 36)) as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.press("f6")
        await settled(pilot, screen, "不同渠道")
        assert isinstance(screen.screen, ChannelsScreen)
        row = screen.screen.query_one("#channels", OptionList).get_option_at_index(0).prompt
        assert not row.style  # type: ignore[union-attr]
