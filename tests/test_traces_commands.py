"""Nothing planted stays on the disk after commands that are killed, resumed, watched and hooked in.

All kinds, many times: `tests.bench.traces`.
"""

import sys
from pathlib import Path

import pytest

if sys.platform == "linux":
    from tests.bench.traces import SEED, searched
else:
    pytest.skip("looks into /proc", allow_module_level=True)


@pytest.mark.parametrize("kind", ["index_writes_killed", "watched", "hooked", "resumed"])
def test_it_leaves_none(kind: str, tmp_path: Path) -> None:
    assert searched(kind, tmp_path, SEED) == []
