"""The command palette in the person's language."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from rich.align import Align
from textual.app import SystemCommand
from textual.command import CommandList, CommandPalette
from textual.screen import Screen
from textual.widgets.option_list import Option

from reviewer.reports.words import BRACKETS
from reviewer.tui.keys import PALETTE, keys_of, listed
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp


class Palette(CommandPalette):
    """Finds a command by its name."""

    app: "ReviewerApp"

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """As the library does it, with words of ours."""
        self._stop_no_matches_countdown()
        show = self._none if search_value else self._hide
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, show)

    def _none(self) -> None:
        words = Align.center(say("palette_none", self.app.lang))
        self.query_one(CommandList).add_option(Option(words, disabled=True, id=self._NO_MATCHES))
        self._list_visible = True

    def _hide(self) -> None:
        self._list_visible = False


def commands(app: "ReviewerApp", screen: Screen[object]) -> Iterator[SystemCommand]:
    """Every key of the screen that the palette lies over, and what has no key."""
    lang, brackets = app.lang, app.lang.pick(*BRACKETS)
    own = () if screen is app.main else keys_of(screen)
    for key in listed(keys_of(screen)):
        if key is not PALETTE:
            run = partial(app.call_later, app.run_action, key.action, screen if key in own else app)
            yield SystemCommand(say(key.word, lang) + brackets.format(key.shown), say(key.help, lang), run)
    if screen is app.main:
        yield SystemCommand(say("auto_command", lang), say("auto_command_help", lang), app.action_auto)
