"""Every word the screen says, from `words.toml`, Chinese first."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from rich.cells import cell_len, set_cell_size

from reviewer.draft import Channel, Lang
from reviewer.reports.words import CHANNELS, SHORT
from reviewer.verdict import Decision


@cache
def words() -> dict[str, tuple[str, str]]:
    """Chinese and English by name; a name is used once in the whole file."""
    groups = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
    return {name: (both[0], both[1]) for group in groups.values() for name, both in group.items()}


def say(name: str, lang: Lang, **values: object) -> str:
    """The words `name` in `lang`, with its blanks filled."""
    text = lang.pick(*words()[name])
    return text.format(**values) if values else text


def channel_name(channel: Channel, lang: Lang) -> str:
    """What the person calls a channel."""
    return lang.pick(*CHANNELS[channel])


def channel_column(channel: Channel, lang: Lang) -> str:
    """What the person calls a channel, as wide as the longest name."""
    return _column(channel_name(channel, lang), (channel_name(c, lang) for c in Channel))


def decision_column(decision: Decision, lang: Lang) -> str:
    """A decision in a word, as wide as the longest."""
    return _column(lang.pick(*SHORT[decision]), (lang.pick(*both) for both in SHORT.values()))


def _column(word: str, every: Iterable[str]) -> str:
    return set_cell_size(word, max(map(cell_len, every)))
