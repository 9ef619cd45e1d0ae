"""The vocabulary of the screen: what threads and widgets tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from reviewer.draft import Draft
from reviewer.verdict import Review, StageResult

if TYPE_CHECKING:
    from reviewer.redact import Plan


@dataclass
class EngineReady(Message):
    """The engine has opened; `about` is what it said of itself."""

    about: Mapping[str, object]


@dataclass
class EngineFailed(Message):
    """The engine could not be started, or not make ready; `kind` is the class of the error that it answered."""

    reason: str
    kind: str = ""


@dataclass
class ModelState(Message):
    """How far loading is: `loading`, `ready` or `failed` for each model."""

    states: Mapping[str, str]


@dataclass
class SelfCheckFailed(Message):
    """The engine's judge got a known draft wrong: until it is started again nothing passes."""

    reason: str


@dataclass
class LiveDone(Message):
    """The rules have read the text as it stood while the person was typing."""

    text: str
    result: StageResult


@dataclass
class NameTells(Message):
    """The name of a file gives something away: the draft that is to be checked instead has it as its last line."""

    check: int
    draft: Draft


@dataclass
class StageDone(Message):
    """One stage of the running check has finished; `place` says which of its drafts."""

    check: int
    place: int
    result: StageResult


@dataclass
class ReviewDone(Message):
    """One draft of the running check is finished."""

    check: int
    place: int
    review: Review


@dataclass
class ReviewStopped(Message):
    """The running check was cancelled or failed; an empty reason is a cancel."""

    check: int
    reason: str


@dataclass
class TrialRead(Message):
    """The judge reads the next variant of the running search."""

    trial: int


@dataclass
class TrialsDone(Message):
    """The search is over; without a plan it was stopped, or failed for `reason`."""

    trial: int
    plan: "Plan | None"
    reason: str


@dataclass
class WordsClicked(Message):
    """The person clicked the draft at this character."""

    pane: str
    offset: int
