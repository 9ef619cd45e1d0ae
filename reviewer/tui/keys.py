"""The keys of every screen, a table each, which its bindings, its line of keys, F1 and the command palette all read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer

from reviewer.draft import Lang
from reviewer.tui.prose import HANG
from reviewer.tui.words import say

WRITTEN = {"escape": "Esc", "left": "←"}
"""Keys that a person writes otherwise than with a capital."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, the action it runs, and the name of its words; `<word>_help` says what it does."""

    key: str
    action: str
    word: str
    footer: bool = True
    """Whether the footer has room for it."""
    second: str = ""
    """Another key that does the same, where many terminals keep the first for themselves."""

    @property
    def every(self) -> tuple[str, ...]:
        """The key, and the second one where there is one."""
        return (self.key, self.second) if self.second else (self.key,)

    @property
    def shown(self) -> str:
        """The key as a person writes it."""
        return _written(self.key)

    @property
    def both(self) -> str:
        """The key and the second one as a person writes them."""
        return "/".join(map(_written, self.every))

    @property
    def target(self) -> str:
        """The action with whose it is: of the app what works everywhere, else of the screen on top."""
        if self.action.startswith("app."):
            return self.action
        return f"{'app' if self in EVERYWHERE else 'screen'}.{self.action}"

    @property
    def help(self) -> str:
        """The name of the words that say what it does."""
        return f"{self.word.removesuffix('_key')}_help"


def _written(key: str) -> str:
    return "+".join(WRITTEN.get(part, part.capitalize()) for part in key.split("+"))


HELP = Key("f1", "help", "help", second="ctrl+g")
PALETTE = Key("ctrl+p", "command_palette", "palette")
THEME = Key("ctrl+t", "theme", "theme", footer=False)
SUSPEND = Key("f12", "suspend", "suspend", footer=False)
LEAVE = Key("ctrl+q", "leave", "quit")
COPY_INSIDE = Key("ctrl+c", "copy_inside", "copy_inside", footer=False)
TAB = Key("tab", "app.focus_next", "next_box", footer=False)
EVERYWHERE = (HELP, PALETTE, THEME, SUSPEND, LEAVE, COPY_INSIDE)
"""Keys of the app that work whatever lies over the main screen."""

NEXT = Key("f2", "next", "next")
PREVIOUS = Key("shift+f2", "previous", "previous", footer=False)
BACK = Key("escape", "back", "back")
CLOSE = Key("escape", "dismiss", "close")
MAIN = (
    HELP,
    Key("f5", "check", "check"),
    Key("escape", "stop", "cancel", footer=False),
    NEXT,
    Key("f3", "redact", "redact"),
    Key("f4", "channel", "channel_key"),
    Key("f6", "compare", "compare"),
    Key("f7", "answer", "answer"),
    Key("f8", "history", "history", footer=False),
    Key("f9", "feedback", "feedback", footer=False),
    Key("f10", "why", "why", second="ctrl+n"),
    Key("f11", "overlap", "overlap", footer=False, second="ctrl+b"),
    Key("ctrl+y", "copy", "copy"),
    Key("ctrl+l", "clear", "clear", footer=False),
    Key("ctrl+o", "open", "open", footer=False),
    Key("ctrl+s", "form", "form", footer=False),
    TAB,
    THEME,
    SUSPEND,
    LEAVE,
    PALETTE,
    PREVIOUS,
    COPY_INSIDE,
)
DECIDING = (
    Key("enter", "accept", "accept"),
    Key("e", "edit", "own"),
    Key("s", "skip", "skip"),
    Key("a", "accept_all", "accept_all"),
)
"""Keys that decide about a change, of no use where there is none."""
UNDO = Key("u", "undo", "undo")
BRING_BACK = Key("escape", "back", "bring_back")
STOP = Key("escape", "back", "cancel")
"""What `BRING_BACK` does while a search runs."""
REDACT = (
    *DECIDING,
    UNDO,
    Key("d", "whole", "whole"),
    Key("f5", "check", "recheck"),
    Key("ctrl+y", "copy", "copy"),
    BRING_BACK,
)
WRITING = (Key("enter", "write", "confirm"), Key("escape", "back", "close"))
"""Keys of the box for one's own words."""
CHANNELS = (Key("enter", "choose", "choose"), Key("f5", "check", "recheck"), BACK)
ANSWER = (
    Key("f5", "check", "verify"),
    NEXT,
    PREVIOUS,
    Key("f4", "channel", "channel_key"),
    TAB,
    Key("ctrl+y", "copy", "copy_answer"),
    BACK,
)
HISTORY = (Key("enter", "choose", "fetch"), CLOSE)
OVERRIDE = (Key("enter", "choose", "confirm"), CLOSE)
FEEDBACK = (Key("enter", "submit", "submit"), TAB, BACK)
OPEN = (Key("enter", "submit", "open"), BACK)
FORM = (Key("enter", "submit", "form"), BACK)
TOUR = (Key("enter", "on", "on_key"), Key("left", "back", "step_back"), CLOSE)
TOUR_END = (Key("enter", "on", "end_key"), *TOUR[1:])
ASK = (Key("y", "answer(True)", "yes"), Key("n", "answer(False)", "no"))
TEXT = (CLOSE,)

NAME_CELLS = 13
"""Terminal cells of the longest name of a key, and one."""

KEY_CELLS = 11
"""Terminal cells of the longest key with its second, and one."""


ONE_ROW = 112
"""Cells from which the keys of the main screen stand in one row, in English too."""


class KeyBar(Footer):
    """The keys of the main screen; two rows of them where one would cut off the last."""

    def compose(self) -> ComposeResult:
        """The style sheet says how many columns there are, not how many keys."""
        yield from super().compose()
        self.styles.clear_rule("grid_size_columns")

    def on_resize(self, event: events.Resize) -> None:
        """One row or two."""
        self.set_class(event.size.width < ONE_ROW, "-two-rows")


class Keyed:
    """A screen whose keys F1 and the command palette list, and which is painted again in other colours."""

    keys: ClassVar[tuple[Key, ...]] = ()
    is_active: bool

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave the screen, once: keys that came together are all handled by it, also behind the one that left it."""
        left: AwaitComplete = super().dismiss(result) if self.is_active else AwaitComplete.nothing()  # type: ignore[misc, no-untyped-call]
        return left

    def repaint(self) -> None:
        """Paint again what was painted in other colours."""


def keys_of(screen: Screen[object]) -> tuple[Key, ...]:
    """The keys of a screen, without those that work everywhere."""
    return screen.keys if isinstance(screen, Keyed) else ()


def bindings(lang: Lang) -> Iterator[Binding]:
    """What the app binds: every key of the main screen; what lies over it has the others."""
    for key in MAIN:
        word, name = say(key.word, lang), key.shown
        yield Binding(key.key, key.action, word, show=key.footer, key_display=name, priority=True)
        if key.second:
            yield Binding(key.second, key.action, word, show=False, priority=True)


def bound(keys: Sequence[Key]) -> list[BindingType]:
    """What a screen binds."""
    return [(key.key, key.action, "") for key in keys]


def key_line(keys: Sequence[Key], lang: Lang) -> Text:
    """The keys with their names, on one line where it is wide enough; a key stays on the line of its name.

    A click on one does what the key does.
    """
    names = (
        Text(f"{key.shown} {say(key.word, lang)}".replace(" ", "\u00a0"), Style.from_meta({"@click": key.target}))
        for key in keys
    )
    return Text(lang.pick("　", "  ")).join(names)


def listed(keys: Sequence[Key]) -> tuple[Key, ...]:
    """The keys of a screen, and those that work everywhere."""
    return tuple(dict.fromkeys((*keys, *EVERYWHERE)))


def help_text(keys: Sequence[Key], lang: Lang) -> Text:
    """Every key of a screen with what it does, the three steps, what the decisions mean, how to move."""
    text = Text()
    for key in listed(keys):
        word = say(key.word, lang)
        text.append(f"{key.both:<{KEY_CELLS}}", "bold").append(word + " " * (NAME_CELLS - 1 - cell_len(word)) + HANG)
        text.append(say(key.help, lang) + "\n", "dim")
    moving = ("help_moving",) if keys == MAIN else ()
    for part in ("help_steps", "help_meaning", *moving, "help_paste", "help_mouse", "help_memory"):
        text.append("\n" + say(part, lang))
    return text
