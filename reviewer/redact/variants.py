"""Variants of a draft, as the suggestions that make them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.draft import Draft, Lang
from reviewer.finding import Finding
from reviewer.redact import Suggestion, phrase, reason
from reviewer.redact.details import Change, Detail, Way, details, elsewhere, rewrite, together
from reviewer.redact.sentences import sentence
from reviewer.redact.units import Unit, length, runs, touch, without


@dataclass(frozen=True, slots=True)
class Variant:
    """The units that are changed, by how."""

    removed: frozenset[Unit] = frozenset()
    general: frozenset[Unit] = frozenset()
    said: bool = False
    """Whether the clause's neutral phrase stands in for what is removed."""
    about: str = ""
    """What the phrase is about, where it says so."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes variants of one draft in answer to one finding of the judge, beside the exact changes of the rules."""

    draft: Draft
    main: Finding
    exact: tuple[Suggestion, ...]
    lang: Lang

    def suggestions(self, variant: Variant) -> tuple[Suggestion, ...]:
        """The changes that make a variant, with the exact ones that they do not contain."""
        text = self.draft.text
        out, general = self.apart(variant)
        longest = _longest(out)
        words = phrase(self.main, variant.about) if variant.said else ""
        made = [self.leave_out(run, words if run == longest else "") for run in out]
        seen: list[Detail] = []
        for unit in general:
            made += self.generalise(unit, seen)
        made += [s for s in self.exact if not any(touch(s.span, m.span) for m in made)]
        for again in elsewhere(text, seen, [s.span for s in made]):
            if not any(touch(again.span, s.span) for s in made):
                made.append(
                    self.suggestion(again.span, again.replacement, again.way, self.lang.pick(again.why, again.why_en))
                )
        return tuple(sorted(made, key=lambda s: s.span))

    def apart(self, variant: Variant) -> tuple[list[Unit], list[Unit]]:
        """Runs that are removed and that become general, with the exact changes in them; of both kinds none."""
        text = self.draft.text
        removed = runs(text, [self.over(u) for u in variant.removed])
        general = runs(text, [self.over(u) for u in variant.general])
        while both := [g for g in general if any(touch(g, without(text, r)) for r in removed)]:
            removed = runs(text, [*removed, *both])
            general = [g for g in general if g not in both]
        return removed, general

    def longest(self, variant: Variant) -> Unit | None:
        """Of the runs that are removed the one that the neutral phrase stands in for."""
        return _longest(self.apart(variant)[0])

    def leave_out(self, run: Unit, words: str) -> Suggestion:
        """A run of units goes, or `words` that do not stand in the draft yet stand in for it."""
        text = self.draft.text
        if words and words not in text:
            return self.suggestion(run, words, Way.REPLACE)
        whole = sentence(text, run) == run
        return self.suggestion(run if whole else without(text, run), "", Way.REMOVE)

    def generalise(self, unit: Unit, seen: list[Detail]) -> Iterator[Suggestion]:
        """General words for the details of a unit."""
        text = self.draft.text
        inside = [s for s in self.exact if unit[0] <= s.span[0] and s.span[1] <= unit[1]]
        found = [d for d in details(text, *unit) if not any(touch(d.span, s.span) for s in inside)]
        both: list[Change] = [*found, *inside]
        written = rewrite(text, unit, sorted(both, key=lambda c: c.span))
        seen += found
        if written != text[slice(*unit)]:
            yield self.suggestion(unit, written, *together(found, self.lang))

    def suggestion(self, span: Unit, replacement: str, way: Way, why: str | None = None) -> Suggestion:
        """A change that the judge's finding asks for."""
        return Suggestion(
            span=span,
            quote=self.draft.quote(span),
            replacement=replacement,
            way=way,
            rule=self.main.rule,
            clause=self.main.clause.id if self.main.clause else None,
            why=reason(way, self.lang) if why is None else why,
        )

    def over(self, unit: Unit) -> Unit:
        """A unit with the whole of the exact changes that it touches."""
        near = [s.span for s in self.exact if touch(s.span, unit)]
        return min([unit[0], *(a for a, _ in near)]), max([unit[1], *(b for _, b in near)])


def _longest(out: Sequence[Unit]) -> Unit | None:
    return max(out, key=length, default=None)
