"""What the index holds: documents, the windows of them, and what a reader of the store is told."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from reviewer.draft import Value

LEVELS = ("公开", "内部", "工作秘密", "普通商密", "核心商密", "秘密", "机密", "绝密")
"""Known levels, lowest first; an unknown level ranks as 内部."""


def is_day(text: str) -> bool:
    """Whether it is a day written YYYY-MM-DD, so that the order of texts is that of days."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day(text: str) -> str:
    if text and not is_day(text):
        raise ValueError("not a day YYYY-MM-DD")
    return text


Day = Annotated[str, AfterValidator(_day)]
"""A day YYYY-MM-DD; empty where none is known."""


class Document(Value):
    """A classified document as it is added. Read by the reviewing role of a protected store, `title`, `number` and
    `text` are empty.
    """

    doc: str
    level: str
    title: str = ""
    number: str = ""
    expires: Day = ""
    """Day after which it is no longer secret; empty where none is known."""
    text: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A window of a document's text (characters `start:stop`) and its unit vector."""

    start: int
    stop: int
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A stored document: its row number, which is never used again, and what was added."""

    id: int
    document: Document


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list of the store shows of a document: never its title or text. `length` is in characters."""

    doc: str
    level: str
    expires: str
    length: int
    snippets: int
