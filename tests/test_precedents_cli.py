"""`reviewer precedents add`: what is read, and what is said where it cannot be."""

import contextlib
import io
from pathlib import Path

import click
import pytest

from reviewer import teaching
from reviewer.assemble import STAGES, Station, configure
from reviewer.cli import precedents
from reviewer.draft import Channel
from reviewer.engine import LESSON_S
from reviewer.paths import Home
from reviewer.settings import Settings
from reviewer.teaching import Change, Preview
from tests.scripted import ScriptedEngine, ScriptedStation
from tests.test_cli import reviewer

TEXT = "学区图已经在官网公布了，大家自己去看"
NO_REASON = "reviewer: reason: "
"""The complaint about a draft that was read."""


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = reviewer("precedents", "add", str(tmp_path / "mistyped.jsonl"))
    assert done.returncode == 2
    assert "mistyped.jsonl" in done.stderr.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_text_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "draft.txt"
    file.write_bytes(TEXT.encode(encoding))
    for done in (
        reviewer("precedents", "add", str(file)),
        reviewer("precedents", "add", "--yes", data=file.read_bytes()),
    ):
        assert done.returncode == 1
        assert done.stderr.decode().startswith(NO_REASON)


def test_a_file_that_is_called_like_standard_input_is_read_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    done = reviewer("precedents", "add", "./-")
    assert (done.returncode, done.stderr.decode()[: len(NO_REASON)]) == (1, NO_REASON)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "draft.docx"
    file.write_bytes(b"PK\x03\x04 no document")
    done = reviewer("precedents", "add", str(file))
    assert done.returncode == 1
    assert done.stderr.decode().startswith("reviewer: draft.docx: ")


@pytest.mark.parametrize(("lang", "words"), [("zh", "从管道读入时请加 --yes"), ("en", "give --yes with piped input")])
def test_piped_input_cannot_be_asked(lang: str, words: str) -> None:
    done = reviewer("--lang", lang, "precedents", "add", "--reason", "已经公布", data=TEXT.encode())
    assert done.returncode == 2
    assert words in done.stderr.decode()


@pytest.mark.parametrize("yes", [False, True])
def test_what_is_decided_without_a_terminal_needs_yes(home: Path, monkeypatch: pytest.MonkeyPatch, yes: bool) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    made = Station(configure(Settings(), Home(home)), STAGES, 5.0)
    needed = contextlib.nullcontext() if yes else pytest.raises(click.UsageError, match="--yes")
    with needed:
        precedents._decide(made, Preview(changes=(), flips=()), yes)


@pytest.mark.parametrize("too_long", [False, True])
def test_why_a_lesson_changes_nothing_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, too_long: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    made = Station(configure(Settings(), Home(home)), STAGES, 5.0)
    change = Change(id="s-1", before=0.9, after=0.9, right=False, too_long=too_long)
    precedents._decide(made, Preview(changes=(change,), flips=()), yes=True)
    said = capsys.readouterr().err
    assert ("太长" in said, "矛盾" in said) == (too_long, not too_long)


def test_a_preview_waits_for_all_that_is_read_for_it(home: Path) -> None:
    """A new engine reads the station's own precedents first, and then the new ones."""
    engine, waits = ScriptedEngine(), list[float]()
    engine.learning_s = 1000.0
    asked = engine.request
    engine.request = lambda op, payload, timeout_s: waits.append(timeout_s) or asked(op, payload, timeout_s)  # type: ignore[func-returns-value, method-assign]
    made = ScriptedStation(configure(Settings(), Home(home)), engine)
    new = teaching.made("学区" * 100, Channel.EMAIL, None, "", "已经在官网公布", made.regulations)
    teaching.preview(made, [new])
    assert engine.starts == 1
    assert waits == [pytest.approx(teaching.TIMEOUT_S + 1000 + LESSON_S * 600)]
