"""The name of a file that is sent: one that gives something away is reviewed, a harmless one changes nothing."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewer.detectors import Detect
from reviewer.draft import Channel, Draft, Folded, Lang, Place, Step, StepKind
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import Finding, Match, MatchKind, Severity, Stage
from reviewer.names import named
from reviewer.review import Reviewer
from reviewer.verdict import Decision, StageResult

SECRET, TEXT = "绝密★长期 关于人事任免.txt", "晚上一起吃面"
RULES = Reviewer({Stage.DETECT: Detect({}, Lang.ZH)}, dict)


def run(command: str, *arguments: str, data: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run the program, rules only."""
    return subprocess.run([sys.executable, "-m", "reviewer", command, *arguments], input=data, capture_output=True)


@pytest.mark.parametrize(
    "name",
    [
        SECRET,
        "【机密】关于人事任免的通知.docx",
        "内部资料 注意保管.docx",
        "方案（送审稿）.docx",
        "附件/绝密★长期.pdf",
        "身份证110101199003074610.jpg",
    ],
)
def test_a_name_that_decides_is_the_last_line(name: str) -> None:
    draft = named(Draft(text=TEXT, name=name), RULES)
    assert draft.text == f"{TEXT}\n{name}"
    review = RULES.review(draft)
    assert review.decision is not Decision.PASS
    (finding,) = (f for f in review.findings if f.severity is not Severity.NOTE)
    assert finding.place == (Step(kind=StepKind.NAME),)
    assert (finding.quote in name, draft.quote(finding.span)) == (True, finding.quote)


@pytest.mark.parametrize(
    "name",
    [
        "", "d.txt", "通知.docx", "README.md", "秘密花园.txt", "手机密封圈.xlsx", "保密知识竞赛.docx", "密码.txt",
        "国发〔2024〕12号.pdf", "IMG_20240101_123456.jpg", "mmexport1700000000000.jpg", "6222021234567890123.txt",
    ],
)  # fmt: skip
def test_a_harmless_name_is_no_part_of_the_draft(name: str) -> None:
    draft = Draft(text=TEXT, name=name)
    assert named(draft, RULES) is draft


@pytest.mark.parametrize(
    "text", ["保密知识竞赛：绝密是什么意思？", "此件公开发布\n", "仅为培训示例，非真实文件。\n\n", "", "机密"]
)
def test_no_text_excuses_the_name(text: str) -> None:
    review = RULES.review(named(Draft(text=text, name=SECRET), RULES))
    assert review.decision is Decision.BLOCK
    assert "绝密★长期" in [f.quote for f in review.findings]
    assert all(f.place is None for f in review.findings if f.span[1] <= len(text))


def test_places_stay_where_they_are() -> None:
    page = Place(span=(0, 6), steps=(Step(kind=StepKind.PAGE, name="1"),))
    draft = named(Draft(text=TEXT, name=SECRET, places=(page,)), RULES)
    assert draft.places == (page, Place(span=(7, 7 + len(SECRET)), steps=(Step(kind=StepKind.NAME),)))


def matching(stage: Stage, kind: MatchKind | None, severity: Severity) -> Reviewer:
    """A review whose only stage knows the title 人事任免, or dies where no kind is given."""

    def runner(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        if kind is None:
            raise EngineError("the engine died")
        match = Match(doc="1", level="机密", kind=kind, score=1, draft_share=1)
        at = draft.text.find("人事任免")
        found = Finding(
            rule="match.title",
            stage=stage,
            severity=severity,
            span=(at, at + 4),
            quote="人事任免",
            reason="",
            match=match,
        )
        return StageResult(stage=stage, findings=(found,) if at >= 0 else ())

    return Reviewer({stage: runner}, dict)


@pytest.mark.parametrize(
    ("stage", "kind", "severity", "taken"),
    [
        (Stage.MATCH, MatchKind.TITLE, Severity.BLOCK, True),
        (Stage.MATCH, MatchKind.TITLE, Severity.NOTE, False),
        (Stage.MATCH, None, Severity.BLOCK, True),
        (Stage.JUDGE, MatchKind.TITLE, Severity.BLOCK, False),
    ],
    ids=["title", "note", "died", "judge"],
)
def test_the_index_is_asked_and_the_judge_is_not(
    stage: Stage, kind: MatchKind | None, severity: Severity, taken: bool
) -> None:
    draft = Draft(text=TEXT, name="人事任免的通知.docx")
    assert (named(draft, matching(stage, kind, severity)) is not draft) is taken


def test_a_stopped_review_is_not_taken_for_a_finding() -> None:
    def stopped(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        raise Cancelled

    with pytest.raises(Cancelled):
        named(Draft(text=TEXT, name="a.txt"), Reviewer({Stage.DETECT: stopped}, dict))


def test_check_and_replay_look_at_the_name(tmp_path: Path, home: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / SECRET).write_text(TEXT)
    (tmp_path / "in/a.txt").write_text(TEXT)
    keeping = ("--stages", "detect", "--format", "json", "--keep")
    done = run("check", *keeping, str(tmp_path / "in"))
    assert done.returncode == 20
    plain, secret = (json.loads(line) for line in done.stdout.splitlines())
    assert [(r["id"], r["decision"], r["length"]) for r in (plain, secret)] == [
        ("a.txt", "pass", len(TEXT)),
        (SECRET, "block", len(f"{TEXT}\n{SECRET}")),
    ]
    assert secret["findings"][0]["place"] == [{"kind": "name", "name": ""}]
    record = tmp_path / "record.json"
    record.write_text(json.dumps(secret))
    assert run("replay", str(record), data=TEXT.encode()).returncode == 0
    record.write_text(json.dumps(secret | {"id": "b.txt"}))
    assert run("replay", str(record), "--draft", str(tmp_path / "in" / SECRET)).returncode == 1


def test_standard_input_has_the_name_it_is_given(home: Path) -> None:
    stages = ("--stages", "detect")
    named_so = run("check", *stages, "--stdin-filename", f"/tmp/{SECRET}", data=TEXT.encode())
    assert named_so.returncode == 20
    assert "文件名" in named_so.stdout.decode()
    assert run("check", *stages, data=TEXT.encode()).returncode == 0
    assert run("check", *stages, "--batch", "-", data=json.dumps({"id": SECRET, "text": TEXT}).encode()).returncode == 0


def test_a_name_is_said_of_the_channel_of_its_draft() -> None:
    seen: list[Channel] = []

    def runner(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        seen.append(draft.channel)
        return StageResult(stage=Stage.DETECT)

    named(Draft(text=TEXT, name="a.txt", channel=Channel.MOMENTS), Reviewer({Stage.DETECT: runner}, dict))
    assert seen == [Channel.MOMENTS]
