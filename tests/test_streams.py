"""Terminals that can do little: no UTF-8, nothing to paint on. What is said stays readable and the status right."""

import json
import os
import pty
import select
import subprocess
import sys
import time

import pytest

from reviewer.paths import PACKAGE

MARK = "机密★20年\n附😀"
PROGRAM = "from reviewer.__main__ import main; main()"
SCREEN = "from tests import scripted_tui; scripted_tui.main()"


def environment(**given: str) -> dict[str, str]:
    """Ours without what tells of encodings and terminals."""
    told = ("LANG", "LC_ALL", "LC_CTYPE", "TERM", "PYTHONUTF8", "PYTHONIOENCODING")
    kept = {k: v for k, v in os.environ.items() if k not in told}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent), **given}


def check(encoding: str, *arguments: str, **given: str) -> tuple[int, str, str]:
    """Status, standard output and standard error of a check of a marked draft."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, input=MARK.encode(), capture_output=True, env=environment(**given), check=False)
    return done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "given"),
    [
        ("utf-8", {"LC_ALL": "C", "TERM": "dumb"}),
        ("utf-8", {"LC_ALL": "POSIX", "TERM": "dumb"}),
        ("utf-8", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
        ("gbk", {"PYTHONIOENCODING": "gbk"}),
        ("latin-1", {"PYTHONIOENCODING": "latin-1"}),
    ],
    ids=["C", "POSIX", "C without UTF-8 mode", "GBK", "Latin-1"],
)
def test_a_check_says_its_verdict_in_any_encoding(encoding: str, given: dict[str, str]) -> None:
    status, out, err = check(encoding, "check", "--stages", "detect", "--format", "json", **given)
    assert (status, err) == (20, "")
    assert json.loads(out)["findings"][0]["quote"].startswith("机密★20年")
    status, out, err = check(encoding, "check", "--stages", "detect", **given)
    assert (status, err) == (20, "")
    shown = out.encode("latin-1").decode("unicode_escape") if encoding == "latin-1" else out
    assert "结论：禁止发送" in shown


def painted(enough: bytes, code: str = SCREEN, **given: str) -> tuple[int | None, bytes]:
    """Status, if it ended, and what a screen sends to a real terminal until it has sent `enough`."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env=environment(**given),
    )
    os.close(slave)
    seen, end = b"", time.monotonic() + 60
    try:
        while enough not in seen and time.monotonic() < end:
            if select.select([master], [], [], 0.1)[0]:
                seen += os.read(master, 65536)
    except OSError:
        return process.wait(10), seen
    finally:
        process.kill()
        status = process.wait()
        os.close(master)
    return None if status == -9 else status, seen


@pytest.mark.skipif(sys.platform != "linux", reason="terminals of Linux")
@pytest.mark.parametrize(
    ("given", "said"),
    [({"TERM": "dumb"}, "TERM=dumb"), ({"TERM": "xterm", "PYTHONIOENCODING": "gbk"}, "字符编码不是 UTF-8")],
    ids=["dumb", "GBK"],
)
def test_a_terminal_that_cannot_show_the_screen_gets_a_sentence_and_nothing_painted(
    given: dict[str, str], said: str
) -> None:
    status, seen = painted(b"never", **given)
    assert status == 1
    assert b"\x1b" not in seen
    text = seen.decode(given.get("PYTHONIOENCODING", "utf-8"))
    assert said in text
    assert "reviewer check" in text
    assert len(text.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [(), ("tui",)], ids=["bare", "tui"])
def test_without_a_terminal_the_screen_ends_with_a_sentence_and_nothing_painted(arguments: tuple[str, ...]) -> None:
    status, out, err = check("utf-8", *arguments, TERM="xterm-256color")
    assert (status, out) == (1, "")
    assert "界面要在终端里打开" in err
    assert "\x1b" not in err


@pytest.mark.skipif(sys.platform != "linux", reason="terminals of Linux")
@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_the_screen_paints_chinese_without_a_utf8_locale(locale: str) -> None:
    status, seen = painted("微信群".encode(), TERM="xterm", LC_ALL=locale)
    assert status is None
    assert "微信群".encode() in seen
