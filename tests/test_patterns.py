"""What the patterns of rules must keep to: heads that leave nothing out, and no word boundary inside Chinese text."""

import re
from collections.abc import Iterable
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from reviewer.detectors import instruction_forms, mark_forms
from reviewer.normalise.lexicon import load_lexicon
from reviewer.paths import PACKAGE
from reviewer.redact.details import load_patterns
from tests.bench.patterns import AT_A_PLACE, patterns, worst

DETAILS = {f"redact.details.{row.id}": pattern for row, pattern in load_patterns()}

_BLANKS = " \t\n\r\f\v"


def heads(pattern: str, flags: int = 0) -> set[str]:
    """Every character that a match can begin with. Raises `ValueError` where it is not a closed class."""
    found, empty = _sequence(parser.parse(pattern, flags))
    assert not empty, "the pattern matches nothing at all"
    return found


def _sequence(items: Iterable[tuple[Any, Any]]) -> tuple[set[str], bool]:
    found: set[str] = set()
    for code, value in items:
        more, empty = _item(code, value)
        found |= more
        if not empty:
            return found, False
    return found, True


def _item(code: Any, value: Any) -> tuple[set[str], bool]:
    """(first characters, whether it can match nothing) of one item of a parsed pattern."""
    if code is codes.LITERAL:
        return {chr(value)}, False
    if code is codes.IN:
        return set().union(*(_member(*member) for member in value)), False
    if code is codes.BRANCH:
        found, empty = zip(*map(_sequence, value[1]), strict=True)
        return set().union(*found), any(empty)
    if code is codes.SUBPATTERN:
        found, empty = _sequence(value[3])
        return ({d for c in found for d in (c.lower(), c.upper())} if value[1] & re.I else found), empty
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        found, empty = _sequence(value[2])
        return found, empty or value[0] == 0
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return set(), True
    raise ValueError(f"open: {code}")


def _member(code: Any, value: Any) -> set[str]:
    if code is codes.LITERAL:
        return {chr(value)}
    if code is codes.RANGE:
        return set(map(chr, range(value[0], value[1] + 1)))
    if code is codes.CATEGORY and value is codes.CATEGORY_SPACE:
        return set(_BLANKS)
    raise ValueError(f"open class: {code}")


HEADED = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": pattern
    for module in (instruction_forms, mark_forms)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern) and pattern.pattern.startswith("(?=[")
}


@pytest.mark.parametrize("name", HEADED)
def test_heads_are_the_characters_a_match_can_begin_with(name: str) -> None:
    given, rest = re.match(r"(?s)\(\?=(\[.*?(?<!\\)\])\)(.*)", HEADED[name].pattern).groups()  # type: ignore[union-attr]
    wanted = heads(rest)
    assert {c for c in wanted if not re.match(given, c)} == set(), "add these to the heads"
    assert heads(given) - wanted == set(), "no part begins with these"


def test_heads_see_what_an_alternative_begins_with() -> None:
    """The check itself: options, groups, case and classes."""
    assert heads(r"甲?(?:乙|[丙丁])戊|(?i:a)b") == set("甲乙丙丁aA")
    with pytest.raises(ValueError, match="open"):
        heads(r"[^甲]乙")


def test_word_boundaries_are_those_of_ascii_words() -> None:
    """`\\b` sees no boundary between Chinese and Latin letters unless the group says `a`."""
    files = [f for folder in ("detectors", "normalise") for f in sorted((PACKAGE / folder).glob("*.py"))]
    files += sorted((PACKAGE / "detectors").glob("*.toml"))
    wrong = [f"{file.name}:{n}" for file in files for n, line in enumerate(_lines(file), 1) if _unmarked(line)]
    assert wrong == []
    assert _unmarked(r'r"(?i:\bpass)"')


def test_a_word_written_downwards_takes_linear_time() -> None:
    assert not worst("vertical", load_lexicon()[0].vertical, 4096).square


@pytest.mark.parametrize("name", DETAILS)
def test_a_pattern_of_details_takes_linear_time(name: str) -> None:
    assert not worst(name, DETAILS[name], 4096).square


def test_patterns_of_details_are_among_those_of_the_product() -> None:
    assert DETAILS.items() <= patterns().items()


def test_patterns_of_one_place_are_asked_nowhere_else() -> None:
    """`tests.bench.patterns` asks them once a text: nothing may look for one all over a text."""
    found = []
    for name in AT_A_PLACE:
        module, _, pattern = name.rpartition(".")
        file = (PACKAGE / module.replace(".", "/")).with_suffix(".py")
        texts = {f: f.read_text("utf-8") for f in file.parent.glob("*.py")}
        said = "\n".join(text for f, text in texts.items() if f == file or file.stem in text)
        found += re.findall(rf"\b{pattern}\.(?:search|finditer|findall|sub|split)\b", said)
        assert re.search(rf"\b{pattern}\.(?:match|fullmatch)\b", said), name
    assert found == []


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()


def _unmarked(line: str) -> bool:
    at = line.find(r"\b")
    return at >= 0 and "(?ai:" not in line[:at]
