"""Known drafts, reviewed before any other: a stage that misses a bad one or flags a good one lets nothing pass.

The drafts are in `prompts/canary.toml`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from reviewer.decide import decide
from reviewer.draft import Channel, Draft, Folded, Lang, Value
from reviewer.errors import PromptError
from reviewer.finding import Finding
from reviewer.located import load_toml
from reviewer.normalise import fold
from reviewer.review import Runner
from reviewer.verdict import Decision, StageResult, Unfinished

CANARY = "canary.toml"
"""The file's name."""


class Known(Value):
    """A draft and what a stage must say of it: at least `at_least`, or nothing that decides."""

    text: str
    channel: Channel = Channel.WECHAT_GROUP
    at_least: Decision | None = None

    def holds(self, runner: Runner) -> bool:
        """Whether the stage says what it must. Raises what the stage raises."""
        result = runner(Draft(text=self.text, channel=self.channel), fold(self.text), ())
        return self.fits(decide(result.findings, result.unfinished))

    def fits(self, decision: Decision) -> bool:
        """Whether that is what must be said of it."""
        return decision is Decision.PASS if self.at_least is None else decision.rank >= self.at_least.rank


class Canary(Value):
    """The known drafts of the rules, of the judge, and of a whole review."""

    rules: tuple[Known, ...]
    judge: tuple[Known, ...]
    whole: tuple[Known, ...]

    @property
    def bad_rules(self) -> tuple[Known, ...]:
        """Those that the rules must find."""
        return tuple(k for k in self.rules if k.at_least is not None)

    @property
    def good_rules(self) -> tuple[Known, ...]:
        """Those that the rules must leave alone."""
        return tuple(k for k in self.rules if k.at_least is None)


def load_canary(directory: Path) -> Canary:
    """Read `canary.toml` in `directory`. Raises `PromptError`; each kind needs a bad draft and a good one."""
    canary = load_toml(directory / CANARY, Canary, PromptError)
    for known in (canary.rules, canary.judge, canary.whole):
        if {k.at_least is None for k in known} != {True, False}:
            raise PromptError(f"{CANARY}: 每个环节要有一好一坏两份草稿 / each stage needs a bad draft and a good one")
    return canary


class Watched:
    """A stage that first proves itself on known drafts; while it does not, every result of it is unfinished."""

    def __init__(self, runner: Runner, proofs: Callable[[], Sequence[tuple[Runner, Known]]], lang: Lang) -> None:
        """`proofs` gives the known drafts, each with the runner that must judge it; it is asked once, when needed."""
        self._runner = runner
        self._proofs = proofs
        self._lang = lang
        self._failures: tuple[str, ...] | None = None

    def prove(self) -> Sequence[str]:
        """What came out wrong, in words; tried once. Raises what the stage raises, and then tries again next time."""
        if self._failures is None:
            self._failures = tuple(self._say(known) for runner, known in self._proofs() if not known.holds(runner))
        return self._failures

    def __call__(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        """The stage's own result, unfinished while a known draft comes out wrong."""
        failures = self.prove()
        result = self._runner(draft, folded, earlier)
        failed = tuple(Unfinished(stage=result.stage, reason=reason) for reason in failures)
        return result.model_copy(update={"unfinished": (*result.unfinished, *failed)}) if failed else result

    def _say(self, known: Known) -> str:
        bad = known.at_least is not None
        return self._lang.pick(
            f"自检没有通过：{'已知的违规草稿没有被发现' if bad else '已知的正常草稿被判违规'}，所以不放行任何草稿",
            f"the self-check failed: a known {'bad draft was missed' if bad else 'good draft was flagged'}, "
            "so no draft passes",
        )
