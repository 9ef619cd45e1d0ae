"""The scripted worker with a judge that misses every known draft: what an engine says whose self-check failed."""

from collections.abc import Sequence
from typing import Any

from reviewer import worker
from reviewer.assemble import Config
from reviewer.canary import Watched, load_canary
from reviewer.draft import Draft, Folded
from reviewer.finding import Finding, Stage
from reviewer.verdict import StageResult
from tests.scripted_worker import ScriptedResources


def _finds_nothing(draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
    return StageResult(stage=Stage.JUDGE, examined=((0, len(draft.text)),))


class BlindResources(ScriptedResources):
    """Its judge finds nothing in anything, and is watched as the real one is."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        known = load_canary(config.prompts).judge
        self._watched = Watched(_finds_nothing, lambda: [(_finds_nothing, k) for k in known], config.lang)

    def prepare(self) -> Sequence[str]:
        """As the real one."""
        return self._watched.prove()

    def runner(self, stage: Stage) -> Any:
        """The watched judge."""
        super().runner(stage)
        return self._watched


if __name__ == "__main__":
    worker.Resources = BlindResources  # type: ignore[assignment,misc]
    worker.main()
