"""The page of faults has every row, and names tests that are there."""

import re

from reviewer.paths import PACKAGE

ROOT = PACKAGE.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")


def test_every_fault_has_its_row() -> None:
    assert re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE) == [str(n) for n in range(1, 41)]


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[a-z_/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 50
    for file, test in named:
        source = (ROOT / file).read_text("utf-8")
        assert not test or re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), f"{file}::{test}"
