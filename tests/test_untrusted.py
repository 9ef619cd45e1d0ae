"""Nothing that somebody else wrote reaches a terminal as a control: every command and every part of the screen."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color

from reviewer.draft import Draft, Folded
from reviewer.errors import EngineError
from reviewer.finding import Finding, Severity
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from reviewer.normalise.characters import vanishes
from reviewer.reports.visible import escaped, visible
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.guard import ControlGuard
from reviewer.verdict import StageResult
from tests.bench.station import own_pack
from tests.conftest import HashEmbedder
from tests.scripted import NEAR, ScriptedEngine, app, engine, settled

CONTROLS = (
    "\x1b]52;c;aGk=\x07"  # the clipboard
    "\x1b]0;title\x1b\\\x1b[2J\x1bP+q\x1b\\"  # the title, the whole screen, a device control string
    "\x9b31m\x9d52;c;aGk=\x9c"  # the same as single C1 characters
    "\u202e\u2066\u200b\U000e0041\x00\x7f\x08\x0d"
)
MARKUP = "[/bad] [bold]x [@click=app.quit]y[/] <script>alert(1)</script> \\[z"
HOSTILE = f"甲{CONTROLS}乙{MARKUP}丙"
OURS = re.compile(r"\x1b\[[0-9;:<=>?]*[A-Za-z]|\x1b\]22;[a-z-]*\x07")
"""What Textual itself writes: CSI sequences, and the pointer's shape."""


def untamed(text: str) -> set[str]:
    """The characters of a text that a terminal would obey, line ends excepted."""
    return {c for c in text if c != "\n" and c != visible(c)}


def reviewer(
    *arguments: str, data: bytes = b"", where: Path | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the program; its outputs as text."""
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", *arguments], input=data, capture_output=True, check=False, cwd=where,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **environment},
    )  # fmt: skip
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


NAME = CONTROLS.replace("\x00", "") + "x"
"""A file's name; it cannot hold NUL."""
DETECT = ("check", "--stages", "detect")
DRAFT = f"机密★20年 {HOSTILE} 13800138000".replace("\x00", "").encode()


UNSEEN = (
    "\x00\t\x1b\x7f\x9b\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180d\u180e\u180f\u200b\u200c\u200d\u200e\u2028\u2029"
    "\u202e\u2060\u2065\u2069\u206f\u2800\u3164\ud800\ue000\ufdd0\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff0\ufff9\ufffe\uffff\u0378"
    "\U00016fe4\U0001d159\U0001d173\U0001fffe\U000e0001\U000e0041\U000e0080\U000e0100\U000e01ef\U000f0000\U0010ffff"
)
"""One of each kind that no screen and no paper shows."""

SEEN = "aé字〇。 \u00a0\u3000“—·①ㅏ⠿🙂𠀀\U0002ebf0\U00031350\U0001fae8\U0001fa77ก้e\u0301"
"""What is ordinary, newer than the interpreter's Unicode, or drawn over the character before."""


def test_every_character_that_is_not_seen_is_written_by_its_number() -> None:
    for char in UNSEEN:
        for before, after in (("", ""), ("甲", "乙"), ("a", "b"), ("7", "8"), ("", "🙂")):
            assert visible(f"{before}{char}{after}") == f"{before}⟨U+{ord(char):04X}⟩{after}"
        held = json.dumps(f"甲{char}乙", ensure_ascii=False)
        assert char not in escaped(held)
        assert json.loads(escaped(held)) == f"甲{char}乙"
    assert visible(SEEN) == SEEN


@pytest.mark.parametrize("picture", ["❤️", "⚠️", "1️⃣", "👩‍👩‍👧", "👩‍❤️‍💋‍👨", "🏳️‍🌈", "🕵🏻‍♂️", "🐦‍⬛", "🇨🇳", "👍🏽"])
def test_a_picture_of_several_characters_stays_one(picture: str) -> None:
    text = f"甲{picture}乙{picture}{picture}"
    assert visible(text) == text
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("❤\ufe0f\ufe0f", "❤\ufe0f⟨U+FE0F⟩"),
        ("❤\ufe0e", "❤⟨U+FE0E⟩"),
        ("👩\u200d\u200d👧", "👩⟨U+200D⟩⟨U+200D⟩👧"),
        ("👩\u200d字", "👩⟨U+200D⟩字"),
        ("字\u200d👩", "字⟨U+200D⟩👩"),
        ("字\ufe0f\u200d👩", "字⟨U+FE0F⟩⟨U+200D⟩👩"),
        ("1\ufe0f2\ufe0f\u20e3", "1⟨U+FE0F⟩2\ufe0f\u20e3"),
        ("葛\U000e0100城", "葛⟨U+E0100⟩城"),
        ("\U0001faff\ufe0f", "⟨U+1FAFF⟩⟨U+FE0F⟩"),
    ],
)
def test_a_joiner_or_selector_that_makes_no_picture_is_written(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_whatever_reading_a_draft_folds_to_nothing_is_written() -> None:
    assert [ascii(c) for c in map(chr, range(0x110000)) if vanishes(c) and visible(c) == c] == []


@pytest.mark.parametrize("char", UNSEEN, ids=ascii)
def test_the_guard_sends_none_and_keeps_every_width(char: str) -> None:
    given = [Segment(f"甲{char}乙", Style(bold=True)), Segment("丙")]
    guarded = ControlGuard().apply(given, Color(0, 0, 0))
    assert [s.cell_length for s in guarded] == [s.cell_length for s in given]
    assert [s.style for s in guarded] == [s.style for s in given]
    assert char not in "".join(s.text for s in guarded)
    assert guarded[1] == given[1]


def test_the_guard_leaves_a_picture_that_lies_under_two_marks() -> None:
    given = [Segment(c, Style(bold=True)) for c in "甲👩\u200d👧❤\ufe0f乙"]
    assert ControlGuard().apply([*given, Segment("\x1b")], Color(0, 0, 0))[:-1] == given


async def test_a_joiner_takes_no_word_of_the_draft_from_the_screen(home: Path) -> None:
    screen = app(home)
    async with screen.run_test(size=(60, 24)) as pilot:
        pane = screen.query_one(DraftPane)
        pane.text = "机\u200d密\u200d文\ufe0f件\ufe0f，9\ufe0f月👩\u200d👧" + "字\u200d" * 40
        await pilot.pause()
        rows = [pane.render_line(y) for y in range(pane.wrapped_document.height)]
        painted = [row.apply_filter(ControlGuard(), Color(0, 0, 0)) for row in rows]
        assert "".join(row.text.rstrip() for row in painted) == "机密文件，9月👩\u200d👧" + "字" * 40
        assert [cell_len(row.text) for row in painted] == [row.cell_length for row in rows]
        assert len({row.cell_length for row in rows}) == 1


@pytest.mark.parametrize("form", ["text", "html", "sarif", "json"])
def test_a_check_in_every_format(tmp_path: Path, form: str) -> None:
    file = tmp_path / f"{NAME}.txt"
    file.write_bytes(DRAFT)
    done = reviewer(*DETECT, "--format", form, str(file))
    assert done.returncode == 20
    assert "机密★20年" in done.stdout
    assert not untamed(done.stdout + done.stderr)
    assert form != "html" or "<script>alert" not in done.stdout
    if form == "json":
        assert json.loads(done.stdout)["id"] == f"{NAME}.txt"


def test_a_station_whose_lists_and_packs_hold_controls_still_writes_its_forms(home: Path, tmp_path: Path) -> None:
    held = CONTROLS.replace("\U000e0041", "") + "\u034f\u3164\ufe0f\uffff"
    words = json.dumps(f"甲{held}乙")
    for folder in ("lists", "packs"):
        (home / folder).mkdir(parents=True)
    (home / "lists" / "a.toml").write_text(
        f'[[rule]]\nid = "local.a"\npattern = "管廊"\nflag = ["管廊"]\nignore = ["丙"]\nclause = "own-1"\n'
        f'severity = "block"\ntitle = {words}\nreason = {words}\nadvice = {words}\nowner = {words}\n\n'
        f'[[rule]]\nid = "local.b"\npattern = "三号"\nflag = ["三号"]\nignore = ["丙"]\n'
        f'severity = "block"\ntitle = {words}\nreason = {words}\nowner = {words}\n'
    )
    (home / "packs" / "own.toml").write_text(own_pack(f"甲{held}乙"), "utf-8")
    (tmp_path / f"{NAME}.txt").write_text("管廊三号舱", "utf-8")
    reports = [f"--report={tmp_path / name}" for name in ("f.docx", "f.pdf", "f.html", "f.sarif")]
    done = reviewer(*DETECT, *reports, str(tmp_path / f"{NAME}.txt"), REVIEWER_HOME=str(home))
    assert done.returncode == 20, done.stderr
    assert not untamed(done.stdout + done.stderr)
    form = "".join(part.text for part in docx.Document(str(tmp_path / "f.docx")).element.body.iter(qn("w:t")))
    pages = pypdfium2.PdfDocument(tmp_path / "f.pdf")
    pdf = "".join(page.get_textpage().get_text_bounded() for page in pages).replace("\r\n", "")
    page = unescape((tmp_path / "f.html").read_text())
    for said in (form, pdf.replace("〈", "⟨").replace("〉", "⟩"), page):
        assert not untamed(said)
        assert said.count(visible(f"甲{held}乙")) >= 3
    assert not untamed((tmp_path / "f.sarif").read_text())


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", f"none-{NAME}"),
        (*DETECT, f"{NAME}.docx"),
        (*DETECT, "--stdin-filename", f"{NAME}.pdf"),
        (*DETECT, "--batch", f"{NAME}.jsonl"),
        ("check", "--report", f"x.{NAME}"),
        ("check", "--store", NAME),
        ("check", "--channel", NAME),
        ("index", "list", "--store", f"{NAME}.txt"),
        ("index", "remove", NAME),
        ("packs", "show", NAME),
        ("packs", "check", f"{NAME}.toml"),
        ("precedents", "test", f"{NAME}.jsonl"),
        ("models", "verify", NAME),
        ("bundle", "verify", NAME),
        ("bundle", "list"),
        ("audit", "verify", "--code", NAME),
        ("audit", "show", "--draft", f"none-{NAME}"),
        ("eval", f"{NAME}.jsonl"),
        (NAME,),
        ("--lang", NAME),
    ],
    ids=lambda a: " ".join(a).replace(NAME, "X").replace("\x00", ""),
)
def test_every_refusal(home: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    for kind in ("txt", "docx", "jsonl", "toml"):
        (tmp_path / f"{NAME}.{kind}").write_bytes(HOSTILE.encode())
    (tmp_path / NAME).mkdir()
    (home / "bundles").mkdir(parents=True)
    (home / "bundles" / "state.json").write_text(HOSTILE)
    done = reviewer(*arguments, data=DRAFT, where=tmp_path, REVIEWER_HOME=str(home))
    assert done.returncode not in (0, 20), done.stdout
    assert done.stderr or arguments[0] == "audit"
    assert not untamed(done.stdout + done.stderr)
    assert "Traceback" not in done.stderr


def test_lists_of_what_others_wrote(home: Path, tmp_path: Path) -> None:
    embedder, key = HashEmbedder(), Key(file=home / "index.key")
    home.mkdir()
    store = Store.create(home / "store.db", key, embedder.identity)
    document = Document(doc=HOSTILE, level="机密", title=HOSTILE, number="", text="栎城区地下管廊三号舱" * 9)
    store.add(document, *prepare(document, embedder, store.fingerprint_key))
    store.close()
    precedent = {
        "id": f"x{CONTROLS}", "channel": "email", "verdict": "pass", "text": f"十个字以上的草稿{HOSTILE}",
        "reason": f"理由{CONTROLS}",
    }  # fmt: skip
    (home / "precedents.jsonl").write_text(json.dumps(precedent) + "\n")
    (home / "packs").mkdir()
    (home / "packs" / "own.toml").write_text(own_pack(f"本单位规定{CONTROLS}".replace("\U000e0041", "")), "utf-8")
    reviewer(*DETECT, data=DRAFT)
    for arguments, shown in (
        (("index", "list"), "机密"),
        (("precedents", "list"), "理由"),
        (("packs", "list"), "本单位规定"),
        (("packs", "show", "own"), "本单位规定"),
        (("audit", "show"), "review"),
        (("audit", "show", "--format", "json"), "review"),
        (("audit", "verify"), ""),
    ):
        done = reviewer(*arguments)
        assert done.returncode == 0, done.stderr
        assert shown in done.stdout
        assert not untamed((done.stdout + done.stderr).replace("\t", "")), arguments


class Terminal:
    """What a screen sends to its terminal, all of it."""

    def __init__(self, screen: App[int], monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[str] = []
        monkeypatch.setattr(App, "is_headless", property(lambda _: False))
        monkeypatch.setattr(screen._driver, "write", self.sent.append)
        screen.refresh(repaint=True, layout=True)

    @property
    def untamed(self) -> list[str]:
        """What is no part of a sequence of ours, with what stands around it."""
        rest = OURS.sub("", "".join(self.sent))
        return [rest[max(0, i - 9) : i + 30] for i, c in enumerate(rest) if untamed(c)]


def hostile_judge(draft: Draft, folded: Folded, earlier: object) -> StageResult:
    """A finding and a neighbour full of what somebody else wrote."""
    real = ScriptedEngine()
    real.go.set()
    real.words = {"甲": "wx-5"}
    result = real.judge(draft, folded, ())
    finding: Finding = result.findings[0].model_copy(
        update={"reason": HOSTILE, "advice": HOSTILE, "severity": Severity.REVIEW}
    )
    assert result.judgement
    near = NEAR.model_copy(update={"text": HOSTILE, "reason": HOSTILE, "id": HOSTILE})
    judgement = result.judgement.model_copy(update={"neighbours": (near,)})
    return result.model_copy(update={"findings": (finding,), "judgement": judgement})


KEYS = ("f2", "f10", "f3", "f4", "f6", "f7", "f8", "f9", "f1", "ctrl+y", "ctrl+p", "ctrl+t", "ctrl+q")


@pytest.mark.parametrize("size", [(120, 40), (60, 24)])
async def test_every_part_of_the_screen(home: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    screen = app(home, override=True)
    async with screen.run_test(size=size) as pilot:
        terminal = Terminal(screen, monkeypatch)
        monkeypatch.setattr(engine(screen), "judge", hostile_judge)
        for _ in range(2):
            screen.query_one(DraftPane).text = f"13800138000 {HOSTILE}"
            await pilot.press("f5")
            await settled(pilot, screen, "须送审")
        screen.notify(HOSTILE, title=HOSTILE, markup=False)
        await pilot.pause(0.1)
        for key in KEYS:
            before = len(terminal.sent)
            await pilot.press(key)
            await pilot.pause(0.15)
            assert len(terminal.sent) > before, key
            assert not terminal.untamed, key
            await pilot.press("escape")
            await pilot.pause(0.05)
        assert "甲" in "".join(terminal.sent)
        assert screen.is_running


async def test_what_an_engine_says_of_its_death(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        terminal = Terminal(screen, monkeypatch)

        def dead(*_: object) -> StageResult:
            raise EngineError(HOSTILE, HOSTILE)

        monkeypatch.setattr(engine(screen), "judge", dead)
        screen.query_one(DraftPane).text = "晚上吃面"
        await pilot.press("f5")
        await settled(pilot, screen, "须送审")
        assert "甲" in "".join(terminal.sent)
        assert not terminal.untamed
