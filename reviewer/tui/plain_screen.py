"""A text that may go out, alone on the screen, for who has to take it with the mouse."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

from reviewer.draft import Lang
from reviewer.tui.keys import TEXT, Keyed, bound, key_line
from reviewer.tui.prose import Prose
from reviewer.tui.words import say


class PlainScreen(Keyed, Screen[None]):
    """From edge to edge, without a border or a bar that would be taken with it; below it how."""

    keys = TEXT
    BINDINGS: ClassVar[list[BindingType]] = [*bound(TEXT), ("ctrl+y", "dismiss", "")]

    def __init__(self, text: str, lang: Lang, *, copied: bool) -> None:
        """`copied` says whether the terminal was given the text too."""
        super().__init__()
        self._text, self._lang, self._copied = text, lang, copied

    def compose(self) -> ComposeResult:
        """The text, and a line."""
        with VerticalScroll(id="plain"):
            yield Prose(self._text.expandtabs(4), id="plain-text")
        how = say("plain_how" if self._copied else "copied_ssh", self._lang)
        yield Prose(Text(f"{how}　").append_text(key_line(TEXT, self._lang)), id="keys")

    def on_mount(self) -> None:
        """Arrow keys scroll at once."""
        self.query_one("#plain").focus()
