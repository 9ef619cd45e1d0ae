"""What a rule is, what it sees, and what it reports."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from re import Match, Pattern

from reviewer.draft import Draft, Folded, Span, Value
from reviewer.finding import Severity

_STOPS = re.compile(r"[。！？!?;；\n]")
_SENTENCE = 80
"""Characters to each side beyond which a sentence is not followed."""


class Rule(Value):
    """A rule as `docs/rules.md` explains it; `source` says where the fact comes from."""

    id: str
    title: str
    title_en: str
    flags: str
    """What it flags, one sentence."""
    ignores: str
    """What it leaves alone, one sentence."""
    severity: Severity
    clause: str | None
    """Id of the clause it cites."""
    reason: str
    reason_en: str
    advice: str
    advice_en: str
    source: str


def headed(heads: str, *parts: str, flags: int = 0) -> Pattern[str]:
    """The parts as alternatives, tried only where one of `heads` stands: all characters that a match can begin with.

    One test a character instead of one an alternative; `tests/test_patterns.py` compares heads and parts.
    """
    return re.compile(f"(?=[{heads}])(?:{'|'.join(parts)})", flags)


def load_rules(name: str) -> tuple[Rule, ...]:
    """The rules of `name`.toml beside this file, in order. Raises `ValidationError` for a field that is wrong."""
    data = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))
    return tuple(Rule(**row) for row in data["rule"])


def meets(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a range overlaps one of those, whose starts and ends both ascend."""
    i = bisect_left(spans, span[1], key=itemgetter(0)) - 1
    return i >= 0 and span[0] < spans[i][1]


@dataclass(frozen=True)
class View:
    """The draft and its folded text; detectors search `text`, positions are of `text`."""

    draft: Draft
    folded: Folded
    today: date
    """The day of the review."""

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @cached_property
    def _breaks(self) -> list[int]:
        """Where the line ends are."""
        return [m.start() for m in re.finditer("\n", self.folded.text)]

    @cached_property
    def _parts(self) -> list[int]:
        """Where in the draft its pages, headers, sheets or messages begin, but for the first."""
        return [after.span[0] for before, after in pairwise(self.draft.places) if before.part != after.part]

    def find(self, pattern: Pattern[str]) -> Iterator[Match[str]]:
        """Non-empty matches in the folded text."""
        return (m for m in pattern.finditer(self.folded.text) if m.group())

    def around(self, start: int, end: int, reach: int) -> str:
        """The folded text up to `reach` characters to both sides, the match included."""
        return self.folded.text[max(0, start - reach) : end + reach]

    def beside(self, start: int, end: int, reach: int) -> str:
        """As `around`, of the lines that hold the match only: words that excuse it count there, so that no line which
        is added above or below does.
        """
        first, last = self.line_span(start)[0], self.line_span(end)[1]
        return self.folded.text[max(first, start - reach) : min(last, end + reach)]

    def sentence(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after `start:end` in its sentence, at most 80 characters each."""
        before = self.folded.text[max(0, start - _SENTENCE) : start]
        after = self.folded.text[end : end + _SENTENCE]
        stop = _STOPS.search(after)
        return _STOPS.split(before)[-1], after[: stop.end() if stop else len(after)].rstrip("\n")

    def line_number(self, position: int) -> int:
        """The number of the line that holds `position`, from 0 at the top of its page or part."""
        part = bisect_right(self._parts, self.folded.starts[position])
        top = bisect_left(self.folded.starts, self._parts[part - 1]) if part else 0
        return bisect_left(self._breaks, position) - bisect_left(self._breaks, top)

    def line_span(self, position: int) -> tuple[int, int]:
        """Where the line that holds `position` begins and ends, its line end not counted."""
        at = bisect_left(self._breaks, position)
        start = self._breaks[at - 1] + 1 if at else 0
        return start, self._breaks[at] if at < len(self._breaks) else len(self.folded.text)

    def lines_near(self, position: int, reach: int) -> tuple[list[str], list[str]]:
        """The nearest `reach` lines that are not blank above (nearest first) and below the line at `position`."""
        start, end = self.line_span(position)
        return list(self._above(start, reach)), list(self._below(end, reach))

    def _above(self, start: int, reach: int) -> Iterator[str]:
        text = self.folded.text
        while start > 0 and reach > 0:
            top = text.rfind("\n", 0, start - 1) + 1
            if line := text[top : start - 1].strip():
                reach -= 1
                yield line
            start = top

    def _below(self, end: int, reach: int) -> Iterator[str]:
        text = self.folded.text
        while end < len(text) and reach > 0:
            bottom = text.find("\n", end + 1)
            bottom = bottom if bottom >= 0 else len(text)
            if line := text[end + 1 : bottom].strip():
                reach -= 1
                yield line
            end = bottom


@dataclass(frozen=True, slots=True)
class Hit:
    """Folded characters `start:end` that a rule flags; what is set here overrides the rule."""

    rule: Rule
    start: int
    end: int
    severity: Severity | None = None
    confidence: float = 1.0
    clause: str | None = None
    why: str = ""
    why_en: str = ""
    span: tuple[int, int] | None = None
    """The range of the draft, where no folded characters stand for it."""
