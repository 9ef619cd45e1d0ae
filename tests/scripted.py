"""A station for screen tests: real rules, and an engine whose judge waits until it is told to go on."""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.widgets import Input, Static

from reviewer.assemble import Config, Station, configure
from reviewer.audit import Log
from reviewer.draft import Draft, Folded, Lang
from reviewer.engine import wanted
from reviewer.errors import Cancelled, EngineError
from reviewer.finding import ClauseRef, Finding, Severity, Stage
from reviewer.match.overlap import overlap
from reviewer.paths import Home
from reviewer.redact.sentences import sentence
from reviewer.review import Runner
from reviewer.settings import Settings
from reviewer.tui.answer_screen import AnswerScreen
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from reviewer.verdict import Decision, Judgement, Neighbour, Probability, StageResult
from tests.conftest import DOCUMENTS

NEAR = Neighbour(
    id="x-1",
    text="学区方案先给你看看",
    verdict=Decision.REVIEW,
    labels=("wx-5",),
    reason="透露未定方案",
    similarity=0.83,
)


class ScriptedEngine:
    """Stands for the engine process; `words` are what its judge finds, with the label it gives their sentence."""

    def __init__(self, lang: Lang = Lang.ZH, *, broken: bool = False) -> None:
        self.lang = lang
        self.hello: Mapping[str, object] = {}
        self.learning_s = 0.0
        self.go = threading.Event()
        self.cancelled = threading.Event()
        self.broken = broken
        self.running = not broken
        self.starts = 0
        self.refreshed = 0
        self.deaf = False
        self.doubts: list[str] = []
        """What its judge got wrong of the known drafts."""
        self.words: dict[str, str] = {"学区": "wx-5"}
        self.topic = ""
        """What its model says that any text is about."""

    def start(self) -> Mapping[str, object]:
        """Open, or fail."""
        self.starts += 1
        if self.broken:
            raise EngineError("the engine died (exit status 1)")
        self.running = True
        return self.hello

    def request(self, op: str, payload: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """The models are there; a precedent flips one verdict of the library."""
        if self.deaf:
            raise EngineError("the engine died (exit status 1)")
        if op == "teach":
            changes = [{"id": p["id"], "before": 0.93, "after": 0.21, "right": True} for p in payload["new"]]
            return {"changes": changes, "flips": [{"id": "p1-001a", "flagged": False, "right": False}]}
        if op == "prepare":
            return {"failed": self.doubts}
        if op == "overlap":
            return overlap(DOCUMENTS[0], payload["quote"]).model_dump(mode="json")
        assert op == "state"
        return {"judge": "ready", "embedder": "ready"}

    def refresh(self) -> None:
        """The precedents are read again."""
        if self.deaf:
            raise EngineError("the engine did not answer within 120 s")
        self.refreshed += 1

    def kill(self) -> None:
        """End at once."""
        self.running = False

    def cancel(self) -> None:
        """Stop the judge."""
        self.cancelled.set()

    def close(self) -> None:
        """Nothing to end."""

    def judge(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Wait, then find each of the words once."""
        while not self.go.wait(0.01):
            if self.cancelled.is_set():
                self.cancelled.clear()
                raise Cancelled
            if not wanted():
                raise Cancelled
        if not self.running:
            raise EngineError("the engine died (exit status 1)")
        found = tuple(_finding(draft, w, label, self.lang) for w, label in self.words.items() if w in draft.text)
        probability = Probability(
            violation=0.93 if found else 0.04, clauses={"wx-5": 0.91 if found else 0.03, "wx-6": 0.31, "pi": 0.01}
        )
        judgement = Judgement(probability=probability, neighbours=(NEAR,))
        return StageResult(stage=Stage.JUDGE, findings=found, examined=((0, len(draft.text)),), judgement=judgement)


def _finding(draft: Draft, word: str, label: str, lang: Lang) -> Finding:
    at = draft.text.find(word)
    span = sentence(draft.text, (at, at + len(word)))
    return Finding(
        rule=f"judge.{label}",
        stage=Stage.JUDGE,
        severity=Severity.REVIEW,
        confidence=0.9,
        clause=ClauseRef(pack="wechat-party-government", id=label, title="不得谈论、传播未定事项"),
        span=span,
        quote=draft.quote(span),
        reason=lang.pick("未定事项", "It is not decided yet"),
        advice=lang.pick("等公布", "Wait until it is published"),
    )


class ScriptedStation(Station):
    """A station whose judge is scripted; rules are the real ones."""

    def __init__(self, config: Config, engine: ScriptedEngine) -> None:
        super().__init__(config, (Stage.DETECT,), 5.0)
        self.scripted = engine
        self.engine = engine  # type: ignore[assignment]

    @property
    def heavy(self) -> tuple[Stage, ...]:
        """The stage that is scripted."""
        return (Stage.JUDGE,)

    def topic(self, _text: str) -> str:
        """As scripted."""
        return self.scripted.topic

    def _remote(self, stage: Stage) -> Runner:
        """The scripted judge, as it is now: tests exchange it."""
        return lambda *given: self.scripted.judge(*given)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def app(
    place: Path,
    lang: Lang = Lang.ZH,
    *,
    broken: bool = False,
    tour: bool = False,
    auto: bool = False,
    override: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> ReviewerApp:
    """A screen over the scripted station."""
    home = Home(place)
    if not tour:
        home.remember_tour()
    config = configure(Settings(lang=lang), home)
    station = ScriptedStation(config, ScriptedEngine(lang, broken=broken))
    made = ReviewerApp(station, home, Log(home.audit), clock, override=override)
    made.auto = auto
    return made


def engine(screen: ReviewerApp) -> ScriptedEngine:
    """The scripted engine behind a screen."""
    station = screen.station
    assert isinstance(station, ScriptedStation)
    return station.scripted


def words(screen: ReviewerApp, name: str) -> str:
    """What a static part of the screen says."""
    return str(screen.screen.query_one(name, Static).visual)


async def reviewed(pilot: Pilot[int], screen: ReviewerApp, text: str, until: str) -> None:
    """Put a draft on the screen and let it be checked until the decision says something."""
    engine(screen).go.set()
    screen.query_one(DraftPane).text = text
    await pilot.press("f5")
    await settled(pilot, screen, until)


async def answering(pilot: Pilot[int], screen: ReviewerApp) -> AnswerScreen:
    """Open the screen for a prompt and its answer."""
    await pilot.press("f7")
    await pilot.pause(0.1)
    over = screen.screen
    assert isinstance(over, AnswerScreen)
    return over


async def reported(pilot: Pilot[int], screen: ReviewerApp, reason: str) -> None:
    """Say with F9 that the draft was judged wrongly, and why; Enter is left to press."""
    await pilot.press("f9")
    await pilot.pause(0.1)
    screen.screen.query_one("#reason", Input).value = reason


async def closed(pilot: Pilot[int], screen: ReviewerApp) -> None:
    """Wait until only the main screen is left; a busy machine gets a minute."""
    end = time.monotonic() + 60
    while len(screen.screen_stack) > 1:
        assert time.monotonic() < end, "the screen on top was never closed"
        await pilot.pause(0.02)


async def settled(pilot: Pilot[int], screen: ReviewerApp, until: str, name: str = "#decision") -> None:
    """Wait until a part of the screen says something."""
    await _shown(pilot, until, name, lambda: words(screen, name))


async def notified(pilot: Pilot[int], screen: ReviewerApp, until: str) -> None:
    """Wait until a notification says something."""
    await _shown(pilot, until, "the notifications", lambda: "\n".join(n.message for n in screen._notifications))


async def _shown(pilot: Pilot[int], until: str, where: str, said: Callable[[], str]) -> None:
    """A busy machine gets a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        await pilot.pause(0.02)
        with contextlib.suppress(NoMatches):
            if until in said():
                return
    raise AssertionError(f"{until!r} never appeared in {where}, it says {said()!r}")
