"""A store under kills, full disks, damage and company; `python -m tests.bench.faults` runs the full numbers."""

from pathlib import Path

import pytest

from reviewer.index import connection
from tests.bench import faults, turns


def test_a_kill_leaves_the_state_before_or_after(tmp_path: Path) -> None:
    assert faults.kills(tmp_path, 8) > 0


def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    assert 0 < faults.full_disks(tmp_path, 50) < 50


def test_every_flipped_bit_and_every_truncation_is_found(tmp_path: Path) -> None:
    assert faults.flips(tmp_path, 200) == 0


def test_two_writers_and_a_reader(tmp_path: Path) -> None:
    assert faults.side_by_side(tmp_path, 20) > 1


@pytest.mark.parametrize(("writers", "readers"), [(2, 0), (1, 4)])
def test_writers_and_readers_take_turns(tmp_path: Path, writers: int, readers: int) -> None:
    wrote, got = turns.run(tmp_path, 1.5, writers, readers)
    assert wrote.done >= writers
    assert wrote.longest_s < connection.WAIT_MS / 1000
    assert got.done >= readers
