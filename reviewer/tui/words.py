"""Every word the screen says, from `words.toml`, Chinese first."""

import tomllib
from functools import cache
from pathlib import Path

from reviewer.draft import Channel, Lang
from reviewer.reports.words import CHANNELS


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
