"""Hostile files through the command: each is named and refused or not examined, in bounded time and memory."""

import sys
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli import drafts
from reviewer.draft import Channel, Lang
from reviewer.errors import ReadError
from reviewer.readers import html, read_bytes
from reviewer.readers.gather import MAX_TEXT, Gather
from reviewer.readers.reasons import Reason, say
from tests.bench.bombs import LIMIT_S, MEMORY_MIB, check, growing, unfinished
from tests.pace import least, slowness
from tests.samples.bombs import BOMBS

pytestmark = pytest.mark.alone

QUICK = {name: bomb for name, bomb in BOMBS.items() if bomb.quick}


@pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and the use of memory as Linux has them")
def test_bombs_are_named_and_the_command_goes_on(tmp_path: Path) -> None:
    for name, bomb in QUICK.items():
        bomb.put(tmp_path / name)
    with growing(tmp_path / "growing.txt", b"a\n"):
        done = check([*(tmp_path / name for name in QUICK), tmp_path / "growing.txt"])
    assert done.status == 20, done.said  # one of them is marked
    assert done.seconds < LIMIT_S * slowness()
    assert done.mib < MEMORY_MIB
    said = unfinished(done.said)
    assert "growing.txt" in said
    refused = [line for line in done.said.splitlines() if line.startswith("reviewer:")]
    for name, bomb in QUICK.items():
        told = said.get(name) or next((line for line in refused if name in line), "nothing at all")
        assert bomb.named(told), f"{name}: {told}"


def test_more_text_than_any_file_may_give_is_cut_and_said() -> None:
    draft = read_bytes(b"a" * (MAX_TEXT + 1), "a.txt", Channel.EMAIL)
    assert len(draft.text) == MAX_TEXT
    assert [u.reason for u in draft.unread] == [say(Reason.TOO_MUCH, "", Lang.ZH)]
    assert read_bytes(b"a" * MAX_TEXT, "a.txt", Channel.EMAIL).unread == ()


def test_a_closed_standard_input_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    (error,) = drafts.read([drafts.Input(None)], Channel.EMAIL, Lang.ZH)
    assert isinstance(error, ReadError)
    assert "standard input is closed" in str(error)
    assert list(map(str, drafts.read_batch(None, Channel.EMAIL))) == [str(error)]


def test_a_line_of_a_batch_is_read_no_further_than_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_BYTES", 100)
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"id": "1", "text": "a"}\n' + b"[" * 1000 + b"\n")
    first, second = drafts.read_batch(file, Channel.EMAIL)
    assert not isinstance(first, ReadError)
    assert "larger than" in str(second)
    assert drafts.count_batch(file) == 2


def test_ends_that_close_nothing_take_linear_time() -> None:
    def page(count: int) -> bytes:
        return b"<html>" + b"<b>" * count + b"</i>" * count

    def seconds(count: int) -> float:
        return least(lambda: html.read(page(count), Gather(lambda _: None)))

    assert seconds(8000) < 10 * max(seconds(2000), 0.001)


@pytest.mark.parametrize(
    ("unit", "last"),
    [("<!--", ""), ("<a ", ""), ('<a b=">" ', 'c="'), ("<a b=", "")],
    ids=["comment", "tag", "quote", "eq"],
)
def test_what_never_ends_takes_linear_time(unit: str, last: str) -> None:
    def seconds(count: int) -> float:
        page = f"<html>{unit * count}{last}".encode()
        return least(lambda: html.read(page, Gather(lambda _: None)))

    assert seconds(8000) < 24 * max(seconds(1000), 0.001)


def test_words_behind_what_never_ends_are_read() -> None:
    page = '<p>夜班<!-- 安排 <p>名<b>单</b><img alt="排班表"><style>口令</style><a title="门牌><p>电话'
    found: list[list[Any]] = []
    html.read(page.encode(), Gather(found.append))
    words = "\n".join(entry[2] for entry in found if entry[0] == "text")
    for word in ("夜班", "安排", "名单", "排班表", "口令", "门牌", "电话"):
        assert word in words
    assert ["missed", [], "truncated", ""] in found


def test_a_style_sheet_that_never_ends_is_read() -> None:
    found: list[list[Any]] = []
    html.read('<p>夜班<style>p:after{content:"排班表"}'.encode(), Gather(found.append))
    assert [entry[2] for entry in found if entry[0] == "text"] == ["排班表", "夜班"]
