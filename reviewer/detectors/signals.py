"""Soft signals: what somebody should look at although no rule can decide it. Each is a note; one a signal and draft.

What they look for is data, `signals.toml`: every part of a signal must stand near the first, and nothing near may say
that the matter is published, invented, taught or long past.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reviewer.detectors.rule import Hit, Rule, View
from reviewer.draft import Value
from reviewer.finding import Severity

QUIET = 100
"""Characters from a signal in which a word of `unless` silences it."""


class Signal(Value):
    """A signal as `signals.toml` explains it."""

    id: str
    title: str
    flags: str
    ignores: str
    clause: str | None = None
    reason: str
    reason_en: str
    advice: str
    advice_en: str
    source: str
    reach: int
    parts: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    rule: Rule
    signal: Signal
    contexts: dict[str, str]

    @cached_property
    def parts(self) -> "tuple[re.Pattern[str], ...]":
        return tuple(map(re.compile, self.signal.parts))

    @cached_property
    def unless(self) -> "re.Pattern[str]":
        return re.compile("|".join(self.contexts.get(word, word) for word in self.signal.unless))


def _load() -> tuple[_Known, ...]:
    data = tomllib.loads((Path(__file__).parent / "signals.toml").read_text("utf-8"))
    known = []
    for row in data["signal"]:
        signal = Signal(**row)
        about = signal.model_dump(exclude={"id", "reach", "parts", "unless"})
        known.append(_Known(Rule(id=f"signal.{signal.id}", severity=Severity.NOTE, **about), signal, data["context"]))
    return tuple(known)


_SIGNALS = _load()
RULES = tuple(known.rule for known in _SIGNALS)


def detect(view: View) -> Iterator[Hit]:
    """The first place of every signal."""
    for known in _SIGNALS:
        if span := _first(view.text, known):
            yield Hit(known.rule, *span, confidence=0.3)


def _first(text: str, known: _Known) -> tuple[int, int] | None:
    """From the first to the last part of the first place where all parts are near and nothing silences them."""
    found: list[list[tuple[int, int]]] = []
    for pattern in known.parts:
        spans = [m.span() for m in pattern.finditer(text)]
        if not spans:
            return None
        found.append(spans)
    starts = [[start for start, _ in spans] for spans in found[1:]]
    quiet: list[int] | None = None
    for anchor in found[0]:
        near = [anchor]
        for spans, begins in zip(found[1:], starts, strict=True):
            if span := _nearest(spans, begins, anchor, known.signal.reach):
                near.append(span)
        if len(near) < len(found):
            continue
        if quiet is None:
            quiet = [m.start() for m in known.unless.finditer(text)]
        i = bisect_left(quiet, anchor[0] - QUIET)
        if i == len(quiet) or quiet[i] >= anchor[1] + QUIET:
            return min(s for s, _ in near), max(e for _, e in near)
    return None


def _nearest(
    spans: list[tuple[int, int]], begins: list[int], anchor: tuple[int, int], reach: int
) -> tuple[int, int] | None:
    """The span that begins nearest to the anchor, not further than `reach`."""
    i = bisect_left(begins, anchor[0])
    near = [spans[j] for j in (i - 1, i) if 0 <= j < len(spans) and abs(begins[j] - anchor[0]) <= reach]
    return min(near, key=lambda s: abs(s[0] - anchor[0]), default=None)
