"""Failing calls while something is changed; `python -m tests.bench.failing 200` lets each of them fail."""

import sys
from pathlib import Path

import pytest

from tests.bench import failing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a library is preloaded that lets the calls fail")


def test_a_change_is_refused_or_done_and_nothing_else(tmp_path: Path) -> None:
    said = failing.results(tmp_path / "failing", 200, 60).splitlines()
    assert [line.partition(":")[0] for line in said] == list(failing.RUNS)
    assert not any(": 0 failing calls" in line or "; 0 tries refused" in line for line in said)
