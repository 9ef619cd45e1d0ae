"""An indexed document's words beside the draft's, for who has the managing passphrase."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual import work

from reviewer.draft import Lang, Span
from reviewer.errors import ReviewerError
from reviewer.finding import Finding
from reviewer.reports.visible import visible
from reviewer.tui.dialogs import TextDialog
from reviewer.tui.prose import Prose
from reviewer.tui.reasons import told
from reviewer.tui.themes import Looks
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

ANSWER_S = 30.0
"""Seconds that the engine may take."""


class OverlapScreen(TextDialog):
    """The quoted words and the document's; that they were looked at is recorded first."""

    app: "ReviewerApp"

    def __init__(self, doc: str, quote: str, lang: Lang) -> None:
        super().__init__(say("overlap_title", lang), Text(), lang)
        self._asked = {"doc": doc, "quote": quote}
        self._since: float | None = None
        """When the engine was asked, by the clock of the app; none once it has answered."""

    def on_mount(self) -> None:
        """Ask the engine, which may be reading a draft."""
        super().on_mount()
        self._since = self.app.clock()
        self._tick()
        self.set_interval(0.5, self._tick)
        self._ask()

    @work(thread=True, group="overlap", exclusive=True, exit_on_error=False)
    def _ask(self) -> None:
        try:
            self.app.ledger.shown(self._asked["doc"])
            answer = self.app.station.engine.request("overlap", self._asked, ANSWER_S)
            found = aligned(answer, self.app.lang, self.app.looks)
        except ReviewerError as exc:
            found = Text(told(str(exc), self.app.lang))
        self.app.call_from_thread(self._show, found)

    def _show(self, found: Text) -> None:
        self._since = None
        if self.is_attached:
            self.query_one("#dialog-text", Prose).update(found)

    def _tick(self) -> None:
        if self._since is not None:
            seconds = f"{self.app.clock() - self._since:.0f}"
            self.query_one("#dialog-text", Prose).update(say("overlap_wait", self.app.lang, seconds=seconds))


def look(app: "ReviewerApp", finding: Finding | None) -> None:
    """Show the words of a hit of the index beside those of the document, or say what that needs."""
    if finding is None or finding.match is None:
        app.notify(say("overlap_none", app.lang))
    elif app.station.config.managing is None:
        app.notify(say("overlap_role", app.lang))
    else:
        app.push_screen(OverlapScreen(finding.match.doc, finding.quote, app.lang))


def aligned(found: dict[str, Any], lang: Lang, looks: Looks) -> Text:
    """The quoted words, then the document's, of the engine's answer; what both have stands out, numbered alike."""
    out = Text(say("overlap_draft", lang) + "\n", "bold")
    out.append_text(_marked(found["quote"], [s["here"] for s in found["same"]], looks))
    out.append("\n\n" + say("overlap_document", lang, doc=visible(found["doc"])) + "\n", "bold")
    return out.append_text(_marked(found["excerpt"], [s["there"] for s in found["same"]], looks))


def _marked(text: str, same: Iterable[Span], looks: Looks) -> Text:
    out, at = Text(), 0
    for number, (a, b) in enumerate(same, 1):
        out.append(visible(text[at:a], lines=True))
        out.append(f"{number}:", "dim")
        out.append(visible(text[a:b], lines=True), looks["selected"])
        at = b
    return out.append(visible(text[at:], lines=True))
