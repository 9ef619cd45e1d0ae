"""Small questions and texts that lie over the screen: help, the tour, quitting, why."""

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button

from reviewer.draft import Lang
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.keys import ASK, EVERYWHERE, HELP, MAIN, TAB, TEXT, TOUR, TOUR_END, Keyed, bound, key_line
from reviewer.tui.prose import Prose
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

STEPS = ("tour_1", "tour_2", "tour_3")

BEGINS = {name: key.action for key in MAIN if key not in (*EVERYWHERE, TAB) for name in key.every if name != "escape"}
"""Keys of the main screen which end the tour, and what they do."""


class TextDialog(Keyed, ModalScreen[None]):
    """A titled text that scrolls; the keys that open it close it too."""

    keys = TEXT
    BINDINGS: ClassVar[list[BindingType]] = [*bound(TEXT), ("f1,ctrl+g,f10,ctrl+n,f11,ctrl+b,q,enter", "dismiss", "")]

    def __init__(self, title: str, body: Text, lang: Lang) -> None:
        super().__init__()
        self._title, self._body, self._lang = title, body, lang

    def compose(self) -> ComposeResult:
        """One box."""
        with VerticalScroll(id="dialog", classes="wide") as box:
            box.border_title = self._title
            box.border_subtitle = key_line(TEXT, self._lang)
            text = Prose(id="dialog-text")
            text.update(self._body)
            yield text

    def on_mount(self) -> None:
        """Arrow keys scroll at once."""
        self.query_one("#dialog").focus()


class Tour(Keyed, ModalScreen[None]):
    """The first-run tour: three steps, Enter or a click goes on, Escape skips, and so does who begins to work."""

    app: "ReviewerApp"
    keys = TOUR
    BINDINGS: ClassVar[list[BindingType]] = [*bound(TOUR), ("space,right", "on", "")]

    def __init__(self, lang: Lang) -> None:
        super().__init__()
        self._lang = lang
        self.step = 0

    def compose(self) -> ComposeResult:
        """One box of text."""
        with Vertical(id="dialog"):
            yield Prose(id="dialog-text")

    def on_mount(self) -> None:
        """The first step."""
        self._show()

    def on_paste(self, event: events.Paste) -> None:
        """Who pastes has begun."""
        event.stop()
        self.dismiss(None)
        self.app.main.query_one(DraftPane).take(event.text)

    def on_key(self, event: events.Key) -> None:
        """Who types has begun, and so has who presses a key of the main screen."""
        if event.is_printable and event.character and (event.key != "space" or not self.is_active):
            event.stop()
            self.dismiss(None)
            self.app.main.query_one(DraftPane).take(event.character)
        elif action := BEGINS.get(event.key):
            event.stop()
            self.dismiss(None)
            self.app.call_after_refresh(self.app.run_action, action)

    def on_click(self, event: events.Click) -> None:
        """As Enter does."""
        if event.button == 1:
            self.action_on()

    def action_on(self) -> None:
        """The next step, or the end."""
        if self.step + 1 == len(STEPS):
            self.dismiss(None)
        else:
            self.step += 1
            self._show()

    def action_back(self) -> None:
        """The step before."""
        self.step = max(0, self.step - 1)
        self._show()

    def _show(self) -> None:
        box, last = self.query_one("#dialog"), self.step + 1 == len(STEPS)
        box.border_title = f"{say('tour_title', self._lang)}　{self.step + 1}/{len(STEPS)}"
        box.border_subtitle = key_line((*(TOUR_END if last else TOUR), HELP), self._lang)
        self.query_one("#dialog-text", Prose).update(say(STEPS[self.step], self._lang))


class Ask(Keyed, ModalScreen[bool]):
    """A question that is answered with yes or no; Escape is no."""

    keys = ASK
    BINDINGS: ClassVar[list[BindingType]] = [
        *bound(ASK),
        ("escape", "answer(False)", ""),
        ("left,up,right,down", "app.focus_next", ""),
    ]

    def __init__(self, question: str, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """The question over two buttons; the harmless one has the focus."""
        with Vertical(id="dialog"):
            yield Prose(self._question, id="dialog-text")
            with Horizontal(id="buttons"):
                yield Button(self._no, id="no", variant="primary")
                yield Button(self._yes, id="yes")

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
