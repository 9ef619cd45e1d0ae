"""Putting a review together from values: which files, which stages. Shared by the engine's child and the front ends."""

import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from reviewer.detectors import Detect
from reviewer.draft import Channel, Draft, Folded, Lang, Value
from reviewer.embed import Embedder
from reviewer.errors import EngineError, ModelError
from reviewer.finding import Finding, Stage
from reviewer.index import Store
from reviewer.judge import Judge
from reviewer.judge.heads import Floats, Heads, load
from reviewer.llm import LlamaModel
from reviewer.match import Matcher
from reviewer.models import Catalogue
from reviewer.precedents import LABELS, Library, load_library
from reviewer.prompts import Frame, load_frame
from reviewer.regulations import Regulations, load_regulations
from reviewer.verdict import StageResult

T = TypeVar("T")


class Config(Value):
    """Everything an engine needs to know, as values; it travels to the child as its first message."""

    lang: Lang
    judge: str
    embedder: str
    shipped: Path
    """Folder with `prompts/`, `index/` and `models.txt`."""
    packs: tuple[Path, ...]
    precedents: tuple[Path, ...]
    models: tuple[Path, ...]
    store: Path | None = None
    key_file: Path | None = None
    passphrase: str | None = None
    stages: tuple[Stage, ...] = (Stage.DETECT, Stage.MATCH, Stage.JUDGE)


class Later[T]:
    """A value made in a background thread; asking waits for it, and raises what making it raised."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._value: T | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
