"""Radio buttons whose sign tells the chosen from the others without colour."""

from textual.widgets import RadioButton

CHOSEN, OPEN = "●", "○"


class Radio(RadioButton):
    """A full circle where it is chosen, an empty one elsewhere; the library has a full one for both, in two colours."""

    BUTTON_LEFT, BUTTON_INNER = "", OPEN
    BUTTON_RIGHT = " "  # room for the sign, which many fonts draw two cells wide

    def watch_value(self) -> None:
        """Change the sign with the value."""
        self.BUTTON_INNER = CHOSEN if self.value else OPEN
        super().watch_value()
