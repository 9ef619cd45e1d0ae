"""The real worker's loop over scripted resources: an engine process for tests."""

import os
import threading
from collections.abc import Sequence
from typing import Any

from reviewer import worker
from reviewer.assemble import Config
from reviewer.draft import Draft, Folded
from reviewer.errors import Cancelled
from reviewer.finding import Finding, Severity, Stage
from reviewer.regulations import load_regulations
from reviewer.verdict import StageResult

SLEEP, DIE, FIND, EAT, STRIKE = "睡", "死", "学区", "噬", "令"
"""What makes it wait, end, find, take memory; `STRIKE` with a number behind it at the end: end by that signal."""
EATEN = 512 << 20
"""Bytes of memory that `EAT` takes."""


class ScriptedResources:
    """Judges by one word; others make it wait until it is cancelled, end it, or take memory."""

    def __init__(self, config: Config) -> None:
        self._precedents = config.precedents[-1]
        self.regulations = load_regulations(config.packs, config.enabled_packs)
        self._cancelled = threading.Event()

    def describe(self, on_disk: bool = False, index: bool = True) -> dict[str, Any]:
        """Versions; that of the precedents is what their file says now."""
        return {"versions": {"precedents": self._precedents.read_text() if self._precedents.exists() else "none"}}

    def state(self) -> dict[str, str]:
        """Loaded."""
        return {"judge": "ready", "embedder": "ready"}

    def prepare(self) -> Sequence[str]:
        """Nothing to load, nothing wrong."""
        return ()

    def cancel(self) -> None:
        """Stop waiting."""
        self._cancelled.set()

    @property
    def topic(self) -> Any:
        """Says the beginning of a text."""
        return lambda text: text[:2]

    def runner(self, stage: Stage) -> Any:
        """The judge."""
        assert stage is Stage.JUDGE
        self._cancelled.clear()
        return self._judge

    def _judge(self, draft: Draft, folded: Folded, earlier: Sequence[Finding]) -> StageResult:
        if DIE in draft.text:
            os._exit(3)
        if STRIKE in draft.text:
            os.kill(os.getpid(), int(draft.text.partition(STRIKE)[2]))
        if SLEEP in draft.text and self._cancelled.wait(30):
            raise Cancelled
        if EAT in draft.text:
            bytearray(EATEN)
        at = draft.text.find(FIND)
        found = () if at < 0 else (_finding(at),)
        return StageResult(stage=Stage.JUDGE, findings=found, examined=((0, len(draft.text)),))


def _finding(at: int) -> Finding:
    """It names the process that made it, so that a test knows which engine answered."""
    return Finding(
        rule="judge.wx-5",
        stage=Stage.JUDGE,
        severity=Severity.REVIEW,
        span=(at, at + len(FIND)),
        quote=FIND,
        reason=str(os.getpid()),
    )


def main() -> None:
    """As `reviewer.worker`."""
    worker.Resources = ScriptedResources  # type: ignore[assignment,misc]
    worker.main()


if __name__ == "__main__":
    main()
