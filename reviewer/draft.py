"""The draft a person wants to send, and its folded form with a map back."""

from array import array
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Channel(StrEnum):
    """The way a draft will go out; it decides how severe a clause is."""

    WECHAT_GROUP = "wechat-group"
    WECHAT_DIRECT = "wechat-direct"
    MOMENTS = "moments"
    EMAIL = "email"
    AI_PROMPT = "ai-prompt"
    PUBLIC_POST = "public-post"


class Lang(StrEnum):
    """The language findings, reports and the screen speak."""

    ZH = "zh"
    EN = "en"

    def pick(self, zh: str, en: str) -> str:
        """The one of two wordings that is in this language."""
        return zh if self is Lang.ZH else en


def _ordered(span: tuple[int, int]) -> tuple[int, int]:
    if not 0 <= span[0] <= span[1]:
        raise ValueError(f"span {span} is not half-open and ordered")
    return span


Span = Annotated[tuple[int, int], AfterValidator(_ordered)]
"""Half-open range of Unicode code points in the draft's original text."""


class Value(BaseModel):
    """Base of the frozen domain types: unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Unread(Value):
    """A part of the input that no stage will see, with the reason."""

    what: str
    reason: str


class Draft(Value):
    """Text about to be sent, exactly as the person wrote it."""

    text: str
    channel: Channel = Channel.WECHAT_GROUP
    id: str = ""
    unread: tuple[Unread, ...] = ()

    def quote(self, span: Span) -> str:
        """The draft's own words at `span`."""
        return self.text[span[0] : span[1]]


@dataclass(frozen=True, slots=True)
class Disguise:
    """Characters that hid or altered a word: what kind of trick, and where in the draft."""

    kind: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """A draft with disguises undone.

    `starts[i]` and `ends[i]` are the half-open range of the draft that folded character `i` came from.
    """

    text: str
    starts: "array[int]"
    ends: "array[int]"
    disguises: tuple[Disguise, ...] = ()

    def to_draft(self, start: int, end: int) -> tuple[int, int]:
        """The range of the draft behind the half-open folded range, which must not be empty."""
        return self.starts[start], self.ends[end - 1]
