"""The process that reads the clipboard: what it may use of this machine."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.clipboard import FILES, MEMORY, Watcher
from tests.scripted_clipboard import NAME

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the limits of another process")


@pytest.fixture
def watcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    """A watcher over a file."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Watcher, "module", "tests.scripted_clipboard")
    made = Watcher()
    yield made
    made.close()


def test_its_memory_and_files_are_limited_and_its_time_is_not(tmp_path: Path, watcher: Watcher) -> None:
    (tmp_path / NAME).write_text("晚上一起吃面")
    watcher.look()
    assert next(watcher.texts()) == "晚上一起吃面"
    said = Path(f"/proc/{watcher._child.pid}/limits").read_text()
    limits = {m[1]: m[2] for m in re.finditer(r"^Max (.+?) {2,}(\S+)", said, re.MULTILINE)}
    assert limits["address space"] == str(MEMORY)
    assert limits["open files"] == str(FILES)
    assert limits["file size"] == "0"
    assert limits["core file size"] in ("0", "1")
    assert limits["cpu time"] == "unlimited"


def test_a_text_that_fills_a_frame_fits_into_its_memory(tmp_path: Path, watcher: Watcher) -> None:
    text = "🙂" + "密" * (10 * 2**20)
    (tmp_path / NAME).write_text(text)
    watcher.look()
    assert next(watcher.texts()) == text
