"""A file as the draft, and the review form, driven by keys: what could not be read never passes, nothing is lost."""

import stat
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from reviewer import readers
from reviewer.audit import records
from reviewer.draft import Channel, Draft, Lang, Place, Unread
from reviewer.tui.app import ReviewerApp
from reviewer.tui.channels_screen import ChannelsScreen
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.forms import FormScreen
from reviewer.tui.history_screen import HistoryScreen
from reviewer.tui.opened import REMEMBERED, Sources
from reviewer.tui.opening import OpenScreen
from reviewer.tui.words import say
from tests.samples.make import BODY, GOOD, MARK
from tests.scripted import Clock, app, closed, engine, notified, reviewed, settled, words
from tests.test_tui_keys import until

KEPT = "写了很久的草稿，还没有存"
OTHER = "下周一的班车七点二十从东门发车，请大家提前五分钟到站"
READ = "周末大扫除，记得把窗户也擦一下，晚饭我来做"
PICTURE = Unread(what="图片 1", reason="图片太大")


async def opened(pilot: Pilot[int], screen: ReviewerApp, path: str) -> None:
    """Ask for a file."""
    await pilot.press("ctrl+o")
    await until(pilot, lambda: isinstance(screen.screen, OpenScreen))
    screen.screen.query_one(Input).value = path
    await pilot.press("enter")


async def test_a_file_becomes_the_draft_with_its_places(home: Path, tmp_path: Path) -> None:
    (tmp_path / "通知.docx").write_bytes(GOOD["docx"]())
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        screen.query_one(DraftPane).insert(KEPT)
        await opened(pilot, screen, f"'{tmp_path / '通知.docx'}'")
        await closed(pilot, screen)
        await notified(pilot, screen, "通知.docx")
        assert BODY in screen.main.text
        engine(screen).go.set()
        await pilot.press("f5")
        await settled(pilot, screen, "禁止发送")
        await pilot.press("f2")
        assert MARK in screen.main.findings[0].quote
        assert "页眉 › 第1段" in words(screen, "#detail")
        await pilot.press("enter", "ctrl+z")
        assert screen.main.text == KEPT


async def test_what_could_not_be_read_counts_until_the_draft_is_other_material(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Draft(text=READ, id="a.docx", unread=(PICTURE,))
    monkeypatch.setattr(readers, "read_file", lambda path, channel, lang: made.model_copy(update={"channel": channel}))
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        engine(screen).go.set()
        await opened(pilot, screen, "a.docx")
        await closed(pilot, screen)
        await settled(pilot, screen, "没有读出：图片 1：图片太大")
        pane = screen.query_one(DraftPane)
        for text, passes in (
            (READ, False),
            (READ + "。", False),
            (READ[:9], False),
            ("明天上午值班，早上八点到岗", True),
        ):
            pane.write(text)
            await pilot.press("f5")
            await settled(pilot, screen, "可发送" if passes else "未检查")
            assert ("图片太大" in words(screen, "#detail")) is not passes
        pane.write(READ)
        without = Draft(text=READ, channel=Channel.EMAIL)
        screen.main.bring(without, screen.session.entries[-1].review)
        assert screen.main.review is None
        await settled(pilot, screen, "尚未检查")
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""


async def test_what_could_not_be_read_is_known_again_when_ctrl_z_brings_the_file_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "甲.docx": Draft(text=READ, id="甲.docx", unread=(PICTURE,)),
        "乙.docx": Draft(text=OTHER, id="乙.docx", places=(Place(span=(0, len(OTHER)), steps=()),)),
    }
    monkeypatch.setattr(readers, "read_file", lambda path, channel, lang: files[path.name])
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        engine(screen).go.set()
        for name, made in files.items():
            await opened(pilot, screen, name)
            await closed(pilot, screen)
            assert screen.main.draft.unread == made.unread
            assert screen.main.draft.places == made.places
        await pilot.press("ctrl+z")
        assert screen.main.text == READ
        await settled(pilot, screen, "没有读出：图片 1：图片太大")
        await pilot.press("f5")
        await settled(pilot, screen, "未检查")
        screen.query_one(DraftPane).write(OTHER)
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(screen.screen, HistoryScreen))
        await pilot.press("down", "enter")
        await closed(pilot, screen)
        assert screen.main.draft.unread == (PICTURE,)
        await pilot.press("ctrl+z")
        assert screen.main.draft.unread == ()
        await pilot.press("ctrl+l")
        screen.query_one(DraftPane).insert("晚上吃面")
        assert screen.main.draft.unread == ()


async def test_what_is_coded_in_a_pasted_text_counts_until_it_is_taken_out(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        engine(screen).go.set()
        screen.query_one(DraftPane).write(f"{READ}\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n")
        await pilot.press("f5")
        await settled(pilot, screen, "未检查")
        assert "正文: 已加密，未检查（PGP）" in words(screen, "#detail")
        screen.query_one(DraftPane).write("")
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(screen.screen, HistoryScreen))
        await pilot.press("enter")
        await closed(pilot, screen)
        await settled(pilot, screen, "未检查")
        screen.query_one(DraftPane).write(READ)
        await pilot.press("f5")
        await settled(pilot, screen, "可发送")


def test_every_file_that_a_text_comes_from_tells_what_of_it_was_not_read() -> None:
    sources, sheet = Sources(), Unread(what="表 2", reason="加密")
    place = Place(span=(0, len(READ)), steps=())
    for made in (
        Draft(text=READ, id="甲.docx", unread=(PICTURE,), places=(place,)),
        Draft(text=OTHER, id="乙.docx", unread=(sheet,)),
    ):
        sources.add(made, made.text, again=True)
    for text, unread in (
        (READ, (PICTURE,)),
        (READ + OTHER, (PICTURE, sheet)),
        (READ[2:8], (PICTURE,)),
        (OTHER[:3], (sheet,)),
        ("晚上吃面", ()),
        ("我来", (PICTURE,)),
        ("！", ()),
    ):
        found = sources.of(Draft(text=text))
        assert found.unread == unread, text
        assert found.places == ((place,) if text == READ else ())
    for again, unread in ((False, (PICTURE,)), (True, ())):
        sources.add(Draft(text=READ, id="甲.docx"), READ, again=again)
        assert sources.of(Draft(text=READ)).unread == unread


def test_as_many_files_are_remembered_as_ctrl_z_goes_back() -> None:
    assert DraftPane("", "").history.max_checkpoints == REMEMBERED


async def test_a_file_that_gives_nothing_leaves_the_draft(home: Path, tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_text("  \n")
    screen = app(home)
    async with screen.run_test(size=(80, 24)) as pilot:
        screen.query_one(DraftPane).text = KEPT
        for path, told in (
            (tmp_path / "没有.docx", "没有这个文件"),
            (tmp_path, "目录"),
            (tmp_path / "空.txt", "没有读出文字"),
        ):
            await opened(pilot, screen, str(path))
            await settled(pilot, screen, told, "#wait")
            await pilot.press("escape")
            await closed(pilot, screen)
        assert screen.main.text == KEPT


async def test_reading_tells_how_long_and_escape_leaves_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def slow(path: Path, channel: Channel, lang: Lang) -> Draft:
        go.wait(60)
        return Draft(text="迟到的文字")

    monkeypatch.setattr(readers, "read_file", slow)
    screen = app(home, clock=(clock := Clock()))
    async with screen.run_test() as pilot:
        await opened(pilot, screen, "a.pdf")
        clock.now = 7.0
        await settled(pilot, screen, "正在读取　7 秒", "#wait")
        await pilot.press("escape")
        await closed(pilot, screen)
        go.set()
        await pilot.pause(0.2)
        assert screen.main.text == ""


async def test_an_unforeseen_failure_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    monkeypatch.setattr(readers, "read_file", lambda *_: 1 / 0)
    screen = app(home)
    async with screen.run_test() as pilot:
        await opened(pilot, screen, "a.pdf")
        await settled(pilot, screen, say("work_failed", Lang.ZH), "#wait")


@pytest.mark.parametrize(("suffix", "begins"), [(".pdf", b"%PDF"), (".docx", b"PK")])
@pytest.mark.parametrize("lang", list(Lang))
async def test_the_form_is_recorded_and_lies_in_the_stations_folder(
    home: Path, suffix: str, begins: bytes, lang: Lang
) -> None:
    screen = app(home, lang)
    async with screen.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, screen, "学区方案", say("review", lang))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(screen.screen, FormScreen))
        line = screen.screen.query_one(Input)
        assert line.value.startswith(say("form_name", lang))
        assert str(home / "forms") in "".join(words(screen, "#asks").split("\n"))
        line.value = f"甲{suffix}"
        await pilot.press("enter")
        await notified(pilot, screen, str(home / "forms" / f"甲{suffix}"))
        await closed(pilot, screen)
    made = home / "forms" / f"甲{suffix}"
    assert made.read_bytes().startswith(begins)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    [facts] = [r.facts for r in records(home / "audit") if r.kind == "report"]
    assert facts == {"format": suffix, "drafts": 1}
    assert "甲" not in "".join(f.read_text("utf-8", "replace") for f in (home / "audit").iterdir() if f.is_file())


async def test_no_form_without_a_finished_check_of_this_very_draft(home: Path) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await pilot.press("ctrl+s")
        await notified(pilot, screen, say("check_first", Lang.ZH))
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.press("x", "ctrl+s")
        await pilot.pause()
        assert len(screen.screen_stack) == 1


@pytest.mark.parametrize("name", ["甲.html", "../甲.pdf", "甲", "/tmp/甲.pdf", "有了.pdf"])
async def test_a_form_goes_nowhere_else_and_replaces_nothing(home: Path, name: str) -> None:
    screen = app(home)
    forms = home / "forms"
    forms.mkdir(parents=True, mode=0o700)
    (forms / "有了.pdf").write_text("从前")
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(screen.screen, FormScreen))
        screen.screen.query_one(Input).value = name
        await pilot.press("enter")
        await settled(pilot, screen, "已经有" if name == "有了.pdf" else "只写文件名", "#wait")
    assert [f.read_text() for f in forms.iterdir()] == ["从前"]
    assert not [r for r in records(home / "audit") if r.kind == "report"]


@pytest.mark.parametrize("broken", ["audit", "forms"])
async def test_a_form_that_cannot_be_recorded_or_written_is_not_there(home: Path, broken: str) -> None:
    screen = app(home)
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "学区方案", "须送审")
        if broken == "audit":
            (home / "audit").rename(home / "moved")
        (home / broken).write_text("a file where the folder should be")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(screen.screen, FormScreen))
        await pilot.press("enter")
        await settled(pilot, screen, broken, "#wait")
    assert not list(home.glob("**/*.pdf"))


SECRET = "绝密★长期 关于人事任免.txt"


@pytest.mark.parametrize("key", ["f5", "f6"])
async def test_a_name_that_gives_something_away_is_checked_as_the_last_line(
    home: Path, tmp_path: Path, key: str
) -> None:
    (tmp_path / SECRET).write_text(READ, "utf-8")
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        engine(screen).go.set()
        await opened(pilot, screen, str(tmp_path / SECRET))
        await closed(pilot, screen)
        assert screen.main.text == READ
        await pilot.press(key)
        await notified(pilot, screen, "文件名随文件发出")
        if key == "f6":
            await until(pilot, lambda: isinstance(screen.screen, ChannelsScreen) and all(screen.screen.reviews))
            await pilot.press("enter")
            await closed(pilot, screen)
        await settled(pilot, screen, "禁止发送")
        assert screen.main.text == f"{READ}\n{SECRET}"
        await pilot.press("f2")
        assert "文件名" in words(screen, "#detail")
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""
        await pilot.press("escape", "ctrl+z")
        assert screen.main.text == READ
        await pilot.press("f5")
        await until(pilot, lambda: screen.main.text == f"{READ}\n{SECRET}")
        await settled(pilot, screen, "禁止发送")


async def test_a_harmless_name_or_one_of_an_edited_file_changes_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "扫除.txt").write_text(READ, "utf-8")
    (tmp_path / SECRET).write_text(READ, "utf-8")
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        engine(screen).go.set()
        for name, more in (("扫除.txt", ""), (SECRET, "。")):
            await opened(pilot, screen, str(tmp_path / name))
            await closed(pilot, screen)
            screen.query_one(DraftPane).write(READ + more)
            await pilot.press("f5")
            await settled(pilot, screen, "可发送")
            assert screen.main.text == READ + more


async def test_a_pass_of_the_same_text_says_nothing_of_a_name(home: Path, tmp_path: Path) -> None:
    (tmp_path / SECRET).write_text(READ, "utf-8")
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        await reviewed(pilot, screen, READ, "可发送")
        typed, review = screen.main.draft, screen.main.review
        await opened(pilot, screen, str(tmp_path / SECRET))
        await closed(pilot, screen)
        screen.main.bring(typed, review)
        assert screen.main.review is None
        await pilot.press("ctrl+y")
        assert screen.clipboard == ""


async def test_a_file_that_is_read_behind_the_help_is_the_draft_once_that_is_closed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def read(path: Path, channel: Channel, lang: Lang) -> Draft:
        go.wait(60)
        return Draft(text=READ, channel=channel)

    monkeypatch.setattr(readers, "read_file", read)
    screen = app(home)
    async with screen.run_test(size=(120, 36)) as pilot:
        await opened(pilot, screen, "扫除.txt")
        over = screen.screen
        await pilot.press("f1")
        await until(pilot, lambda: len(screen.screen_stack) == 3)
        go.set()
        await until(pilot, lambda: isinstance(over, OpenScreen) and over._waits is not None)
        assert len(screen.screen_stack) == 3
        await pilot.press("escape")
        await closed(pilot, screen)
        assert screen.main.text == READ
