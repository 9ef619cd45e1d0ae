"""The real engine with less memory than it needs; `python -m tests.bench.memory` tries more, and a little more."""

import sys
from pathlib import Path

import pytest

from reviewer.finding import Stage
from reviewer.verdict import Decision
from tests.bench.memory import HARMLESS, MARKED, reviewed, starved

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(sys.platform != "linux", reason="the limit is on address space, read from /proc"),
]


def test_with_too_little_memory_the_judge_is_unfinished_and_nothing_passes(home: Path) -> None:
    usual, needed = reviewed(home, HARMLESS)
    assert usual.decision is Decision.PASS
    for share, text in ((0.8, HARMLESS), (0.4, MARKED)):
        assert [u.stage for u in starved(home, int(needed * share), text).unfinished] == [Stage.JUDGE]
