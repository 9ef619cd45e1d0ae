"""Known drafts at the start: a stage that got blind or wild lets nothing pass, and says so."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewer import detectors
from reviewer.assemble import Station, configure
from reviewer.canary import Known, Watched, load_canary
from reviewer.draft import Draft, Folded, Lang
from reviewer.errors import PromptError
from reviewer.finding import Finding, Severity, Stage
from reviewer.normalise import fold
from reviewer.paths import Home, shipped
from reviewer.review import Reviewer, Runner
from reviewer.settings import Settings
from reviewer.verdict import Decision, StageResult

HARMLESS = Draft(text="明天记得带伞")


def station(home: Path, lang: Lang = Lang.ZH) -> Station:
    """A station of rules only."""
    return Station(configure(Settings(lang=lang), Home(home)), (Stage.DETECT,), 5.0)


def test_the_rules_prove_themselves(home: Path) -> None:
    review = station(home).reviewer.review(HARMLESS)
    assert review.decision is Decision.PASS
    assert not review.unfinished


def test_blind_rules_let_nothing_pass_and_say_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "DETECTORS", ())
    review = station(home).reviewer.review(HARMLESS)
    assert review.decision is Decision.REVIEW
    assert "已知的违规草稿没有被发现" in review.unfinished[0].reason
    assert "a known bad draft was missed" in station(home, Lang.EN).reviewer.review(HARMLESS).unfinished[0].reason


def test_a_list_that_allows_everything_lets_nothing_pass(home: Path) -> None:
    (home / "lists").mkdir(parents=True)
    (home / "lists" / "a.toml").write_text(
        '[[allow]]\nphrase = "机密★20年"\ncontext = "管廊"\nowner = "办公室"\nexpires = 2099-01-01\n'
    )
    assert station(home).reviewer.review(HARMLESS).decision is Decision.REVIEW


def test_a_protected_word_of_the_station_does_not_stop_everything(home: Path) -> None:
    (home / "lists").mkdir(parents=True)
    (home / "lists" / "a.toml").write_text('[[word]]\ntext = "大扫除"\nowner = "办公室"\n')
    assert station(home).reviewer.review(HARMLESS).decision is Decision.PASS


def says(severity: Severity | None) -> Runner:
    """A judge that says the same of every draft, and counts what it read."""

    def run(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        found = ()
        if severity is not None:
            found = (
                Finding(
                    rule="judge.wx-5",
                    stage=Stage.JUDGE,
                    severity=severity,
                    span=(0, 1),
                    quote=draft.text[0],
                    reason="x",
                ),
            )
        return StageResult(stage=Stage.JUDGE, findings=found, examined=((0, len(draft.text)),))

    return run


@pytest.mark.parametrize(
    ("severity", "words"), [(None, "违规草稿没有被发现"), (Severity.REVIEW, "正常草稿被判违规")], ids=["blind", "wild"]
)
def test_a_judge_that_says_the_same_of_everything_lets_nothing_pass(severity: Severity | None, words: str) -> None:
    judge = says(severity)
    known = load_canary(shipped("prompts")).judge
    watched = Watched(judge, lambda: [(judge, k) for k in known], Lang.ZH)
    review = Reviewer({Stage.JUDGE: watched}, dict).review(HARMLESS)
    assert review.decision is Decision.REVIEW
    assert words in review.unfinished[0].reason


def test_known_drafts_are_read_once_and_again_after_a_failure() -> None:
    read: list[str] = []

    def judge(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        read.append(draft.text)
        if len(read) == 1:
            raise MemoryError
        return StageResult(stage=Stage.JUDGE)

    watched = Watched(judge, lambda: [(judge, Known(text="甲"))], Lang.ZH)
    with pytest.raises(MemoryError):
        watched.prove()
    for _ in range(2):
        watched(HARMLESS, fold(HARMLESS.text), ())
    assert read == ["甲", "甲", HARMLESS.text, HARMLESS.text]


def test_a_canary_without_a_bad_draft_is_refused(tmp_path: Path) -> None:
    good = '[[rules]]\ntext = "好"\n[[judge]]\ntext = "好"\n[[whole]]\ntext = "好"\n'
    (tmp_path / "canary.toml").write_text(good)
    with pytest.raises(PromptError, match="a bad draft and a good one"):
        load_canary(tmp_path)
