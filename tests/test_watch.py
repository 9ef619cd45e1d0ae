"""The clipboard: what is new is reviewed at once, in words, and recorded; nothing of it is written anywhere."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import copykitten
import pytest

from reviewer import clipboard
from reviewer.clipboard import SystemClipboard, changes
from tests.scripted_clipboard import NAME
from tests.scripted_worker import FIND

BESIDE = "未检查：剪贴板上文字以外的内容（图片、其他格式）\n"
UNREAD = "剪贴板读不出来，刚复制的内容未检查，粘贴前先送保密审查\n"
GONE = "剪贴板上已不是文字；若是图片或文件，未检查，粘贴前先送保密审查\n"
SAID = f"正在盯住剪贴板，Ctrl-C 结束\n{BESIDE}"
LEFT = "所做检查：规则、模型判读；未做：索引比对\n"
HARMLESS = ["结论：可发送\n", "已检查 6/6 字\n", LEFT, BESIDE]
WATCH = "from tests.scripted_clipboard import watch; watch()"
HEARING = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {WATCH}"
"""The same where Ctrl-C counts: whoever starts the suite in the background has its children ignore it."""
SYSTEM = f"from reviewer.clipboard import Watcher; own = Watcher.module; {WATCH[:-1]}own)"


class EndError(Exception):
    """The script is over."""


class ScriptedClipboard:
    """Holds one text after the other."""

    def __init__(self, *texts: str | None) -> None:
        self._texts = iter(texts)

    def read(self) -> str | None:
        """The next."""
        for text in self._texts:
            return text
        raise EndError


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (("甲", "甲", "", "甲", "乙", "", "", "甲"), ["甲", "", "乙", "", "甲"]),
        (("", "", "甲"), ["甲"]),
        ((None, None, "", None, "甲", None, "甲"), [None, None, "甲", None]),
        (("甲", None, None, "", "乙"), ["甲", None, "", "乙"]),
    ],
)
def test_only_a_new_text_counts_and_that_there_is_none_any_more(
    monkeypatch: pytest.MonkeyPatch, held: tuple[str | None, ...], told: list[str | None]
) -> None:
    monkeypatch.setattr(clipboard, "INTERVAL_S", 0.0)
    heard: list[str | None] = []
    with pytest.raises(EndError):
        heard.extend(changes(ScriptedClipboard(*held)))
    assert heard == told


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("The clipboard contents were not available in the requested format or the clipboard is empty.", ""),
        ("The native clipboard is not accessible due to being held by another party.", None),
    ],
)
def test_a_text_that_cannot_be_read_is_told_from_none(
    monkeypatch: pytest.MonkeyPatch, said: str, read: str | None
) -> None:
    def fails() -> str:
        raise copykitten.CopykittenError(said)

    monkeypatch.setattr(copykitten, "paste", fails)
    assert SystemClipboard().read() == read


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> "Iterator[subprocess.Popen[str]]":
    """A running watch over a file."""
    (folder / NAME).write_text("")
    process = subprocess.Popen(
        [sys.executable, "-c", HEARING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    yield process
    process.kill()
    process.communicate()


def answer(watching: "subprocess.Popen[str]") -> list[str]:
    """The lines about the next text, of which that on everything but text is the last."""
    assert watching.stdout
    end = threading.Timer(240, watching.kill)
    end.start()
    said: list[str] = []
    while BESIDE not in said:
        said.append(watching.stdout.readline())
        assert said[-1], said
    end.cancel()
    return said


def test_what_is_copied_is_reviewed_and_recorded(folder: Path, home: Path, watching: "subprocess.Popen[str]") -> None:
    assert watching.stderr
    (folder / NAME).write_text("晚上一起吃面")
    assert answer(watching) == HARMLESS
    assert watching.stdout
    (folder / NAME).write_text("")
    assert watching.stdout.readline() == GONE
    (folder / NAME).write_bytes(b"\xff")
    assert watching.stdout.readline() == UNREAD
    (folder / NAME).write_text("机密★20年")
    said = answer(watching)
    assert said[0] == "\a结论：禁止发送\n"
    assert said[-3:] == HARMLESS[-3:]
    (folder / NAME).write_text(f"{FIND}方案先看看")
    assert answer(watching)[0] == "\a结论：须送审\n"
    (folder / NAME).write_text("见下\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n")
    said = answer(watching)
    assert said[0] == "\a结论：须送审\n"
    assert any("正文: 已加密，未检查（PGP）" in line for line in said), said
    watching.send_signal(signal.SIGINT)
    assert watching.wait(60) == 130
    assert watching.stderr.read() == SAID + 4 * "正在审查刚复制的内容，先别粘贴……\n" + "\n"
    log = "".join(f.read_text() for f in (home / "audit").glob("*.jsonl"))
    assert log.count('"clipboard"') == 4
    assert all(words not in log for words in ("吃面", "机密★", FIND))


def test_the_reading_process_ends_with_the_watch(folder: Path, watching: "subprocess.Popen[str]") -> None:
    (folder / NAME).write_text("晚上一起吃面")
    assert answer(watching) == HARMLESS
    children = Path(f"/proc/{watching.pid}/task/{watching.pid}/children").read_text().split()
    assert len(children) == 2
    watching.kill()
    end = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a terminal")
def test_at_a_terminal_it_says_how_long_the_models_take(folder: Path) -> None:
    (folder / NAME).write_text("")
    ours, theirs = os.openpty()
    code = f"from reviewer.cli import waiting; waiting.EVERY_S = 0.01; {WATCH}"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while "正在盯住剪贴板".encode() not in said:
            said += os.read(ours, 4096)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert "\r正在载入模型 0 s\r" in said.decode(errors="ignore")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_clipboard_it_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setenv("REVIEWER_LANG", lang)
    done = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "reviewer: the clipboard cannot be read; run it where you have a display\n"


def test_without_a_display_the_system_has_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux may have no display")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    done = subprocess.run([sys.executable, "-c", SYSTEM], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the clipboard cannot be read" in done.stderr


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An X server without a screen."""
    take, give = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(give), "-nolisten", "tcp"], pass_fds=[give], stderr=subprocess.DEVNULL
    )
    os.close(give)
    with os.fdopen(take) as said:
        monkeypatch.setenv("DISPLAY", f":{said.readline().strip()}")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield
    server.terminate()
    server.wait()


@pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xclip")), reason="needs Xvfb and xclip")
def test_a_real_clipboard(folder: Path, display: None) -> None:
    process = subprocess.Popen([sys.executable, "-c", SYSTEM], stdout=subprocess.PIPE, text=True, bufsize=1)
    owners = []
    try:
        for text, expected in (("晚上一起吃面", "结论：可发送\n"), ("机密★20年", "\a结论：禁止发送\n")):
            owner = subprocess.Popen(["xclip", "-selection", "clipboard", "-quiet"], stdin=subprocess.PIPE, text=True)
            owners.append(owner)
            assert owner.stdin
            owner.stdin.write(text)
            owner.stdin.close()
            assert answer(process)[0] == expected
    finally:
        for one in (process, *owners):
            one.kill()
            one.wait()
        assert process.stdout
        process.stdout.close()
