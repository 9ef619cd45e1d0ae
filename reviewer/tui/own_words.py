"""The box for one's own words about a change."""

from typing import TYPE_CHECKING

from textual.widgets import Input

from reviewer.tui.suggestions import Choice
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp


class OwnWords(Input):
    """Seen while words are written; it knows which change they are for, wherever the list stands by then."""

    app: "ReviewerApp"

    def __init__(self) -> None:
        super().__init__(id="own")
        self.display = False
        self._choice: Choice | None = None

    def on_mount(self) -> None:
        """What it is for."""
        self.placeholder = say("write_own", self.app.lang)

    def open(self, choice: Choice) -> None:
        """Begin with what would be written there."""
        self._choice = choice
        self.value = choice.suggestion.replacement or choice.suggestion.quote
        self.display = True
        self.focus()

    def take(self) -> Choice | None:
        """Write the words for the change that they are for; that change, if there is one."""
        if self._choice is not None:
            self._choice.write(self.value)
        return self._choice

    def close(self) -> None:
        """Forget what was written."""
        self._choice = None
        self.display = False
