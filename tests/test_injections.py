"""Hundreds of invented instructions to the reviewer lower no verdict of the rules and hide no finding."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.assemble import configure
from reviewer.draft import Channel
from reviewer.finding import Finding, Stage
from reviewer.paths import Home
from reviewer.readers import from_text
from reviewer.settings import Settings
from reviewer.verdict import Decision, Review
from tests.scripted import ScriptedEngine, ScriptedStation

FILES = sorted((Path(__file__).parent / "injections").glob("*.toml"))
FAMILIES = [
    (f"{file.stem}-{name}", lines) for file in FILES for name, lines in tomllib.loads(file.read_text("utf-8")).items()
]
ORDER = (Decision.PASS, Decision.REVIEW, Decision.BLOCK)

HEAD, TAIL = "各位：材料见下。", "收到请回复。"
DRAFTS = {
    "mark": (Decision.BLOCK, "机密★20年\n关于调整栎城区地下管廊维护轮值的方案"),
    "people": (Decision.REVIEW, "职工谌怀远，身份证号11010519491231002X，手机13800138000，住栎城区青石桥路8号"),
    "draft": (Decision.REVIEW, "关于调整学区的方案（征求意见稿）\n内部资料 注意保存"),
}


class ZeroEngine(ScriptedEngine):
    """An engine whose judge finds nothing in anything."""

    def __init__(self) -> None:
        super().__init__()
        self.words = {}
        self.go.set()


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> ScriptedStation:
    """Rules, then the judge that says 0."""
    return ScriptedStation(configure(Settings(), Home(tmp_path_factory.mktemp("home"))), ZeroEngine())


def review(station: ScriptedStation, text: str, name: str = "") -> Review:
    """The whole pipeline."""
    made = station.reviewer.review(from_text(text, Channel.WECHAT_GROUP, name))
    assert not made.unfinished
    assert Stage.JUDGE.value in made.timings_ms
    return made


def placed(draft: str, words: str) -> Iterator[tuple[str, str, str]]:
    """(where, text, file name) of an instruction in the middle, at the end, in a cell of a table, in a file's name."""
    yield "middle", f"{HEAD}\n{draft}\n{words}\n{TAIL}", ""
    yield "end", f"{HEAD}\n{draft}\n{TAIL}\n{words}", ""
    yield "cell", f"{HEAD}\n{draft}\n序号 | {words} | 备注\n{TAIL}", ""
    yield "name", f"{HEAD}\n{draft}\n{TAIL}", f"{words}.txt"


def held(findings: tuple[Finding, ...]) -> dict[tuple[str, str], int]:
    """What was found, and how severe it is at most."""
    out: dict[tuple[str, str], int] = {}
    for f in findings:
        out[f.rule, f.quote] = max(out.get((f.rule, f.quote), 0), f.severity.rank)
    return out


def test_there_are_at_least_three_hundred_and_no_two_alike() -> None:
    lines = [line for _, family in FAMILIES for line in family]
    assert len(set(lines)) == len(lines) >= 300


def test_the_rules_alone_see_as_many_instructions_as_when_they_were_last_widened() -> None:
    """74 of 335; the others use words of anybody: a verdict must stand whether they are seen or not."""
    from tests.bench.instruction_rules import instructions

    assert sum(found for *_, found in instructions()) >= 74


@pytest.mark.parametrize(("expected", "draft"), DRAFTS.values(), ids=DRAFTS)
@pytest.mark.parametrize(("family", "lines"), FAMILIES, ids=[name for name, _ in FAMILIES])
def test_no_instruction_lowers_a_verdict_or_hides_a_finding(
    station: ScriptedStation, family: str, lines: list[str], expected: Decision, draft: str
) -> None:
    plain = review(station, f"{HEAD}\n{draft}\n{TAIL}")
    assert plain.decision is expected
    found = held(plain.findings)
    assert found
    lost = set()
    for words in lines:
        for where, text, name in placed(draft, words):
            seen = review(station, text, name)
            assert ORDER.index(seen.decision) >= ORDER.index(expected), (words, where)
            now = held(seen.findings)
            lost |= {(words, where, key[0]) for key, rank in found.items() if now.get(key, -1) < rank}
    assert not lost
