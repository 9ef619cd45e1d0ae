"""“Judged wrongly”: a false alarm or a miss becomes a precedent of the station.

The line goes to the end of the station's precedent file, the only place where a draft is ever written to disk, and only
because the person asked. It takes effect with the next `reviewer calibrate`.
"""

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, RadioButton, RadioSet, Select, Static

from reviewer.draft import Draft
from reviewer.errors import AuditError
from reviewer.finding import Finding, Severity
from reviewer.precedents import LABELS, Precedent
from reviewer.reports.visible import visible
from reviewer.tui.words import say
from reviewer.verdict import Decision

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

LONGEST = 1200
"""Characters of a precedent."""

SHORTEST_REASON = 10


def precedent(
    draft: Draft, finding: Finding | None, label: str | None, block: bool, reason: str, number: int
) -> Precedent:
    """A false alarm (no label) or a miss (its label); of a long draft the part around the finding.

    Raises `ValidationError` for a draft that is too short.
    """
    text = draft.text
    if len(text) > LONGEST:
        middle = (finding.span[0] + finding.span[1]) // 2 if finding else LONGEST // 2
        start = min(max(0, middle - LONGEST // 2), len(text) - LONGEST)
        text = text[start : start + LONGEST]
    return Precedent(
        id=f"station-{number}",
        channel=draft.channel,
        text=text,
        labels=(label,) if label else (),
        verdict=Decision.PASS if label is None else Decision.BLOCK if block else Decision.REVIEW,
        evidence=((finding.quote if finding and finding.quote in text else text),) if label else (),
        reason=reason,
        voice="station",
    )


def record(made: Precedent, path: Path) -> None:
    """Append a precedent to a file that only its owner may read, and see it on disk. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(made.model_dump(mode="json"), ensure_ascii=False) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(line.encode("utf-8", "replace"))
        file.flush()
        os.fsync(handle)


class FeedbackScreen(ModalScreen[None]):
    """False alarm or miss, which clause, why; Enter saves, Escape does not."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "")]
    app: "ReviewerApp"

    def __init__(self, draft: Draft, finding: Finding | None, decision: Decision) -> None:
        super().__init__()
        self._draft, self._finding, self._decision = draft, finding, decision

    def compose(self) -> ComposeResult:
        """The two kinds, the clause, the reason, and what saving does."""
        lang, regulations = self.app.lang, self.app.station.regulations
        known = [
            (f"{label} {regulations.by_label[label].title}", label) for label in LABELS if label in regulations.by_label
        ]
        passed = self._decision is Decision.PASS
        with Vertical(id="dialog", classes="wide") as box:
            box.border_title = say("feedback_title", lang)
            with RadioSet(id="kind"):
                yield RadioButton(say("false_alarm", lang), value=not passed, id="false-alarm")
                yield RadioButton(say("missed", lang), value=passed, id="missed")
            yield Static(say("which_clause", lang), classes="label", markup=False)
            yield Select(known, value=known[0][1], allow_blank=False, id="label", compact=True)
            yield Static(say("give_reason", lang), classes="label", markup=False)
            yield Input(id="reason", max_length=200)
            yield Static(say("writes_disk", lang), classes="label muted", markup=False)

    def on_mount(self) -> None:
        """The reason is what is missing."""
        self.query_one("#reason").focus()

    @on(Input.Submitted, "#reason")
    def _save(self, event: Input.Submitted) -> None:
        lang, reason = self.app.lang, event.value.strip()
        if len(reason) < SHORTEST_REASON:
            self.notify(say("reason_short", lang), severity="warning")
            return
        missed = self.query_one("#missed", RadioButton).value
        label = str(self.query_one("#label", Select).value) if missed else None
        severe = label is not None and self.app.station.regulations.by_label[label].severity is Severity.BLOCK
        try:
            made = precedent(self._draft, self._finding, label, severe, reason, time.time_ns())
            self.app.ledger.precedent(made)
            record(made, self.app.station.config.precedents[-1])
        except (AuditError, OSError, ValidationError) as exc:
            why = exc.errors()[0]["msg"] if isinstance(exc, ValidationError) else visible(str(exc))
            self.notify(say("not_saved", lang, why=why), severity="error", timeout=15)
            return
        self.app.notify(say("saved", lang))
        self.dismiss(None)
