"""Index keys and the audit log under kills; `python -m tests.bench.kills 200` runs the full numbers.

Bundles under kills: tests/test_bundle.py.
"""

from pathlib import Path

import pytest

from tests.bench import kills


@pytest.mark.parametrize("what", [what for what in kills.RUNS if what != "bundles"])
def test_a_kill_leaves_the_old_state_or_the_new(tmp_path: Path, what: str) -> None:
    assert kills.RUNS[what](tmp_path, 2).startswith("2 kills")
