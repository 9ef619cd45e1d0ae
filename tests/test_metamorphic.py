"""Adding harmless lines makes nothing less severe, nor does cutting a file in two parts: the exceptions are listed."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reviewer.draft import Draft, Place, Step, StepKind
from reviewer.finding import Severity
from reviewer.normalise import fold
from reviewer.paths import shipped
from reviewer.precedents import load_library
from tests.test_cases import DETECT, rows

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("metamorphic.toml").read_text("utf-8"))
ADDED = {(e["rule"], e["paragraph"], e["where"]) for e in DATA["added"]}
TEXTS = sorted({case["text"] for _, case in rows("flag")})


def ranks(draft: Draft) -> dict[str, int]:
    """How severe each rule is at most, those that only note left out."""
    found: dict[str, int] = {}
    for f in DETECT(draft, fold(draft.text), ()).findings:
        if f.severity is not Severity.NOTE:
            found[f.rule] = max(found.get(f.rule, 0), f.severity.rank)
    return found


@cache
def alone(text: str) -> dict[str, int]:
    """A text as it stands."""
    return ranks(Draft(text=text))


def softer(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """Rules that are less severe than before."""
    return {rule for rule, rank in before.items() if after.get(rule, 0) < rank}


def lowered(texts: list[str], name: str) -> set[tuple[str, str, str]]:
    """(rule, paragraph, where) of everything that becomes less severe with that paragraph before or behind it."""
    words = DATA["paragraph"][name]
    found = set()
    for text in texts:
        for where, made in (("before", f"{words}\n{text}"), ("after", f"{text}\n{words}")):
            found |= {(rule, name, where) for rule in softer(alone(text), ranks(Draft(text=made)))}
    return found


@pytest.mark.parametrize("name", DATA["paragraph"])
def test_harmless_lines_before_or_behind_lower_nothing_but_what_is_listed(name: str) -> None:
    assert not alone(DATA["paragraph"][name])
    assert lowered(TEXTS, name) == {key for key in ADDED if key[1] == name}


def test_nor_do_they_lower_what_is_found_in_precedents() -> None:
    library = load_library((shipped("prompts") / "precedents",)).precedents
    texts = [p.text for p in library if p.labels and alone(p.text)]
    assert len(texts) > 100
    assert set().union(*(lowered(texts[::4], name) for name in DATA["paragraph"])) <= ADDED


def cuts() -> Iterator[tuple[str, int]]:
    """Every case of several lines, at every line end."""
    yield from ((text, at) for text in TEXTS if alone(text) for at, c in enumerate(text) if c == "\n")


def page(number: int, start: int, stop: int) -> Place:
    """A page of a file."""
    return Place(span=(start, stop), steps=(Step(kind=StepKind.PAGE, name=str(number)),))


def test_a_page_that_ends_between_two_lines_hides_nothing() -> None:
    lost = {
        (rule, text)
        for text, at in cuts()
        for rule in softer(alone(text), ranks(Draft(text=text, places=(page(1, 0, at), page(2, at + 1, len(text))))))
    }
    assert not lost
    assert len(list(cuts())) > 50


def test_two_files_reviewed_apart_lose_only_what_wants_both() -> None:
    lost = set()
    for text, at in cuts():
        halves = alone(text[:at]), alone(text[at + 1 :])
        lost |= softer(alone(text), {r: max(h.get(r, 0) for h in halves) for r in halves[0] | halves[1]})
    assert lost == {e["rule"] for e in DATA["cut"]}
