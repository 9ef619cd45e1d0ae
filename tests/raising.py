"""The screen over and over in one process, with an exception at the start of one of its methods each time.

`python -m tests.raising EVERY` raises in one of `EVERY` of the methods that Textual or a thread calls. The message
holds `SAID`, the draft and so the variables of the frames `HELD`. After each it prints a line with the method's name.
"""

import asyncio
import importlib
import inspect
import pkgutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from types import CodeType, FrameType

from rich.text import Text
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen

from reviewer import crash, tui
from reviewer.draft import Draft, Lang
from reviewer.redact.search import search
from reviewer.reports.subject import Reviewed
from reviewer.tui.app import ReviewerApp
from reviewer.tui.channels_screen import ChannelsScreen
from reviewer.tui.checks import Checks
from reviewer.tui.dialogs import Ask, TextDialog, Tour
from reviewer.tui.draft_pane import DraftPane
from reviewer.tui.engine_watch import EngineWatch
from reviewer.tui.feedback import FeedbackScreen
from reviewer.tui.forms import FormScreen
from reviewer.tui.history_screen import HistoryScreen
from reviewer.tui.keys import PALETTE
from reviewer.tui.opening import OpenScreen
from reviewer.tui.overlap import OverlapScreen
from reviewer.tui.override import OverrideScreen
from reviewer.tui.plain_screen import PlainScreen
from reviewer.tui.redact_screen import RedactScreen
from reviewer.tui.session import Entry
from reviewer.verdict import Review
from tests.reports import subject
from tests.scripted import app, engine

SAID, HELD = "栖霞岭三号泵房", "青石桥八号井口"
DONE = "== "

CALLED = ("action_", "on_", "_on_", "compose", "check_action", "get_")
"""How the names begin of what Textual calls by itself; `@on` and `@work` mark the others."""

THREADS: Mapping[str, Callable[..., object]] = {
    "checks.Checks._run": Checks._run,
    "engine_watch.EngineWatch._follow": EngineWatch._follow,
    "trials.search": search,
}
"""What threads run besides methods that `@work` marks."""

SHOWN_BY = {"PickList": "HistoryScreen", "Asking": "OpenScreen"}
"""A screen that has such a part, or is of such a kind."""

LONG_S = 5.0


def methods() -> dict[str, Callable[..., object]]:
    """Every method that Textual or a thread calls, by module, class and name."""
    return {**dict(_methods()), **THREADS}


def _methods() -> Iterator[tuple[str, Callable[..., object]]]:
    for module in pkgutil.iter_modules(tui.__path__):
        for owner in vars(importlib.import_module(f"{tui.__name__}.{module.name}")).values():
            if inspect.isclass(owner) and issubclass(owner, MessagePump) and owner.__module__.endswith(module.name):
                for name, value in vars(owner).items():
                    marked = hasattr(value, "_textual_on") or hasattr(value, "__wrapped__")
                    if inspect.isfunction(value) and (marked or name.startswith(CALLED)):
                        yield f"{module.name}.{owner.__qualname__}.{name}", inspect.unwrap(value)


class Raising:
    """Raises once, where a function begins, in whatever thread."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._code: CodeType = function.__code__
        self.raised = threading.Event()

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        """The trace function."""
        if frame.f_code is self._code and not self.raised.is_set():
            self.raised.set()
            raise KeyError(SAID)

    def listen(self) -> None:
        """From now on in this thread; those that are made later are told by `threading.settrace`."""
        sys.settrace(self)


def screens(screen: ReviewerApp, draft: Draft, review: Review) -> Iterator[Screen[object]]:
    """One of every kind that lies over the main screen."""
    yield RedactScreen(draft, review)
    yield ChannelsScreen(draft)
    yield HistoryScreen([Entry(datetime.now(), draft, review)])
    yield FeedbackScreen(draft, None, review.decision)
    yield OverrideScreen(Lang.ZH)
    yield PlainScreen(draft.text, Lang.ZH, copied=True)
    yield OverlapScreen("41", draft.text, Lang.ZH)
    yield OpenScreen(draft.channel, Lang.ZH)
    yield FormScreen(subject(Reviewed(draft, review)), screen.home, screen._files._log)
    yield TextDialog(draft.text, Text(draft.text), Lang.ZH)
    yield Tour(Lang.ZH)
    yield Ask(draft.text, draft.text, draft.text)


async def provoke(label: str, raising: Raising, pilot: Pilot[int]) -> None:
    """Put a draft on the screen, show the part that has the method, call it if nothing did, and leave."""
    screen = pilot.app
    assert isinstance(screen, ReviewerApp)
    owner = label.split(".")[1]
    engine(screen).go.set()
    while not screen.main.query(DraftPane):
        await pilot.pause(0.02)
    screen.main.query_one(DraftPane).text = f"机密★20年 {HELD}"
    await pilot.pause()
    draft = screen.main.draft
    review = screen.station.reviewer.review(draft)
    raising.listen()
    for over in screens(screen, draft, review):
        if type(over).__name__ == SHOWN_BY.get(owner, owner):
            screen.push_screen(over)
    if owner == "AnswerScreen":
        screen.action_answer()
    await pilot.pause(0.05)
    if label == "app.ReviewerApp.get_system_commands":
        await pilot.press(PALETTE.key)
    elif label in THREADS:
        screen.trials.start(draft, review, screen.main, lessened=False)
        screen.checks.start([draft], screen.main)
        screen.engine.open()
    elif not raising.raised.is_set():
        _call(screen, owner, label.split(".")[2])
    end = time.monotonic() + LONG_S
    while not raising.raised.is_set() and time.monotonic() < end:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    if not screen.return_code:
        screen.exit(0)


def _call(screen: ReviewerApp, owner: str, name: str) -> None:
    """Call a method of the part that has it, from its own queue of messages, to the end; it raises before it looks."""
    parts = (screen, *screen.screen_stack, *(w for over in screen.screen_stack for w in over.query("*")))
    part = next(p for p in parts if owner in {kind.__name__ for kind in type(p).__mro__})
    method = next(kind for kind in type(part).__mro__ if kind.__name__ == owner).__dict__[name].__get__(part)
    parameters = inspect.signature(method).parameters.values()
    needed = [p for p in parameters if p.default is p.empty and p.kind < p.VAR_POSITIONAL]
    given = [None] * len(needed)
    if inspect.isgeneratorfunction(method):
        part.call_later(lambda: [*method(*given)])
    else:
        part.call_later(method, *given)


def main(every: int) -> None:
    """Raise in one of `every`."""
    crash.install()
    for label, function in list(methods().items())[::every]:
        raising = Raising(function)
        threading.settrace(raising)
        with tempfile.TemporaryDirectory() as home:
            screen = app(Path(home))
            try:
                screen.run(auto_pilot=partial(provoke, label, raising))
            except KeyError as exc:
                sys.stderr.write(crash.describe(exc) + "\n")
            finally:
                sys.settrace(None)
                threading.settrace(None)  # type: ignore[arg-type]
            written = "".join(f.read_bytes().decode("utf-8", "replace") for f in Path(home).rglob("*") if f.is_file())
        leaks = [word for word in (SAID, HELD) if word in written]
        print(f"{DONE}{label} {raising.raised.is_set()} {screen.return_code} {len(leaks)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
