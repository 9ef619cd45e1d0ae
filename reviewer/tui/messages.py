"""The vocabulary of the screen: what the review thread tells it."""

from dataclasses import dataclass

from textual.message import Message

from reviewer.verdict import Review, StageResult


@dataclass
class EngineReady(Message):
    """The engine has opened; `about` is what it said of itself."""

    about: dict[str, object]


@dataclass
class EngineFailed(Message):
    """The engine could not be started."""

    reason: str


@dataclass
class StageDone(Message):
    """One stage of the running check has finished."""

    check: int
    result: StageResult


@dataclass
class ReviewDone(Message):
    """The running check has finished."""

    check: int
    review: Review


@dataclass
class ReviewStopped(Message):
    """The running check was cancelled or failed; an empty reason is a cancel."""

    check: int
    reason: str
