"""A line that is asked for, and work on it in a thread, with the seconds that it has taken."""

import threading
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from reviewer.errors import ReviewerError
from reviewer.tui.keys import HELP, Keyed, key_line
from reviewer.tui.prose import Prose
from reviewer.tui.reasons import told
from reviewer.tui.words import say

if TYPE_CHECKING:
    from reviewer.tui.app import ReviewerApp

R = TypeVar("R")
"""What the screen that asked is given."""


class Asking(Keyed, ModalScreen[R | None], Generic[R]):
    """A title, what is asked, the line, and how it goes. A thread that outlasts the program is not waited for."""

    title_word: ClassVar[str]
    wait_word: ClassVar[str]
    app: "ReviewerApp"

    class Worked(Message):
        """The thread is done: with `made`, or for `reason` without."""

        def __init__(self, made: object, reason: str) -> None:
            super().__init__()
            self.made, self.reason = made, reason

    def __init__(self, asks: str, *, value: str = "", placeholder: str = "") -> None:
        super().__init__()
        self._asks, self._value, self._placeholder = asks, value, placeholder
        self._since: float | None = None
        """When the work began, by the clock of the app; none while nothing runs."""
        self._waits: Asking.Worked | None = None
        """What came while another text lay over this one."""

    def compose(self) -> ComposeResult:
        """One box."""
        lang = self.app.lang
        with Vertical(id="dialog", classes="wide") as box:
            box.border_title = say(self.title_word, lang)
            box.border_subtitle = key_line((*self.keys, HELP), lang)
            yield Prose(self._asks, id="asks")
            yield Input(self._value, placeholder=self._placeholder, id="line")
            yield Prose(id="wait", classes="label")

    def on_mount(self) -> None:
        """The line is what is missing."""
        self.query_one("#line").focus()
        self.set_interval(0.5, self._tick)

    def work(self, line: str) -> R:
        """In the thread. Raises `ReviewerError`."""
        raise NotImplementedError

    def done(self, made: R) -> None:
        """Back in the screen."""
        self.dismiss(made)

    def tell(self, words: str) -> None:
        """Say why the line will not do."""
        self.query_one("#wait", Prose).update(told(words, self.app.lang, lines=True))

    async def action_submit(self) -> None:
        """Take the line as it stands."""
        await self.query_one("#line", Input).action_submit()

    def action_back(self) -> None:
        """Go back; what the thread still makes is ignored."""
        self.dismiss(None)

    @on(Input.Submitted, "#line")
    def _submitted(self, event: Input.Submitted) -> None:
        line = event.value.strip()
        if line and self._since is None:
            self._since = self.app.clock()
            self._tick()
            threading.Thread(target=self._run, args=(line,), name=self.wait_word, daemon=True).start()

    def _run(self, line: str) -> None:
        try:
            self.post_message(self.Worked(self.work(line), ""))
        except ReviewerError as exc:
            self.post_message(self.Worked(None, str(exc)))
        except Exception:
            self.post_message(self.Worked(None, say("work_failed", self.app.lang)))
            raise

    def _tick(self) -> None:
        if self._since is not None:
            seconds = f"{self.app.clock() - self._since:.0f}"
            self.tell(say(self.wait_word, self.app.lang, seconds=seconds))

    @on(events.ScreenResume)
    def _uncovered(self) -> None:
        if self._waits is not None:
            self.on_asking_worked(self._waits)

    def on_asking_worked(self, message: Worked) -> None:
        """Give it to who asked, or say why there is none; behind another text once that is gone."""
        if not self.is_active:
            self._waits = message
            return
        self._since = self._waits = None
        if message.made is None:
            self.tell(message.reason)
        else:
            self.done(message.made)  # type: ignore[arg-type]
