"""What is said of a refused bundle and of a broken audit log: Chinese first, and every sentence is said somewhere."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from reviewer.audit import faults as audit
from reviewer.bundle import faults as bundle
from reviewer.paths import PACKAGE

TABLES = {"audit": (audit._FAULTS, "fault"), "bundle": ({k: v[1:] for k, v in bundle._FAULTS.items()}, "refused")}
HAN = re.compile(r"[\u4e00-\u9fff]")


def said(file: Path, name: str) -> Iterator[str]:
    """The faults that a module names."""
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        match call:
            case ast.Call(func=ast.Name(id), args=[ast.Constant(str(what)), *_]) if id == name:
                yield what


@pytest.mark.parametrize("part", TABLES)
def test_every_sentence_is_chinese_first_and_said(part: str) -> None:
    table: Mapping[str, Sequence[str]] = TABLES[part][0]
    for what, sentences in table.items():
        for sentence in sentences:
            chinese, _, english = sentence.partition(" / ")
            assert HAN.search(chinese), what
            assert english, what
            assert not HAN.search(english), what
    places = (*(PACKAGE / part).glob("*.py"), *((PACKAGE / "cli" / "trial.py",) if part == "bundle" else ()))
    assert {what for file in places for what in said(file, TABLES[part][1])} == set(table)
