"""The real engine with less memory than it needs; `python -m tests.bench.memory` tries more, and a little more."""

import sys
from pathlib import Path

import pytest

from reviewer.finding import Stage
from reviewer.models import Catalogue
from reviewer.paths import shipped
from reviewer.settings import Settings
from tests.bench.memory import HARMLESS, MARKED, starved

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(sys.platform != "linux", reason="the limit is on address space, read from /proc"),
]


def test_with_too_little_memory_the_judge_is_unfinished_and_nothing_passes(home: Path) -> None:
    weights = Catalogue.load(shipped("models.txt")).named(Settings().judge).size
    for share, text in ((1.9, HARMLESS), (0.8, MARKED)):
        assert [u.stage for u in starved(home, int(weights * share), text).unfinished] == [Stage.JUDGE]
