"""`reviewer bench` over a scripted engine, model and program: what it times, in which order, and what it prints."""

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from reviewer.cli import bench, main
from reviewer.draft import Channel, Draft, Folded
from reviewer.errors import EngineError
from reviewer.finding import Finding, Stage
from reviewer.paths import PACKAGE
from reviewer.regulations import load_regulations
from reviewer.verdict import StageResult, Unfinished
from tests.scripted import ScriptedEngine, ScriptedStation

TIMES = 2
LABELLED = load_regulations((PACKAGE / "packs",)).by_label


@dataclass
class Seen:
    """What was asked, in order."""

    commands: list[tuple[str, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    prompts: list[tuple[str, int]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    service: bool = False
    refused: bool = False
    """The service does not start."""
    unfinished: bool = False


class Engine(ScriptedEngine):
    """Judges at once, and a long draft until it is cancelled."""

    pid = 0

    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self.seen = seen

    def request(self, op: str, payload: object, timeout_s: float) -> dict[str, object]:
        """The state, after a cancel."""
        self.seen.order.append(op)
        return super().request(op, {}, timeout_s)

    def cancel(self) -> None:
        """Stop the judge."""
        self.seen.order.append("cancel")
        super().cancel()

    def judge(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """Nothing is found."""
        if len(draft.text) > 1000:
            return super().judge(draft, folded, earlier)
        self.seen.order.append("review")
        self.seen.texts.append(draft.text)
        lost = (Unfinished(stage=Stage.JUDGE, reason="no memory"),) if self.seen.unfinished else ()
        return StageResult(stage=Stage.JUDGE, examined=((0, len(draft.text)),), unfinished=lost)


class Model:
    """A token a character."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen

    def tokenize(self, text: str) -> list[int]:
        """Code points."""
        return [ord(c) for c in text]

    def read_twice(self, prefix: Sequence[int], tokens: Sequence[int], between: Sequence[int]) -> None:
        """Only how many."""
        self.seen.batches.append(len(prefix) + 2 * len(tokens) + len(between))

    def next_text(self, prompt: Sequence[int], limit: int, stop: str) -> str:
        """No answer."""
        self.seen.prompts.append(("".join(map(chr, prompt)), limit))
        return ""


class Rows:
    """Reads nothing, and how much of it does not matter."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __call__(self, text: str, channel: Channel) -> None:
        """At once."""

    once = __call__


class Reading:
    """A reading whose heads find all plain but a leak."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def once(self, text: str, channel: Channel) -> SimpleNamespace:
        """What they say at a glance."""
        return SimpleNamespace(settled=lambda heads: None if "征求意见稿" in text else ())


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Everything that takes long is scripted."""
    made = Seen()
    engine, model = Engine(made), Model(made)

    def program(*arguments: str, draft: str = "") -> "subprocess.CompletedProcess[bytes]":
        made.commands.append(arguments)
        made.order.append(arguments[0])
        said: object = {"unfinished": ["judge"] if made.unfinished else []}
        if arguments[:2] == ("service", "status"):
            said = {"leases": sum(c[0] == "check" for c in made.commands)} if made.service else None
        if arguments[:2] == ("service", "start"):
            made.service = not made.refused
        if arguments[0] == "check":
            assert len(draft) == 300
        return subprocess.CompletedProcess([], int(made.refused), json.dumps(said).encode(), b"no service here")

    monkeypatch.setattr(bench, "Station", lambda config, stages, timeout_s: ScriptedStation(config, engine))
    opened = Reading(Rows(model)), {}
    monkeypatch.setattr(bench, "open_reading", lambda config: opened)
    monkeypatch.setattr(bench, "load_heads", lambda config, catalogue: SimpleNamespace())
    monkeypatch.setattr(bench, "reviewer", program)
    monkeypatch.setattr(bench, "CANCEL_S", 0.1)
    monkeypatch.setattr(bench.front, "enter", lambda ctx: made.order.append("sealed"))
    return made


def run(*options: str) -> Result:
    """Run it."""
    return CliRunner().invoke(main, ["bench", f"--times={TIMES}", *options])


@pytest.fixture
def said(seen: Seen) -> Callable[..., str]:
    """Run it to its end, and return what it prints."""

    def go(*options: str) -> str:
        done = run(*options)
        assert done.exit_code == 0, done.output
        return done.stdout

    return go


def test_it_prints_every_figure_and_what_it_ran_on(said: Callable[..., str]) -> None:
    printed = said()
    for words in (
        " cores, ", " threads, load ", "qwen2.5-coder-1.5b", "store none", "llama.cpp with ", "load at the end ",
        "check, cold ", f"check by the service, {TIMES} of {TIMES} by it ",
        "engine start to the end of its first review ", "review of 300 characters, warm ",
        "again after a small edit at its end ", "at its middle ", "at its beginning ",
        "review of 300 characters that leak ", "cancel, until the engine answers again ", "a glance by the model ",
        "one reading by the model ", " tokens/s, ", "% of the ceiling: ",
        "of the harmless draft a glance is needed", "of the leaking draft a whole reading is needed",
        " times one reading\n",
        f"{len(LABELLED)} completions, each of at most {bench.ANSWER} tokens ",
    ):  # fmt: skip
        assert words in printed, words
    assert printed.count(f"{TIMES} tries)") == 10


def test_the_commands_are_timed_before_the_seal_and_the_service_is_stopped(
    said: Callable[..., str], seen: Seen
) -> None:
    said()
    assert seen.order.count("sealed") == 1
    sealed = seen.order.index("sealed")
    assert {"check", "service"} <= set(seen.order[:sealed])
    assert set(seen.order[sealed + 1 :]) == {"review", "cancel", "state"}
    first = seen.commands.index(("service", "start"))
    assert [c[0] for c in seen.commands[:first]].count("check") == TIMES
    assert [c[0] for c in seen.commands[first:]].count("check") == TIMES
    assert seen.commands[-1] == ("service", "stop")


def test_a_service_that_runs_already_is_used_and_left(said: Callable[..., str], seen: Seen) -> None:
    seen.service = True
    printed = said()
    assert "check, cold                -  a service runs" in printed
    assert {c[:2] for c in seen.commands if c[0] == "service"} == {("service", "status")}


def test_a_service_that_does_not_start_is_said_and_the_rest_is_measured(said: Callable[..., str], seen: Seen) -> None:
    seen.refused = True
    printed = said()
    assert "check by the service       -  no service here" in printed
    assert "review of 300 characters, warm" in printed


def test_the_drafts_are_one_text_and_its_edits(said: Callable[..., str], seen: Seen) -> None:
    said()
    assert len(seen.texts) == 1 + 5 * TIMES
    new, leaks = seen.texts[1 : 4 * TIMES : 4], seen.texts[1 + 4 * TIMES :]
    assert [len(text) for text in leaks] == [300] * TIMES == [len(text) for text in set(leaks)]
    assert [len(text) for text in new] == [300] * TIMES
    assert len(set(new)) == TIMES
    for before, after, place in zip(seen.texts[1:4], seen.texts[2:5], ("end", "middle", "beginning"), strict=True):
        changes = [o for o in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if o[0] != "equal"]
        assert len(changes) == 1
        at = changes[0][1] / len(before)
        assert {"end": at == 1, "middle": 0.3 < at < 0.7, "beginning": at < 0.05}[place]


def test_a_cancel_is_timed_until_the_child_answers(said: Callable[..., str], seen: Seen) -> None:
    said()
    asked = [what for what in seen.order if what in ("cancel", "state")]
    assert asked == ["cancel", "state"] * TIMES


def test_every_clause_is_asked_in_its_own_words(said: Callable[..., str], seen: Seen) -> None:
    said()
    assert len(seen.prompts) == len({prompt for prompt, _ in seen.prompts}) == len(LABELLED) == 14
    for (prompt, limit), clause in zip(seen.prompts, LABELLED.values(), strict=True):
        assert clause.wording in prompt
        assert bench.letter(TIMES) in prompt
        assert limit == bench.ANSWER


def test_the_completions_can_be_left_out(said: Callable[..., str], seen: Seen) -> None:
    printed = said("--no-chat")
    assert seen.prompts == []
    assert "completions" not in printed
    assert "% of the ceiling" in printed


def test_the_ceiling_is_measured_in_the_same_run(said: Callable[..., str], seen: Seen) -> None:
    said()
    assert seen.batches == [bench.BATCH] * TIMES


def test_a_review_that_is_not_finished_is_no_figure(seen: Seen) -> None:
    seen.unfinished = True
    done = run()
    assert isinstance(done.exception, EngineError)
    assert "warm" not in done.stdout
