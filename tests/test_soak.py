"""The scripts of `make soak` fail where they do not find what is wished: each is given a bad result."""

import ast
import contextlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from reviewer.audit import State
from tests.bench import bombs, disguises, hostile_screens, patterns, soak, wrong_keys
from tests.bench.wishes import judged
from tests.samples.bombs import Bomb


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts choose a home of their own, which must not stay."""
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))


@pytest.mark.parametrize("script", [bombs, disguises, hostile_screens, patterns, soak, wrong_keys])
def test_a_script_exits_with_what_it_found(script: ModuleType) -> None:
    *_, last = ast.parse(Path(str(script.__file__)).read_text("utf-8")).body
    assert isinstance(last, ast.If)
    assert ast.unparse(last.body[-1]).startswith("sys.exit(main(")


def test_what_is_not_met_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert judged({"one": True}) == 0
    assert judged({"one": True, "two": False}) == 1
    assert capsys.readouterr().out == "NOT AS WISHED: two\n"


GOOD = bombs.Checked(
    status=1,
    said='{"id": "a.txt", "unfinished": [{"reason": "as told"}]}\n'
    '{"id": "growing.txt", "unfinished": [{"reason": "it grew"}]}\nstandard input is closed\n',
    seconds=1.0,
    cpu_s=1.0,
    mib=100,
)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 0),
        ({"said": GOOD.said.replace("as told", "something else")}, 1),
        ({"said": GOOD.said.replace("growing", "other")}, 1),
        ({"said": GOOD.said.replace("closed", "there")}, 1),
        ({"cpu_s": bombs.LIMIT_S}, 1),
        ({"mib": bombs.MEMORY_MIB}, 1),
        ({"status": -9}, 1),
    ],
)
def test_bombs(monkeypatch: pytest.MonkeyPatch, change: Mapping[str, Any], status: int) -> None:
    monkeypatch.setattr(bombs, "BOMBS", {"a.txt": Bomb(lambda path: None, ("as told",))})
    monkeypatch.setattr(bombs, "growing", lambda path, line: contextlib.nullcontext())
    monkeypatch.setattr(bombs, "check", lambda paths, stdin=None: replace(GOOD, **change))
    assert bombs.main([]) == status


@pytest.mark.parametrize(("wrong", "status"), [((), 0), (("verdict",), 1)])
def test_hostile_screens(monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...], status: int) -> None:
    async def through(name: str, texts: Mapping[int, str], place: Path) -> str:
        assert name not in wrong
        return name

    monkeypatch.setattr(hostile_screens, "through", through)
    assert hostile_screens.main(100, ["first", "verdict", "last"]) == status


@pytest.mark.parametrize(("part", "status"), [(0.0, 0), (0.009, 0), (0.011, 1)])
def test_disguises(monkeypatch: pytest.MonkeyPatch, part: float, status: int) -> None:
    monkeypatch.setattr(disguises, "missed", lambda every: [name for name, *_ in every][: int(len(every) * part)])
    monkeypatch.setattr(disguises, "alarms", lambda sentences: (1, []))
    assert disguises.main(1) == status


@pytest.mark.parametrize(
    ("later", "said", "status"), [(0, {"wrong"}, 0), (50, {"wrong"}, 1), (0, {"wrong", "almost"}, 1)]
)
def test_wrong_keys(monkeypatch: pytest.MonkeyPatch, later: int, said: set[str], status: int) -> None:
    took = {"first": np.arange(100.0), "last": np.arange(100.0) + later}
    monkeypatch.setattr(wrong_keys, "tried", lambda place, given, tries: (took, said))
    assert wrong_keys.main(100) == status


@pytest.mark.parametrize(
    ("seconds", "growth", "status"), [(0.01, 4.0, 0), (1.0, 4.0, 0), (0.1, patterns.SQUARE + 1, 1)]
)
def test_patterns(monkeypatch: pytest.MonkeyPatch, seconds: float, growth: float, status: int) -> None:
    found = patterns.Worst("one", 65536, seconds, patterns.Kind("", "a"), growth)
    monkeypatch.setattr(patterns, "patterns", lambda: {"one": re.compile("a")})
    monkeypatch.setattr(patterns, "worst", lambda *given: found)
    assert patterns.main(65536, 1) == status


STEADY = [{"front VmRSS": 1000}] * 100
EVEN = [0.1, 0.2] * 500


@pytest.mark.parametrize(
    ("seen", "took", "unfinished", "log", "missing"),
    [
        (STEADY, EVEN, 0, State.SOUND, []),
        ([*STEADY, {"front VmRSS": 1050}], [*EVEN, *(t * 1.09 for t in EVEN)], 0, State.SOUND, []),
        ([*STEADY, {"front VmRSS": 1051}], EVEN, 0, State.SOUND, ["front VmRSS within 5 %"]),
        (STEADY, [*EVEN, *(t * 1.11 for t in EVEN)], 0, State.SOUND, ["p95 at most 10 % longer in the second half"]),
        (STEADY, EVEN, 1, State.SOUND, ["no review is unfinished"]),
        (STEADY, EVEN, 0, State.BROKEN, ["the audit log is sound"]),
    ],
)
def test_soak(seen: list[dict[str, int]], took: list[float], unfinished: int, log: State, missing: list[str]) -> None:
    assert [wish for wish, met in soak.wishes(seen, took, unfinished, log).items() if not met] == missing
