"""The draft a person wants to send, and its folded form with a map back."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


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


class StepKind(StrEnum):
    """One step on the way from a file to a range of its text."""

    FILE = "file"
    NAME = "name"
    PROPERTY = "property"
    PAGE = "page"
    SHEET = "sheet"
    SLIDE = "slide"
    LAYOUT = "layout"
    NOTES = "notes"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    COMMENT = "comment"
    WATERMARK = "watermark"
    TEXT_BOX = "text-box"
    CHART = "chart"
    PICTURE = "picture"
    FORMULA = "formula"
    CHOICE = "choice"
    NUMBERING = "numbering"
    BOOKMARK = "bookmark"
    ALT_TEXT = "alt-text"
    SUBJECT = "subject"
    BODY = "body"
    TABLE = "table"
    PARAGRAPH = "paragraph"
    CELL = "cell"
    LINE = "line"
    DELETED = "deleted"
    HIDDEN = "hidden"


STEP_WORDS: dict[StepKind, tuple[str, str]] = {
    StepKind.FILE: ("文件“{}”", "file “{}”"),
    StepKind.NAME: ("文件名", "file name"),
    StepKind.PROPERTY: ("文档属性 {}", "property {}"),
    StepKind.PAGE: ("第{}页", "page {}"),
    StepKind.SHEET: ("工作表“{}”", "sheet “{}”"),
    StepKind.SLIDE: ("第{}张幻灯片", "slide {}"),
    StepKind.LAYOUT: ("母版", "layout"),
    StepKind.NOTES: ("备注", "notes"),
    StepKind.HEADER: ("页眉", "header"),
    StepKind.FOOTER: ("页脚", "footer"),
    StepKind.FOOTNOTE: ("脚注", "footnote"),
    StepKind.COMMENT: ("批注", "comment"),
    StepKind.WATERMARK: ("水印", "watermark"),
    StepKind.TEXT_BOX: ("文本框", "text box"),
    StepKind.CHART: ("图表", "chart"),
    StepKind.PICTURE: ("图片 {}", "picture {}"),
    StepKind.FORMULA: ("公式", "formula"),
    StepKind.CHOICE: ("可选的值", "choice"),
    StepKind.NUMBERING: ("编号", "numbering"),
    StepKind.BOOKMARK: ("书签", "bookmark"),
    StepKind.ALT_TEXT: ("替代文字", "alternative text"),
    StepKind.SUBJECT: ("主题", "subject"),
    StepKind.BODY: ("正文", "body"),
    StepKind.TABLE: ("表{}", "table {}"),
    StepKind.PARAGRAPH: ("第{}段", "paragraph {}"),
    StepKind.CELL: ("单元格 {}", "cell {}"),
    StepKind.LINE: ("第{}行", "line {}"),
    StepKind.DELETED: ("已删除的修订", "tracked deletion"),
    StepKind.HIDDEN: ("隐藏内容", "hidden"),
}
"""How a step is said in Chinese and English; `{}` is its name."""

FLOWING = frozenset(
    {StepKind.TABLE, StepKind.PARAGRAPH, StepKind.CELL, StepKind.LINE, StepKind.DELETED, StepKind.HIDDEN}
)
"""Steps inside a part; the steps before them name the part: a page, a header, a sheet, a message."""


class Step(Value):
    """A part of a file, by kind and by number or name where there are several."""

    kind: StepKind
    name: str = ""


class Place(Value):
    """Where in the file a range of the draft's text comes from, outermost step first."""

    span: Span
    steps: tuple[Step, ...]

    @property
    def part(self) -> tuple[Step, ...]:
        """The steps to the page, header, sheet or the like that holds this place."""
        end = len(self.steps)
        while end and self.steps[end - 1].kind in FLOWING:
            end -= 1
        return self.steps[:end]


def describe(steps: tuple[Step, ...], lang: Lang) -> str:
    """The way to a place in words; names come from the file, so show them through `visible`."""
    return " › ".join(lang.pick(*STEP_WORDS[s.kind]).format(s.name).strip() for s in steps)


class Draft(Value):
    """Text about to be sent, exactly as the person wrote it or as it was read from a file.

    `places` are in order and do not overlap; what lies between two of them is a separator. Typed text has none.
    """

    text: str
    channel: Channel = Channel.WECHAT_GROUP
    id: str = ""
    unread: tuple[Unread, ...] = ()
    places: tuple[Place, ...] = Field(default=(), exclude=True)
    file: str = Field(default="", exclude=True)
    """The path it was read from, as it was given, forward slashes in it."""
    name: str = Field(default="", exclude=True)
    """What it is called where it is sent as a file: the file's name, of one in a folder the path from there."""

    def place(self, position: int) -> Place | None:
        """The last place that begins at or before `position`."""
        number = bisect_right(self.places, position, key=_start)
        return self.places[number - 1] if number else None

    def quote(self, span: Span) -> str:
        """The draft's own words at `span`."""
        return self.text[span[0] : span[1]]


def _start(place: Place) -> int:
    return place.span[0]


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
