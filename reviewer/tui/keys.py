"""The keys of the main screen: one table that the footer, F1 and the command palette all read."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding

from reviewer.draft import Lang
from reviewer.tui.words import say


@dataclass(frozen=True, slots=True)
class Key:
    """A key, the action it runs, and the name of its words; `<word>_help` says what it does."""

    key: str
    action: str
    word: str
    footer: bool = True
    """Whether the footer has room for it."""

    @property
    def shown(self) -> str:
        """The key as a person writes it."""
        return "Esc" if self.key == "escape" else self.key.replace("ctrl+", "Ctrl+").upper().replace("CTRL", "Ctrl")


KEYS = (
    Key("f1", "help", "help"),
    Key("f5", "check", "check"),
    Key("escape", "stop", "cancel", footer=False),
    Key("f2", "next", "next"),
    Key("f3", "redact", "redact"),
    Key("f4", "channel", "channel_key"),
    Key("f6", "compare", "compare"),
    Key("f7", "answer", "answer"),
    Key("f8", "history", "history", footer=False),
    Key("f9", "feedback", "feedback", footer=False),
    Key("f10", "why", "why"),
    Key("ctrl+y", "copy", "copy"),
    Key("ctrl+l", "clear", "clear", footer=False),
    Key("ctrl+t", "theme", "theme", footer=False),
    Key("f12", "suspend", "suspend", footer=False),
    Key("ctrl+q", "leave", "quit"),
)


NAME_CELLS = 11
"""Terminal cells of the longest name of a key, and one."""


def bindings(lang: Lang) -> Iterator[Binding]:
    """Every key of the table, and two that stand beside it."""
    for key in KEYS:
        yield Binding(key.key, key.action, say(key.word, lang), show=key.footer, priority=True)
    yield Binding("ctrl+p", "command_palette", say("palette", lang), priority=True)
    yield Binding("shift+f2", "previous", say("previous", lang), show=False, priority=True)


def help_text(lang: Lang) -> Text:
    """Every key with what it does, the three steps, what the decisions mean."""
    text = Text()
    for key in KEYS:
        word = say(key.word, lang)
        text.append(f"{key.shown:<8}", "bold").append(word + " " * max(1, NAME_CELLS - cell_len(word)))
        text.append(say(f"{key.word.removesuffix('_key')}_help", lang) + "\n", "dim")
    text.append(f"{'Ctrl+P':<8}", "bold").append(say("palette", lang) + "\n\n")
    for part in ("help_steps", "help_meaning", "help_mouse", "help_memory"):
        text.append(say(part, lang) + "\n")
    return text
