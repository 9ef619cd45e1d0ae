"""What was checked since the start: from memory, back onto the screen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList

from reviewer.draft import Draft
from reviewer.reports.visible import visible
from reviewer.tui.keys import HISTORY, Keyed, bound, key_line
from reviewer.tui.pick_list import PickList
from reviewer.tui.session import Entry
from reviewer.tui.words import channel_column, decision_column, say
from reviewer.verdict import Decision, Review

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp


class HistoryScreen(Keyed, ModalScreen[tuple[Draft, Review | None]]):
    """The newest first; Enter brings a draft back, with its review unless something was learnt since."""

    keys = HISTORY
    BINDINGS: ClassVar[list[BindingType]] = [*bound(HISTORY), ("f8", "dismiss", "")]
    app: "ReviewerApp"

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.entries = list(reversed(entries))

    def compose(self) -> ComposeResult:
        """One box with a list."""
        with Vertical(id="dialog", classes="wide") as box:
            box.border_title = say("history_title", self.app.lang)
            box.border_subtitle = key_line(HISTORY, self.app.lang)
            yield PickList(id="entries")

    def on_mount(self) -> None:
        """The newest under the bar."""
        self.repaint()
        self.query_one("#entries").focus()

    def repaint(self) -> None:
        """The rows, in the colours that are on."""
        self.query_one("#entries", PickList).fill(map(self._row, self.entries))

    def action_choose(self) -> None:
        """Bring back the draft under the bar."""
        self.query_one("#entries", PickList).action_select()

    @on(OptionList.OptionSelected, "#entries")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        entry = self.entries[event.option_index]
        self.dismiss((entry.draft, None if entry.learnt else entry.review))

    def _row(self, entry: Entry) -> Text:
        lang, looks, decision = self.app.lang, self.app.looks, entry.review.decision
        word, where = decision_column(decision, lang), channel_column(entry.draft.channel, lang)
        row = Text(f"{entry.at:%H:%M:%S}　", no_wrap=True, overflow="ellipsis")
        row.append(f" {word} ", looks["advice"] if decision is Decision.PASS else looks[decision.value])
        row.append(f"　{where}　{len(entry.draft.text):>5} {say('characters', lang)}　", "dim")
        if entry.review.unfinished:
            row.append(f"{say('not_finished', lang)}　", "bold")
        return row.append(visible(entry.draft.text.replace("\n", " "))[:60])
