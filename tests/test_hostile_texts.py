"""Strings that a terminal would obey: one of many here, all by `tests.bench.hostile_texts` and `hostile_screens`."""

import sys
from pathlib import Path

import pytest

from reviewer.paths import Home
from reviewer.tui.guard import ControlGuard
from tests.bench.hostile_screens import through
from tests.bench.screen_parts import PARTS
from tests.hostile import sample, strings

if sys.platform == "linux":
    from tests.bench.hostile_texts import through_the_commands
else:
    pytest.skip("terminals of Linux", allow_module_level=True)


def test_there_are_enough_and_no_two_alike() -> None:
    assert len(set(strings())) == len(strings()) >= 500


def test_commands_show_them_and_send_none(home: Path, tmp_path: Path) -> None:
    Home(home).remember_tour()
    assert "nothing that is not ours" in through_the_commands(sample(90), tmp_path)


@pytest.mark.parametrize("part", PARTS)
async def test_a_part_of_the_screen_shows_them_and_sends_none(home: Path, part: str) -> None:
    assert part in await through(part, sample(300), home)


async def test_without_the_guard_they_would_be_sent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ControlGuard, "apply", lambda self, segments, background: segments)
    with pytest.raises(AssertionError, match=r"\\x1b"):
        await through("draft", sample(300), home)
