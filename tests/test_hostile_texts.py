"""Strings that a terminal would obey, on real terminals: one of many here, all by `tests.bench.hostile_texts`."""

import sys
from pathlib import Path

import pytest

from reviewer.paths import Home
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
