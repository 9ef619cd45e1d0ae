"""What a report of whole files is made from: the reviews, the drafts, and the words that explain them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reviewer.draft import Draft, Lang
from reviewer.finding import Finding
from reviewer.regulations import Article, Clause
from reviewer.verdict import Review


class Explained(Protocol):
    """What a report says of a rule; the rules of the detectors have it."""

    @property
    def title(self) -> str:
        """Its name."""

    @property
    def title_en(self) -> str:
        """Its name in English."""

    @property
    def flags(self) -> str:
        """What it flags, one sentence."""

    @property
    def ignores(self) -> str:
        """What it leaves alone, one sentence."""

    @property
    def reason_en(self) -> str:
        """What is wrong with what it flags, one sentence in English."""

    @property
    def source(self) -> str:
        """Where the fact comes from."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft with its review; `finding.quote` is in `draft.text` at `finding.span`."""

    draft: Draft
    review: Review


@dataclass(frozen=True, slots=True)
class Subject:
    """One report: any number of reviewed drafts; what could not be read is named, never left out."""

    reviewed: tuple[Reviewed, ...]
    lang: Lang
    clauses: Mapping[str, Clause]
    """Clauses by id, of the packs in force."""
    articles: Mapping[str, Article]
    """Articles of law by id, which clauses rest on."""
    rules: Mapping[str, Explained]
    """Rules by id; findings of index and judge have none."""
    made: datetime
    unreadable: tuple[str, ...] = ()
    """One sentence for each input that gave no draft."""

    def clause(self, finding: Finding) -> Clause | None:
        """The clause a finding cites, where its pack is in force here."""
        return self.clauses.get(finding.clause.id) if finding.clause else None

    def name(self, rule: str) -> str:
        """What a rule is called; empty for one that is not explained here."""
        known = self.rules.get(rule)
        return self.lang.pick(known.title, known.title_en) if known else ""

    def basis(self, clause: Clause) -> str:
        """The articles a clause rests on, as they are cited: 《law》article."""
        found = (self.articles[b] for b in clause.basis)
        return "、".join(f"《{article.law}》{article.article}" for article in found)

    def findings(self) -> Iterator[tuple[Reviewed, Finding]]:
        """Every finding with the draft it is about."""
        for reviewed in self.reviewed:
            for finding in reviewed.review.findings:
                yield reviewed, finding
