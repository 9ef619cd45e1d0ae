"""Every detector against the cases in `tests/cases`: what it must flag and leave alone, and why each exists."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from reviewer.detectors import DETECTORS, Detect, disguise, listed, rules
from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Severity
from reviewer.lists import load_lists
from reviewer.normalise import fold
from tests.pace import least

CASES = Path(__file__).parent / "cases"
LISTS = Path(__file__).parent / "lists"
DETECT = Detect({}, Lang.ZH, load_lists(LISTS), date(2026, 11, 27))


def findings(text: str) -> list[Finding]:
    """What the rules say of a text."""
    draft = Draft(text=text)
    return list(DETECT(draft, fold(text), ()).findings)


def rows(kind: str) -> list[tuple[str, dict[str, str]]]:
    """(file, case) of every case of that kind."""
    return [
        (path.stem, case)
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text()).get(kind, [])
    ]


@pytest.mark.parametrize(("name", "case"), rows("flag"))
def test_flags(name: str, case: dict[str, str]) -> None:
    assert case["why"]
    wanted = Severity(case.get("severity", "review"))
    hits = [f for f in findings(case["text"]) if f.rule == case["rule"]]
    assert hits, f"{case['rule']} missed {case['text']!r}"
    assert max(f.severity.rank for f in hits) == wanted.rank
    for f in hits:
        assert f.quote == case["text"][f.span[0] : f.span[1]]
        assert f.quote


@pytest.mark.parametrize(("name", "case"), rows("ignore"))
def test_ignores(name: str, case: dict[str, str]) -> None:
    assert case["why"]
    loud = [f for f in findings(case["text"]) if f.rule == case["rule"] and f.severity is not Severity.NOTE]
    assert not loud, f"{case['rule']} cried wolf: {[f.quote for f in loud]}"


@pytest.mark.parametrize(("name", "case"), rows("silent"))
def test_is_silent(name: str, case: dict[str, str]) -> None:
    """Signals are notes anyway: what they leave alone gets none."""
    assert case["why"]
    hits = [f.quote for f in findings(case["text"]) if f.rule == case["rule"]]
    assert not hits, f"{case['rule']} hints at {hits}"


HARMLESS = tomllib.loads((Path(__file__).parent / "harmless.toml").read_text("utf-8"))["text"]


@pytest.mark.parametrize("case", HARMLESS, ids=lambda case: case["why"])
def test_no_rule_is_louder_than_a_note(case: dict[str, str]) -> None:
    loud = [(f.rule, f.quote) for f in findings(case["text"]) if f.severity is not Severity.NOTE]
    assert loud == []


def test_every_detector_and_rule_has_cases() -> None:
    files = {path.stem for path in CASES.glob("*.toml")}
    assert files == {d.__name__.rsplit(".", 1)[1] for d in (*DETECTORS, disguise, listed)}
    flagged = {case["rule"] for _, case in rows("flag")}
    ignored = {case["rule"] for kind in ("ignore", "silent") for _, case in rows(kind)}
    assert flagged == ignored == {rule.id for rule in rules()}


def test_strict_marks_do_not_fire_on_the_shipped_law() -> None:
    from reviewer.paths import PACKAGE
    from reviewer.regulations import load_articles

    loud = [
        f.quote
        for article in load_articles(PACKAGE / "packs").values()
        for f in findings(article.text)
        if f.rule == "mark.classification" and f.severity is not Severity.NOTE
    ]
    assert loud == []


@pytest.mark.alone
def test_rules_are_linear() -> None:
    def seconds(size: int) -> float:
        text = "机密文件，请各单位于9月1日前报送(2025)，联系人13800138000。" * size
        return least(lambda: findings(text))

    assert seconds(1600) < 16 * max(seconds(200), 0.005)
