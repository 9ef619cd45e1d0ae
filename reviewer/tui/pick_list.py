"""A list from which one thing is taken: a click selects it, Enter or a second click takes it."""

from collections.abc import Iterable

from textual import events
from textual.visual import VisualType
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class PickList(OptionList):
    """Takes nothing at the first click, where the library would."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self.clicked: int | None = None
        """The place that was clicked and not taken since."""

    async def _on_click(self, event: events.Click) -> None:
        """Select; the second click goes on to the library, which takes what is under it."""
        place: int | None = event.style.meta.get("option")
        if place is not None and place == self.clicked == self.highlighted:
            self.clicked = None
        else:
            event.prevent_default()
            if place is not None and not self.get_option_at_index(place).disabled:
                self.highlighted = self.clicked = place

    def fill(self, rows: Iterable[VisualType]) -> None:
        """Show these rows, with the bar where it was."""
        place = self.highlighted or 0
        self.clear_options()
        self.add_options([Option(row) for row in rows])
        if self.options:
            self.highlighted = min(place, len(self.options) - 1)
