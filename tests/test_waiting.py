"""A person at a terminal is told what a command waits for; what is said is erased, and nobody else hears it."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewer.cli import waiting as module
from reviewer.cli.waiting import waiting


def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard error of a test be a terminal, and time pass quickly; no fixture, whose stream is another one."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(module, "EVERY_S", 0.02)


def test_a_terminal_is_told_what_runs_and_how_long_and_all_of_it_is_erased(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(monkeypatch)
    with waiting("正在审查"):
        time.sleep(0.1)
    said = capsys.readouterr().err
    assert said.startswith("\r正在审查 0 s")
    *_, blanks, last = said.split("\r")
    assert last == ""
    assert set(blanks) == {" "}
    assert len(blanks) >= len("正在审查 0 s".encode("gbk"))


def test_it_is_erased_when_the_work_fails_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(monkeypatch)

    def work() -> None:
        with waiting("正在审查"):
            time.sleep(0.1)
            raise ValueError("spoilt")

    with pytest.raises(ValueError, match="spoilt"):
        work()
    assert capsys.readouterr().err.endswith(" \r")


def test_short_work_and_quiet_work_say_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(monkeypatch)
    with waiting("正在审查"):
        pass
    with waiting("正在审查", quiet=True):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_without_a_terminal_nothing_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY_S", 0.02)
    with waiting("正在审查"):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""


SLOW = """
import sys, time
from reviewer.cli import check, waiting
from reviewer.__main__ import main
waiting.EVERY_S = 0.05
read = check.drafts.read_file
def slowly(path, *rest):
    time.sleep(0.5)
    return read(path, *rest)
check.drafts.read_file = slowly
sys.argv = ["reviewer", "check", "--stages", "detect", *sys.argv[1:]]
raise SystemExit(main())
"""


def test_one_file_checked_at_a_terminal_is_waited_for_with_words(tmp_path: Path, home: Path) -> None:
    draft = tmp_path / "a.txt"
    draft.write_text("明天值班")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", SLOW, str(draft)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=False)
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "正在读取 0 s" in said
    assert said.endswith(" \r")
    assert "正在" not in done.stdout.decode()
