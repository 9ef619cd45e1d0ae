"""Where readers put what they find: text with its place, and every part that they could not read.

Each entry goes out at once, so that what was read before a limit struck is not lost.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast

from reviewer.draft import Step, StepKind
from reviewer.errors import ReadError
from reviewer.readers import coded, formats, text
from reviewer.readers.reasons import Reason

MAX_TEXT = 5_000_000
"""Characters of one file, with everything inside it."""

MAX_ENTRIES = 200_000
"""Pieces of text of one file: paragraphs, cells, lines."""

MAX_DEPTH = 4
"""Files within files: an archive in a message in an archive."""

MAX_FILES = 500
"""Files within one file, at any depth."""


class Unreadable(Exception):
    """A file, or a part of one, that cannot be read, and why."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class Reader(Protocol):
    """Reads one format."""

    def read(self, data: bytes, out: "Gather") -> None:
        """Put all text of `data` into `out`. Raises `Unreadable`."""


class Budget:
    """What one file may still give, shared by everything inside it."""

    def __init__(self) -> None:
        self.text = MAX_TEXT
        self.entries = MAX_ENTRIES
        self.files = MAX_FILES


class Gather:
    """The entries of one part of a file; `at` gives a gather for a part of this part."""

    def __init__(
        self,
        emit: Callable[[list[Any]], None],
        steps: tuple[Step, ...] = (),
        depth: int = 0,
        budget: Budget | None = None,
    ) -> None:
        """`emit` receives `["text", steps, words, glued]` and `["missed", steps, reason, detail]`."""
        self._emit = emit
        self._steps = steps
        self._depth = depth
        self._budget = budget or Budget()

    def at(self, kind: StepKind, name: object = "") -> "Gather":
        """The same gather, one step further in."""
        return Gather(self._emit, (*self._steps, Step(kind=kind, name=str(name))), self._depth, self._budget)

    def text(self, words: str, *, glued: bool = False) -> None:
        """Text found here; `glued` text stands on the same line as the text before. Raises `Unreadable` at the cap."""
        if not words.strip():
            return
        self._budget.text -= len(words)
        self._budget.entries -= 1
        if self._budget.text < 0 or self._budget.entries < 0:
            raise Unreadable(Reason.TOO_MUCH)
        self._emit(["text", self._plain_steps(), words, glued])

    def missed(self, reason: Reason, detail: str = "") -> None:
        """A part here that was not read."""
        self._emit(["missed", self._plain_steps(), reason.value, detail])

    def decoded(self, data: bytes, name: str = "", charset: str = "") -> str:
        """The words of plain text; what is cut, broken or in no known encoding is recorded. Raises `ReadError`."""
        words, flaw = text.read(data, name, charset)
        if flaw:
            self.missed(flaw, charset if flaw is Reason.UNKNOWN else "")
        return words

    def named(self, name: str) -> "Gather":
        """The gather of a file inside this part, after its name. Raises `Unreadable` where there are too many."""
        inner = self.at(StepKind.FILE, name)
        inner.at(StepKind.NAME).text(name)
        self._budget.files -= 1
        if self._budget.files < 0:
            raise Unreadable(Reason.TOO_MUCH)
        return inner

    def file(self, data: bytes, name: str, said: formats.Format | None = None) -> None:
        """A file inside this part: its name and its content; what cannot be read is recorded, not raised.

        `said` is what a text is said to be where neither its name nor its content tells.
        """
        inner = self.named(name)
        if self._depth >= MAX_DEPTH:
            inner.missed(Reason.TOO_DEEP)
        else:
            Gather(self._emit, inner._steps, self._depth + 1, self._budget).content(data, name, said)

    def content(self, data: bytes, name: str, said: formats.Format | None = None) -> None:
        """The content of the file this gather stands for; what cannot be read is recorded, not raised."""
        found = formats.sniff(data, name)
        if found is formats.TEXT and said is not None:
            found = said
        if found is None:
            self.missed(Reason.UNKNOWN)
            return
        if formats.misnamed(found, name):
            self.missed(Reason.MISNAMED, found.name)
        try:
            if found.reason is not None:
                raise Unreadable(found.reason, found.name)
            if found.module == "text":
                words = self.decoded(data, name)
                self.text(words)
                for reason, detail in coded.found(words):
                    self.missed(reason, detail)
            else:
                cast(Reader, import_module(f"reviewer.readers.{found.module}")).read(data, self)
        except ReadError:
            self.missed(Reason.UNKNOWN)
        except Unreadable as exc:
            if exc.reason is Reason.TOO_MUCH and self._depth:
                raise
            self.missed(exc.reason, exc.detail)

    def _plain_steps(self) -> list[list[str]]:
        return [[s.kind.value, s.name] for s in self._steps]
