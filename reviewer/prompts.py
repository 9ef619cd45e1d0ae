"""The judge's prompt: loaded, filled and hashed."""

import hashlib
import re
import tomllib
from pathlib import Path
from string import Formatter

from pydantic import ValidationError

from reviewer.draft import Channel, Value
from reviewer.errors import RESTORE, PromptError, why

TOPIC = "topic.toml"
"""How the model is asked what a text is about."""


class Frame(Value):
    """The fixed words around a draft: `prefix` with the channel's name, the draft, `again`, the draft."""

    prefix: str
    again: str
    channels: dict[Channel, str]
    sha256: str

    def opening(self, channel: Channel) -> str:
        """The prefix for drafts that go out by `channel`."""
        return self.prefix.format(channel=self.channels[channel])


class Example(Value):
    """A text and what it is about."""

    text: str
    topic: str


class TopicFrame(Value):
    """How the model is asked what a text is about: an instruction, examples, and the text in the form of one more."""

    instruction: str
    example: str
    examples: tuple[Example, ...]

    @property
    def around(self) -> tuple[str, str]:
        """The words before a text, and those between it and the answer."""
        told = "".join(self.example.format(text=e.text, topic=e.topic) for e in self.examples)
        before, after = self.example.partition("{topic}")[0].split("{text}")
        return f"{self.instruction}\n\n{told}{before}", after


def hash_of(path: Path) -> str:
    """SHA-256 of a file that ships. Raises `PromptError` where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as exc:
        raise PromptError(f"{path.name} 读不了 / does not load: {why(exc)}", RESTORE) from exc


def load_topic_frame(directory: Path) -> TopicFrame:
    """Read `TOPIC` in `directory`. Raises `PromptError` when it is missing, malformed or lacks a variable."""
    path = directory / TOPIC
    try:
        frame = TopicFrame(**tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as exc:
        raise PromptError(f"{path.name} 读不了 / does not load: {exc}", RESTORE) from exc
    if re.fullmatch(r"[^{}]*\{text\}[^{}]*\{topic\}[^{}]*", frame.example) is None:
        raise PromptError(f"{path.name}: 缺少变量 / needs the variables {{text}} and {{topic}}, in this order")
    return frame


def load_frame(directory: Path) -> Frame:
    """Read `judge.toml` in `directory`. Raises `PromptError` when it is missing, malformed or lacks a variable."""
    path = directory / "judge.toml"
    try:
        data = path.read_bytes()
        frame = Frame(**tomllib.loads(data.decode()), sha256=hashlib.sha256(data).hexdigest())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as exc:
        raise PromptError(f"{path.name} 读不了 / does not load: {exc}", RESTORE) from exc
    variables = {name for _, name, _, _ in Formatter().parse(frame.prefix) if name is not None}
    missing_channels = set(Channel) - set(frame.channels)
    if variables != {"channel"} or missing_channels:
        raise PromptError(
            f"{path.name}: 缺少变量或者渠道名称 / needs the variable {{channel}} and a name for every channel"
        )
    return frame
