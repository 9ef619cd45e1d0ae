"""What may leave for the terminal: no raw control character, no draft in a crash, a clipboard only on purpose."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from reviewer import crash
from reviewer.reports.visible import visible


class ControlGuard(LineFilter):
    """Replaces control, bidi and invisible characters, keeping every cell's width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """A zero-width character goes, any other becomes `·`; the layout, already done, stays right."""
        return [s if s.control is not None or _plain(s.text) else Segment(_safe(s.text), s.style) for s in segments]


def _plain(text: str) -> bool:
    """Whether a text may go to the terminal as it stands."""
    return text.isprintable() or text == visible(text)


def _safe(text: str) -> str:
    return "".join(c if visible(c) == c else "·" * cell_len(c) for c in text)


class GuardedApp(App[int]):
    """An application that holds drafts."""

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
        """What Ctrl+C takes stays inside this program."""
        self._clipboard = text

    def write_clipboard(self, text: str) -> bool:
        """Hand text to the terminal (OSC 52); refused over a remote login, where it would leave the machine."""
        if "SSH_CONNECTION" in os.environ:
            return False
        super().copy_to_clipboard(text)
        return True
