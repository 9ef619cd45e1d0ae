"""The smallest sufficient change: the judge reads variants of the draft, and the mildest that passes is suggested.

Which words decide is asked of the judge itself: each unit that does not only ask for secrecy is left out in turn, and
the one without which the probability falls most is always changed. What rules ask for comes first and exactly; what no
edit answers stays held.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from reviewer.draft import Draft, Lang
from reviewer.finding import Finding, Severity, Stage
from reviewer.redact import SIGN, Plan, apply, plan
from reviewer.redact.details import DATES, details
from reviewer.redact.sentences import sentence, sentences, trim
from reviewer.redact.units import Unit, clauses, grouped, length, parts, runs, touch
from reviewer.redact.variants import Variant, Writer
from reviewer.verdict import Review, StageResult

Judge = Callable[[Draft], StageResult]
"""Reads a text as the judge's stage does."""

READINGS = 16
"""Variants that are read at most for one plan."""

KINDS = 3
"""Of these, for what to write instead of leaving words out, and for the words that were quoted."""

UNITS = 6
"""Units that a draft, and then what is left out of it, is cut into."""

SLIGHT = 0.12
"""Part of the log-odds of all that is left out which a unit may bring back with it."""

MUCH = 0.35
"""Part of the draft's characters above which also a unit comes back that brings more, as long as the draft passes."""

STRETCH = 400
"""Characters of a long draft that are read, around what the judge points at."""

SHARE = 0.6
"""General words are enough where they take away this part of the log-odds that leaving the words out takes away."""

NOTHING = 0.02
"""Probability of a violation of an empty text, which is not read."""

_LEAST = 5e-5
"""Probabilities are told with four digits."""


class Spent(Exception):
    """All readings are used up."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the judge says of one variant."""

    log_odds: float
    passes: bool


def search(draft: Draft, review: Review, judge: Judge, lang: Lang, *, lessened: bool = False) -> Plan:
    """The plan for a review, with the smallest changes that make the judge pass the draft.

    Without a finding of the judge, or where a finding holds the draft, or where no variant passes, this is `plan`.
    Raises whatever `judge` raises.
    """
    findings = review.findings
    plain = plan(draft, findings, lang, lessened=lessened)
    judged = [f for f in findings if f.stage is Stage.JUDGE and f.severity is not Severity.NOTE]
    if plain.held or not judged:
        return plain
    exact = plan(draft, [f for f in findings if f.stage is not Stage.JUDGE], lang).suggestions
    writer = Writer(draft, judged[0], exact, lang)
    trial = Trial(draft, tuple(findings), judged[0], writer, judge)
    if review.probability:
        trial.read[draft.text] = Reading(_log_odds(review.probability.violation), False)
    found = trial.smallest()
    return Plan(suggestions=writer.suggestions(found)) if found else plain


@dataclass
class Trial:
    """One search: a draft, what was found in it, and what the judge said of the variants so far."""

    draft: Draft
    findings: tuple[Finding, ...]
    main: Finding
    writer: Writer
    judge: Judge
    left: int = READINGS - KINDS
    read: dict[str, Reading] = field(default_factory=dict)
    out: list[Unit] = field(default_factory=list)
    """What is left out of the smallest variant so far that passes."""
    order: list[Unit] = field(default_factory=list)
    """The first units, the decisive first, once it is known that more than one must change."""

    def smallest(self) -> Variant | None:
        """The variant to suggest; `None` where none passes."""
        text, span = self.draft.text, self.stretch()
        whole = self.reading(Variant())
        if whole.passes:
            return None
        small = [c for s in sentences(text) if span[0] <= s[0] and s[1] <= span[1] for c in clauses(text, s)]
        with suppress(Spent):
            self.out = self.leaves_out(grouped(small if len(small) <= UNITS else parts(text, span), UNITS))
            tried: list[list[Unit]] = []
            while (finer := self.finer()) != sorted(self.out) and finer not in tried:
                tried.append(finer)
                self.out = self.puts_back(finer, whole)
        self.left += KINDS
        found = Variant(frozenset(self.out))
        if not self.out or not apply(text, self.writer.suggestions(found)).strip():
            return self.speaks()
        with suppress(Spent):
            if milder := self.general(self.out, whole):
                found = milder
            elif self.reading(said := replace(found, said=True)).passes:
                found = said
            quoted = self.over_quotes(found)
            found = quoted if self.reading(quoted).passes else found
        return found

    def over_quotes(self, variant: Variant) -> Variant:
        """The variant with general words also for details that the judge quotes: a draft may pass without the words
        that say how secret something is, and still say it.
        """
        text, changed = self.draft.text, variant.removed | variant.general
        quoted = (
            unit
            for f in self.findings
            if f.stage is Stage.JUDGE and f.severity is not Severity.NOTE
            for unit in clauses(text, sentence(text, f.span))
            if touch(unit, f.span) and not any(touch(unit, c) for c in changed)
        )
        concrete = {u for u in quoted if any(d.kind not in DATES for d in details(text, *u))}
        return replace(variant, general=variant.general | concrete)

    def speaks(self) -> Variant | None:
        """Where nothing would be left: the neutral phrase for the units that decide most, if that is enough."""
        with suppress(Spent):
            for count in range(1, len(self.order)):
                said = Variant(frozenset(self.order[:count]), said=True)
                if self.reading(said).passes:
                    return said
        return None

    def leaves_out(self, units: Sequence[Unit]) -> list[Unit]:
        """Units without which the judge passes the draft, the decisive first; empty where there are none.

        Each is read before one is chosen: without its hedge a leak may pass too, but less surely.
        """
        asked = sorted((u for u in units if not self.hushes(u)), key=self.suspicion, reverse=True)
        alone = {u: self.reading(Variant(frozenset([u]))) for u in asked}
        order = sorted(asked, key=lambda u: alone[u].log_odds)
        if not order or alone[order[0]].passes:
            return order[:1]
        order += [u for u in units if u not in asked]
        self.order = order
        for count in (c for c in (2, 3, 5, len(order)) if 1 < c <= len(order)):
            if self.reading(Variant(frozenset(order[:count]))).passes:
                return order[:count]
        return []

    def finer(self) -> list[Unit]:
        """What is left out, cut once more; neighbours stay together where there would be too many."""
        text = self.draft.text
        cut = [
            [p for u in sorted(self.out) if run[0] <= u[0] < run[1] for p in parts(text, u)]
            for run in runs(text, self.out)
        ]
        total = max(UNITS, sum(map(len, cut)))
        return [g for pieces in cut for g in grouped(pieces, max(1, UNITS * len(pieces) // total))]

    def puts_back(self, units: Sequence[Unit], whole: Reading) -> list[Unit]:
        """The units that must stay out of those that are out.

        What hardly brings the log-odds back when it alone comes back is put back; more only while too much is out.
        """
        everything = frozenset(units)
        floor = self.reading(Variant(everything)).log_odds
        rise = {u: self.reading(Variant(everything - {u})).log_odds - floor for u in units}
        slight = SLIGHT * (whole.log_odds - floor)
        out = list(everything)
        for unit in sorted(units, key=lambda u: rise[u])[:-1]:
            fewer = [u for u in out if u != unit]
            much = sum(map(length, out)) > MUCH * len(self.draft.text)
            if (rise[unit] > slight and not much) or all(self.hushes(u) for u in fewer):
                break
            if not self.reading(Variant(frozenset(fewer))).passes:
                break
            self.out = out = fewer
        return sorted(out)

    def general(self, removed: Sequence[Unit], whole: Reading) -> Variant | None:
        """General words instead of leaving out, where that is enough."""
        if not any(d.kind not in DATES for u in removed for d in details(self.draft.text, *u)):
            return None
        variant = Variant(general=frozenset(removed))
        now, gone = self.reading(variant), self.reading(Variant(frozenset(removed)))
        enough = whole.log_odds - now.log_odds >= SHARE * (whole.log_odds - gone.log_odds)
        return variant if now.passes and enough else None

    def reading(self, variant: Variant) -> Reading:
        """What the judge says of a variant; each text is read once. Raises `Spent`."""
        a, b = self.stretch()
        made = [s for s in self.writer.suggestions(variant) if a <= s.span[0] and s.span[1] <= b]
        text = apply(self.draft.text[:b], made)[a:]
        if not text.strip():
            return Reading(_log_odds(NOTHING), True)
        if text not in self.read:
            if self.left == 0:
                raise Spent
            self.left -= 1
            result = self.judge(self.draft.model_copy(update={"text": text}))
            self.read[text] = _reading(result)
        return self.read[text]

    def stretch(self) -> Unit:
        """What is read: the draft, or the sentences around what the judge points at."""
        text = self.draft.text
        if len(text) <= STRETCH:
            return 0, len(text)
        a, b = sentence(text, self.main.span)
        room = (STRETCH - (b - a)) // 2
        near = [s for s in sentences(text) if a - room <= s[0] and s[1] <= b + room]
        return min([a, *(s[0] for s in near)]), max([b, *(s[1] for s in near)])

    def suspicion(self, unit: Unit) -> tuple[int, int, int]:
        """How likely a unit decides, by what was found in the draft: the judge's quotes, notes, details."""
        judged = sum(touch(unit, f.span) for f in self.findings if f.stage is Stage.JUDGE)
        noted = sum(touch(unit, f.span) for f in self.findings if f.stage is Stage.DETECT)
        concrete = sum(d.kind not in DATES for d in details(self.draft.text, *unit))
        return judged, noted, concrete

    def hushes(self, unit: Unit) -> bool:
        """Whether a unit only asks for secrecy: that is a sign of what stands beside it."""
        text = self.draft.text
        return all(b - a <= 14 and SIGN.search(text, a, b) is not None for a, b in clauses(text, trim(text, unit)))


def _reading(result: StageResult) -> Reading:
    passes = not result.unfinished and all(f.severity is Severity.NOTE for f in result.findings)
    p = result.judgement.probability.violation if result.judgement else float(not passes)
    return Reading(_log_odds(p), passes)


def _log_odds(probability: float) -> float:
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(p / (1 - p))
