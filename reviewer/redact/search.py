"""The smallest sufficient change: the judge reads variants of the draft, and what it is sure of is suggested.

A draft passes once the words that say how secret it is are gone, and may still say the secret. So the judge reads what
is left behind a sentence that says that nothing of it is public. All is left out at first, and put back as long as the
judge finds no harm in it even so; the clause's neutral phrase stands in for the rest. What the judge pointed at comes
back in general words at most. What rules ask for comes first and exactly; what no edit answers stays held.
"""

import math
import re
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from reviewer.draft import Draft, Lang
from reviewer.errors import EngineError
from reviewer.finding import Finding, Severity, Stage
from reviewer.redact import SIGN, Plan, apply, not_public, phrase, plan
from reviewer.redact.details import DATES, details
from reviewer.redact.sentences import sentence, sentences, trim
from reviewer.redact.units import Unit, clauses, parts, touch
from reviewer.redact.variants import Variant, Writer
from reviewer.verdict import Review, StageResult

Judge = Callable[[Draft], StageResult]
"""Reads a text as the judge's stage does."""

Topic = Callable[[str], str]
"""Says in a few words what a text is about, right or wrong."""

READINGS = 24
"""Variants that are read at most for one plan."""

FEWEST = 14
CHARACTERS = 4800
"""Of a long draft that many variants, or as many as have so many characters together."""

GENERAL = 4
ENDS = 3
"""Of these, for general words in the place of what is left out, and for the result with a phrase, a topic, or none."""

CLAUSES = 4
"""Clauses of a quote, the most suspicious, of which one is left out."""

FEW = 4
"""Sentences from which on one that the judge did not point at is a unit; of fewer each clause is."""

TOPIC = re.compile(r"[一-龥]{2,10}")
"""What a topic looks like."""

HARMLESS = -1.0
"""Log-odds up to which what is left is harmless even if it were not public (`docs/redaction.md`)."""

STRETCH = 400
"""Characters of a long draft that are read, around what the judge points at."""

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


def search(draft: Draft, review: Review, judge: Judge, topic: Topic, lang: Lang, *, lessened: bool = False) -> Plan:
    """The plan for a review, with the smallest changes that make the judge pass the draft.

    Without a finding of the judge, or where a finding holds the draft, or where no variant passes, this is `plan`.
    Raises whatever `judge` and `topic` raise, but for an `EngineError` of `topic`: then the phrase says less.
    """
    findings = review.findings
    plain = plan(draft, findings, lang, lessened=lessened)
    judged = [f for f in findings if f.stage is Stage.JUDGE and f.severity is not Severity.NOTE]
    if plain.held or not judged:
        return plain
    exact = plan(draft, [f for f in findings if f.stage is not Stage.JUDGE], lang).suggestions
    writer = Writer(draft, judged[0], exact, lang)
    trial = Trial(draft, judged, tuple(findings), writer, judge, topic)
    if review.probability:
        trial.read[draft.text] = Reading(_log_odds(review.probability.violation), False)
    found = trial.smallest()
    return Plan(suggestions=writer.suggestions(found)) if found else plain


@dataclass
class Trial:
    """One search: a draft, what was found in it, and what the judge said of the variants so far."""

    draft: Draft
    judged: Sequence[Finding]
    """The judge's findings that decide, the first one first."""
    findings: Sequence[Finding]
    writer: Writer
    judge: Judge
    topic: Topic
    left: int = 0
    read: dict[str, Reading] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)
    kept: set[Unit] = field(default_factory=set)
    general: set[Unit] = field(default_factory=set)
    """Units of which general words are kept."""

    def smallest(self) -> Variant | None:
        """The variant to suggest; `None` where the exact changes are enough, and where none passes."""
        self.left = min(READINGS, max(FEWEST, CHARACTERS // len(self.draft.text))) - GENERAL - ENDS
        if self.reading(Variant()).passes:
            return None
        self.units = self.cut()
        if not self.units:
            return None
        with suppress(Spent):
            pointed = self.decisive()
            self.put_back(sorted((u for u in self.units if u not in pointed), key=self.suspicion))
        self.left += GENERAL
        with suppress(Spent):
            self.say_generally()
        self.left += ENDS
        found = self.variant(self.kept, self.general)
        for ending in (replace(found, said=True), found):
            if self.written(ending).strip() and self.reading(ending).passes:
                return self.about(ending)
        return None

    def about(self, variant: Variant) -> Variant:
        """The variant with a phrase that says what it stands for, where that does no more harm than the rest."""
        out = self.writer.longest(variant)
        if out is None or not variant.said or not phrase(self.judged[0]):
            return variant
        try:
            words = self.topic(self.draft.text[slice(*out)])
        except EngineError:
            return variant
        named = replace(variant, about=words)
        harmless = fits(words, self.draft.text) and self.reading(named, public=False).log_odds <= HARMLESS
        return named if harmless and self.reading(named).passes else variant

    def cut(self) -> list[Unit]:
        """The units of what is read, none where all ask for secrecy; one that does goes with what stands before it."""
        text, (a, b) = self.draft.text, self.stretch()
        near = [s for s in sentences(text) if a <= s[0] and s[1] <= b]
        fine = [s for s in near if len(near) < FEW or any(touch(s, f.span) for f in self.judged)]
        pieces = [p for s in near for p in (clauses(text, s) if s in fine else [s])]
        return [] if all(map(self.hushes, pieces)) else self.together(pieces)

    def together(self, units: Sequence[Unit]) -> list[Unit]:
        """Units of words, those that only ask for secrecy as part of the one before, or after where none is before."""
        found: list[Unit] = []
        alone = False
        for unit in (u for u in units if any(c.isalnum() for c in self.draft.text[slice(*u)])):
            hushes = self.hushes(unit)
            if found and (hushes or alone):
                found[-1] = (found[-1][0], unit[1])
            else:
                found.append(unit)
            alone = hushes and (alone or len(found) == 1)
        return found

    def decisive(self) -> set[Unit]:
        """Of what the judge points at each time the unit that is most suspicious by itself."""
        pointed = set()
        for finding in self.judged:
            touched = [u for u in self.units if touch(u, finding.span)]
            if touched:
                likely = sorted(touched, key=self.suspicion)[-CLAUSES:]
                pointed.add(max(likely, key=self.alone) if len(likely) > 1 else likely[0])
        return pointed

    def alone(self, unit: Unit) -> float:
        """Log-odds of a unit without the others, if it were not public."""
        return self.reading(self.variant([unit], []), public=False).log_odds

    def put_back(self, units: Sequence[Unit]) -> None:
        """Keep those of the units that are harmless beside what is kept; first all, then halves, then pieces."""
        if not units or self.harmless(self.kept | set(units), self.general):
            self.kept |= set(units)
        elif len(units) > 1:
            half = (len(units) + 1) // 2
            self.put_back(units[:half])
            self.put_back(units[half:])
        elif len(pieces := self.together(parts(self.draft.text, units[0]))) > 1:
            self.units = sorted({*self.units, *pieces} - {units[0]})
            self.put_back(pieces)

    def say_generally(self) -> None:
        """General words for details of what is left out, where these are harmless."""
        for unit in (u for u in self.units if u not in self.kept):
            concrete = any(d.kind not in DATES for d in details(self.draft.text, *unit))
            if concrete and self.harmless(self.kept, self.general | {unit}):
                self.general.add(unit)

    def harmless(self, kept: Collection[Unit], general: Collection[Unit]) -> bool:
        """Whether the draft with these units alone would be harmless even if it were not public."""
        return self.reading(self.variant(kept, general), public=False).log_odds <= HARMLESS

    def variant(self, kept: Collection[Unit], general: Collection[Unit]) -> Variant:
        """The draft with these units alone."""
        out = frozenset(self.units) - frozenset(kept) - frozenset(general)
        return Variant(removed=out, general=frozenset(general))

    def reading(self, variant: Variant, *, public: bool = True) -> Reading:
        """What the judge says of a variant, or of one that says of itself that it is not public. Raises `Spent`.

        Each text is read once.
        """
        text = self.written(variant)
        if not text.strip():
            return Reading(_log_odds(NOTHING), True)
        text = text if public else not_public() + text
        if text not in self.read:
            if self.left == 0:
                raise Spent
            self.left -= 1
            result = self.judge(self.draft.model_copy(update={"text": text}))
            self.read[text] = _reading(result)
        return self.read[text]

    def written(self, variant: Variant) -> str:
        """What is read of a variant."""
        a, b = self.stretch()
        made = [s for s in self.writer.suggestions(variant) if a <= s.span[0] and s.span[1] <= b]
        return apply(self.draft.text[:b], made)[a:]

    def stretch(self) -> Unit:
        """What is read: the draft, or the sentences around what the judge points at."""
        text = self.draft.text
        if len(text) <= STRETCH:
            return 0, len(text)
        a, b = sentence(text, self.judged[0].span)
        room = (STRETCH - (b - a)) // 2
        near = [s for s in sentences(text) if a - room <= s[0] and s[1] <= b + room]
        return min([a, *(s[0] for s in near)]), max([b, *(s[1] for s in near)])

    def suspicion(self, unit: Unit) -> tuple[int, int, int]:
        """How likely a unit decides, by what was found in the draft: the judge's quotes, notes, details."""
        judged = sum(touch(unit, f.span) for f in self.judged)
        noted = sum(touch(unit, f.span) for f in self.findings if f.stage is Stage.DETECT)
        concrete = sum(d.kind not in DATES for d in details(self.draft.text, *unit))
        return judged, noted, concrete

    def hushes(self, unit: Unit) -> bool:
        """Whether a unit only asks for secrecy: that is a sign of what stands beside it."""
        text = self.draft.text
        return all(b - a <= 14 and SIGN.search(text, a, b) is not None for a, b in clauses(text, trim(text, unit)))


def fits(words: str, text: str) -> bool:
    """Whether words can say what was left out of a text: a few Chinese ones, mostly the text's own, and no detail."""
    own = sum(c in text for c in words)
    few = TOPIC.fullmatch(words) is not None and SIGN.search(words) is None
    return few and own * 2 >= len(words) and not details(words, 0, len(words))


def _reading(result: StageResult) -> Reading:
    passes = not result.unfinished and all(f.severity is Severity.NOTE for f in result.findings)
    p = result.judgement.probability.violation if result.judgement else float(not passes)
    return Reading(_log_odds(p), passes)


def _log_odds(probability: float) -> float:
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(p / (1 - p))
