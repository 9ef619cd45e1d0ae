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
from reviewer.finding import Severity

QUIET = 100
"""Characters from a signal in which a word of `unless` silences it."""


class Signal(Rule):
    """A rule as `signals.toml` has it."""

    severity: Severity = Severity.NOTE
    clause: str | None = None
    reach: int
    """Characters from the first part within which every other must stand."""
    parts: tuple[str, ...]
    unless: tuple[str, ...]
    """Words that silence it, or names of the file's contexts."""


@dataclass(frozen=True)
class _Known:
    rule: Signal
    contexts: dict[str, str]

    @cached_property
    def parts(self) -> "tuple[re.Pattern[str], ...]":
        return tuple(map(re.compile, self.rule.parts))

    @cached_property
    def unless(self) -> "tuple[re.Pattern[str], ...]":
        """What silences it; contexts are the same pattern for every signal, which `re` compiles once."""
        return tuple(re.compile(self.contexts.get(word, word)) for word in self.rule.unless)


def _load() -> tuple[_Known, ...]:
    data = tomllib.loads((Path(__file__).parent / "signals.toml").read_text("utf-8"))
    return tuple(_Known(Signal(**{**row, "id": f"signal.{row['id']}"}), data["context"]) for row in data["signal"])


_SIGNALS = _load()
RULES = tuple(known.rule for known in _SIGNALS)


def detect(view: View) -> Iterator[Hit]:
    """The first place of every signal."""
    quiet = _Quiet(view.text)
    for known in _SIGNALS:
        if span := _first(view, known, quiet):
            yield Hit(known.rule, *span, confidence=0.3)


class _Quiet:
    """Where in a text the words stand that silence signals; each pattern is searched for once, when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: dict[re.Pattern[str], list[int]] = {}

    def covers(self, anchor: tuple[int, int], patterns: tuple[re.Pattern[str], ...]) -> bool:
        """Whether one of the patterns begins within `QUIET` characters of the anchor."""
        for pattern in patterns:
            if pattern not in self._starts:
                self._starts[pattern] = [m.start() for m in pattern.finditer(self._text)]
            starts = self._starts[pattern]
            i = bisect_left(starts, anchor[0] - QUIET)
            if i < len(starts) and starts[i] < anchor[1] + QUIET:
                return True
        return False


def _first(view: View, known: _Known, quiet: _Quiet) -> tuple[int, int] | None:
    """From the first to the last part of the first place where all parts are near and nothing silences them.

    What lies on other lines than the first part is not quoted.
    """
    text = view.text
    found: list[list[tuple[int, int]]] = []
    for pattern in known.parts:
        spans = [m.span() for m in pattern.finditer(text)]
        if not spans:
            return None
        found.append(spans)
    starts = [[start for start, _ in spans] for spans in found[1:]]
    for anchor in found[0]:
        near = [anchor]
        for spans, begins in zip(found[1:], starts, strict=True):
            if span := _nearest(spans, begins, anchor, known.rule.reach):
                near.append(span)
        if len(near) == len(found) and not quiet.covers(anchor, known.unless):
            top, bottom = view.line_span(anchor[0])
            return max(top, min(s for s, _ in near)), min(bottom, max(e for _, e in near))
    return None


def _nearest(
    spans: list[tuple[int, int]], begins: list[int], anchor: tuple[int, int], reach: int
) -> tuple[int, int] | None:
    """The span that begins nearest to the anchor, not further than `reach`."""
    i = bisect_left(begins, anchor[0])
    near = [spans[j] for j in (i - 1, i) if 0 <= j < len(spans) and abs(begins[j] - anchor[0]) <= reach]
    return min(near, key=lambda s: abs(s[0] - anchor[0]), default=None)
