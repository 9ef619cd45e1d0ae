"""An AI's answer beside its prompt: what comes from the prompt, what is newly sensitive, which citations nobody knows.

Pure functions over texts, their reviews and what the station's library holds.
"""

from reviewer.compare.checking import check
from reviewer.compare.cited import Cited, Why
from reviewer.compare.letters import Letters, share_of, shared
from reviewer.compare.library import Library
from reviewer.draft import Draft, Span, Value
from reviewer.finding import Finding, Severity
from reviewer.verdict import Review

__all__ = ["Cited", "Comparison", "Library", "Why", "compare"]

CARRIED = 0.8
"""Share of a finding's letters that stand in the prompt from which it was carried over, not new."""

KNOWN = (Why.INDEXED, Why.QUOTED)


class Comparison(Value):
    """What an answer owes to its prompt; all ranges are of the answer."""

    taken: tuple[Span, ...]
    share: float
    """Part of the answer's letters that come from the prompt, in [0, 1]."""
    new: tuple[Finding, ...]
    """Findings about words that the prompt did not contain."""
    carried: tuple[Finding, ...]
    doubts: tuple[Cited, ...]
    """Citations that a person should verify."""
    known: tuple[Cited, ...] = ()
    """Citations of which something is certain: a document of the index, words that stand in the article."""


def compare(prompt: Draft, answer: Draft, review: Review, library: Library) -> Comparison:
    """Compare an answer with its prompt; `review` is the answer's."""
    asked, said = Letters(prompt.text), Letters(answer.text)
    ranges = list(shared(asked.text, said.text))
    deciding = [f for f in review.findings if f.severity is not Severity.NOTE]
    old = {i for i, f in enumerate(deciding) if share_of(f.quote, asked.text) >= CARRIED}
    told = sorted(check(prompt, answer, review, library), key=lambda c: c.span)
    return Comparison(
        taken=tuple(said.span(a, b) for a, b in ranges),
        share=sum(b - a for a, b in ranges) / len(said.text) if said.text else 0.0,
        new=tuple(f for i, f in enumerate(deciding) if i not in old),
        carried=tuple(f for i, f in enumerate(deciding) if i in old),
        doubts=tuple(c for c in told if c.why not in KNOWN),
        known=tuple(c for c in told if c.why in KNOWN),
    )
