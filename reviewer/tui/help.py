"""F1: the keys and the three steps."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from reviewer.draft import Lang
from reviewer.tui.words import say


class HelpScreen(ModalScreen[None]):
    """The keys and the three steps."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,f1", "dismiss", "")]

    def __init__(self, lang: Lang) -> None:
        super().__init__()
        self._lang = lang

    def compose(self) -> ComposeResult:
        """One box of text."""
        yield Static(say("help_text", self._lang), id="help", markup=False)
