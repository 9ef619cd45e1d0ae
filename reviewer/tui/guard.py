"""What may leave for the terminal: no raw control character, no draft in a crash, a clipboard only on purpose."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from reviewer import crash
from reviewer.draft import Lang
from reviewer.reports.visible import tamed
from reviewer.tui.words import say


class ControlGuard(LineFilter):
    """Replaces control, bidi, invisible and unassigned characters, keeping the width of every segment."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """A zero-width character goes, any other becomes `·`; the layout, already done, stays right.

        What a joiner stands between is looked for in the whole row: a mark may end inside a picture.
        """
        words = "".join(s.text for s in segments if s.control is None)
        safe = tamed(words, lambda _: "·")
        return segments if safe == words else list(_safe(segments, safe))


def _safe(segments: Sequence[Segment], safe: str) -> Iterator[Segment]:
    """The segments, each of its stretch of `safe`, which has a `·` for every character that may not leave."""
    at = 0
    for segment in segments:
        if segment.control is not None:
            yield segment
            continue
        begin, at = at, at + len(segment.text)
        if segment.text != safe[begin:at]:
            pairs = zip(segment.text, safe[begin:at], strict=True)
            words = "".join(c if c == s else s * cell_len(c) for c, s in pairs)
            segment = Segment(set_cell_size(words, segment.cell_length), segment.style)
        yield segment


class GuardedApp(App[int]):
    """An application that holds drafts."""

    lang: Lang

    def __init__(self) -> None:
        super().__init__()
        self._filters.append(ControlGuard())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The guard is always on, whatever the theme does."""
        return [f for f in self._filters if f.enabled]

    def on_mount(self) -> None:
        """Failures of the event loop are told as others are."""
        asyncio.get_running_loop().set_exception_handler(crash.in_loop)

    def _fatal_error(self) -> None:
        """A crash shows its class and where it was, never a value or a message: they hold the draft.

        Only the first: of more, Textual would say that its own tool shows them.
        """
        self.bell()
        exc = sys.exception() or self._exception
        if exc is not None and not self._exit_renderables:
            self._exit_renderables.append(Text(crash.describe(exc)))
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """An error that can draw itself would draw its message; it is told as the others are."""
        super().panic(*(Text(crash.describe(r)) if isinstance(r, BaseException) else r for r in renderables))

    def notify(self, message: str, *, markup: bool = False, **more: Any) -> None:
        """Words are words: a bracket in a file's name or an error is no markup, which could fail to parse."""
        super().notify(message, markup=False, **more)

    def copy_to_clipboard(self, text: str) -> None:
        """What Ctrl+C takes stays inside this program, which is said."""
        self._clipboard = text
        self.notify(say("copied_inside", self.lang))

    def action_copy_inside(self) -> None:
        """Take what is selected, in a box or on the screen; where nothing is, say what copies out and what quits."""
        chosen = getattr(self.focused, "selected_text", "") or self.screen.get_selected_text()
        if chosen:
            self.copy_to_clipboard(chosen)
        else:
            self.notify(say("nothing_selected", self.lang), severity="warning")

    def write_clipboard(self, text: str) -> bool:
        """Hand text to the terminal (OSC 52); refused over a remote login, where it would leave the machine."""
        if "SSH_CONNECTION" in os.environ:
            return False
        super().copy_to_clipboard(text)
        return True
