"""Nothing that somebody else wrote reaches a terminal as a control: every command and every part of the screen."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from textual.app import App

from reviewer.draft import Draft, Folded
from reviewer.errors import EngineError
from reviewer.finding import Finding, Severity
from reviewer.index import Document, Key, Store
from reviewer.match import prepare
from reviewer.reports.visible import visible
from reviewer.tui.draft_pane import DraftPane
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
