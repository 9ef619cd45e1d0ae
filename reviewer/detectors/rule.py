"""What a rule is, what it sees, and what it reports."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from re import Match, Pattern

from reviewer.draft import Draft, Folded, Value
from reviewer.finding import Severity


class Rule(Value):
    """A rule as `docs/rules.md` explains it; `source` says where the fact comes from."""

    id: str
    title: str
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


@dataclass(frozen=True, slots=True)
class View:
    """The draft and its folded text; detectors search `text`, positions are of `text`."""

    draft: Draft
    folded: Folded

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    def find(self, pattern: Pattern[str]) -> Iterator[Match[str]]:
        """Non-empty matches in the folded text."""
        return (m for m in pattern.finditer(self.folded.text) if m.group())

    def around(self, start: int, end: int, reach: int) -> str:
        """The folded text up to `reach` characters to both sides, the match included."""
        return self.folded.text[max(0, start - reach) : end + reach]

    def line(self, position: int) -> tuple[int, str]:
        """The number (from 0, counted from the top of its page or part) and text of the line that holds `position`."""
        text = self.folded.text
        start = text.rfind("\n", 0, position) + 1
        end = text.find("\n", position)
        place = self.draft.part_start(self.folded.starts[position]) if self.draft.places else 0
        top = bisect_left(self.folded.starts, place) if place else 0
        return text.count("\n", top, position), text[start : end if end >= 0 else len(text)]


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
