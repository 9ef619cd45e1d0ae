"""Copying a draft that should be reviewed, where the station's policy allows it: the reason is asked and recorded."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList

from reviewer.audit.events import Reason
from reviewer.draft import Lang
from reviewer.tui.keys import OVERRIDE, Keyed, bound, key_line
from reviewer.tui.prose import Prose
from reviewer.tui.words import say

REASONS = tuple(Reason)


class OverrideScreen(Keyed, ModalScreen[Reason | None]):
    """One reason of the list; a code, because free text would carry the draft into the log."""

    keys = OVERRIDE
    BINDINGS: ClassVar[list[BindingType]] = bound(OVERRIDE)

    def __init__(self, lang: Lang) -> None:
        super().__init__()
        self._lang = lang

    def compose(self) -> ComposeResult:
        """What it means, over the reasons."""
        with Vertical(id="dialog", classes="wide") as box:
            box.border_title = say("override_title", self._lang)
            box.border_subtitle = key_line(OVERRIDE, self._lang)
            yield Prose(say("override_asks", self._lang))
            yield OptionList(*[say(f"override_{reason.value}", self._lang) for reason in REASONS], id="reasons")

    def on_mount(self) -> None:
        """Nothing is chosen yet."""
        reasons = self.query_one("#reasons", OptionList)
        reasons.focus()
        reasons.highlighted = None

    def action_choose(self) -> None:
        """Take the reason under the bar."""
        self.query_one("#reasons", OptionList).action_select()

    @on(OptionList.OptionSelected, "#reasons")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(REASONS[event.option_index])
