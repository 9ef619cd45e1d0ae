"""A self-check that fails is told in words wherever a person looks, and nothing passes: screen, `check`, service."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from reviewer import detectors
from reviewer.cli import main
from reviewer.draft import Lang
from reviewer.engine import Engine
from reviewer.paths import Home
from reviewer.service import door
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.words import say
from reviewer.verdict import Decision
from tests.scripted import answering, app, engine, notified, reviewed, settled, words
from tests.test_cli import DETECT, reviewer
from tests.test_service import start

HARMLESS = "明天记得带伞"
WHY = {
    Lang.ZH: "自检没有通过：已知的违规草稿没有被发现，所以不放行任何草稿",
    Lang.EN: "the self-check failed: a known bad draft was missed, so no draft passes",
}
BLIND_LIST = '[[allow]]\nphrase = "机密★20年"\ncontext = "管廊"\nowner = "办公室"\nexpires = 2099-01-01\n'
"""A list of the station that lets a known bad draft through."""


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that find nothing."""
    monkeypatch.setattr(detectors, "DETECTORS", ())


@pytest.mark.parametrize("lang", list(Lang))
async def test_the_screen_says_why_and_copies_nothing(home: Path, blind: None, lang: Lang) -> None:
    screen = app(home, lang, override=True)
    async with screen.run_test(size=(120, 40)) as pilot:
        await reviewed(pilot, screen, HARMLESS, WHY[lang])
        assert screen.main.review is not None
        assert screen.main.review.decision is Decision.REVIEW
        assert not screen.main.review.findings
        await pilot.press("ctrl+y")
        await notified(pilot, screen, say("copy_refused", lang))
        assert not screen.clipboard


async def test_the_screen_of_answers_says_why(home: Path, blind: None) -> None:
    screen = app(home)
    async with screen.run_test(size=(120, 40)) as pilot:
        engine(screen).go.set()
        over = await answering(pilot, screen)
        over.query_one("#prompt", DraftPane).text = over.query_one("#answer", DraftPane).text = HARMLESS
        await pilot.press("f5")
        await settled(pilot, screen, WHY[Lang.ZH])
        assert words(screen, "#decision").startswith("须送审")
        assert words(screen, "#decision").count(WHY[Lang.ZH]) == 1


async def test_the_screen_says_at_the_start_that_the_model_failed(home: Path) -> None:
    screen = app(home)
    engine(screen).doubts.append(WHY[Lang.ZH])
    async with screen.run_test(size=(120, 40)) as pilot:
        await notified(pilot, screen, WHY[Lang.ZH])
        await settled(pilot, screen, "模型：自检没有通过", "#status")


def test_a_check_says_why_and_does_not_pass(home: Path) -> None:
    (home / "lists").mkdir(parents=True)
    (home / "lists" / "a.toml").write_text(BLIND_LIST)
    done = reviewer(*DETECT, data=HARMLESS.encode())
    assert done.returncode == 10
    assert WHY[Lang.ZH] in done.stdout.decode()


def test_a_check_says_why_of_a_blind_judge_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "worker", "tests.blind_worker")
    files = [tmp_path / f"report.{form}" for form in ("html", "sarif")]
    reports = [word for file in files for word in ("--report", str(file))]
    arguments = ["check", "--stages", "detect,judge", "--format", "json", *reports]
    done = CliRunner().invoke(main, arguments, HARMLESS, standalone_mode=False)
    assert done.return_value == 10
    assert WHY[Lang.ZH] in json.loads(done.stdout)["unfinished"][0]["reason"]
    assert all(WHY[Lang.ZH] in file.read_text("utf-8") for file in files)


@pytest.mark.skipif(not door.supported(), reason="the service needs Linux")
def test_a_service_whose_judge_is_blind_says_why_and_does_not_start(home: Path) -> None:
    with start(Home(home).service, "tests.blind_worker") as process:
        process.stdin = None
        try:
            assert process.stdout
            assert WHY[Lang.ZH] in json.loads(process.stdout.readline())
            assert process.wait(60) == 0
        finally:
            process.kill()
    assert door.ask(Home(home).service, "status") is None
