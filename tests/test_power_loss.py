"""What is left after a loss of power, in each state of the disk; `python -m tests.bench.power.losses` tries more."""

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.power import losses
from tests.bench.power.disk import Cut, Disk, Named, Synced, Told, Written
from tests.bench.power.record import losses as lost

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the recorder is preloaded into the writer")


@pytest.mark.parametrize(
    ("run", "count", "each"),
    [(losses.index, 3, 1), (losses.carried, 1, 0), (losses.audit, 24, 6), (losses.bundles, 3, 1)],
    ids=["index", "carried", "audit", "bundles"],
)
def test_nothing_finished_is_lost_and_nothing_is_half(
    tmp_path: Path, run: Callable[[Path, int, int], tuple[int, int]], count: int, each: int
) -> None:
    steps, states = run(tmp_path / "power", count, each)
    assert steps > 40
    assert states > 40


def test_what_was_not_synced_may_be_missing_in_any_part() -> None:
    steps = [
        Named(1, to=(0, "a")),
        Written(1, 0, b"x" * 1024),
        Synced(1),
        Synced(0),
        Told("made"),
        Written(1, 1024, b"y" * 1024),
        Cut(1, 4),
        Named(1, to=(0, "b"), leaves=(0, "a")),
    ]
    states = [(told, disk.tree()) for told, disk in lost(steps, 200, 1)]
    files = [tree for told, tree in states if told]
    whole, grown = b"x" * 1024, b"x" * 1024 + b"y" * 1024
    assert {name for tree in files for name in tree} == {"a", "b"}
    assert {whole, grown, b"xxxx", whole + b"y" * 512 + b"\0" * 512, whole + b"\0" * 512 + b"y" * 512} <= {
        data for tree in files for data in tree.values()
    }
    assert {} in [tree for told, tree in states if not told]
    assert all(len(tree) == 1 for tree in files)


def test_a_folder_whose_name_was_not_synced_takes_its_files_along() -> None:
    disk = Disk()
    Named(1, to=(0, "f"), folder=True).apply(disk)
    Named(2, to=(1, "x")).apply(disk)
    Written(2, 0, b"1").apply(disk, random.Random(3))
    Named(1, to=(0, "g"), leaves=(0, "f")).apply(disk)
    assert set(disk.tree()) == {"g", "g/x"}
    Named(2, leaves=(1, "x")).apply(disk)
    assert set(disk.tree()) == {"g"}
