"""What a person should look at in an AI's answer, in words: for the screen and for `check --prompt-file`."""

from collections.abc import Callable
from dataclasses import dataclass

from reviewer.compare import Cited, Comparison, Why
from reviewer.draft import Lang
from reviewer.finding import Finding
from reviewer.reports.visible import visible
from reviewer.tui.words import say
from reviewer.verdict import Review


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at: where in which box, how it looks, what is said about it."""

    pane: str
    span: tuple[int, int]
    look: str
    head: str
    words: str
    finding: Finding | None = None
    """What a review says of it; a citation has none."""
    says: str = ""
    """What is known or doubtful about a citation, in a sentence."""
    advice: str = ""


def points(prompt: Review, made: Comparison, called: Callable[[str], str], lang: Lang) -> list[Point]:
    """New findings, then doubtful citations, what was carried over, the prompt's own findings, and what is certain.

    `called` gives the name of a rule.
    """
    found = [("answer", f, "new_here") for f in made.new]
    later = [("answer", f, "carried") for f in made.carried]
    later += [("prompt", f, "prompt_is") for f in prompt.findings if f.severity.rank]
    of = [
        Point(pane, f.span, f.severity.value, f"{say(head, lang)}　{rule}", f.quote, f)
        for pane, f, head in (*found, *later)
        for rule in [f.clause.id if f.clause else visible(called(f.rule))]
    ]
    doubts = [_cited(c, lang, say("doubt_advice", lang)) for c in made.doubts]
    return [*of[: len(found)], *doubts, *of[len(found) :], *(_cited(c, lang, "") for c in made.known)]


def counts(made: Comparison, lang: Lang) -> str:
    """How much comes from the prompt, and how many points of each kind there are."""
    numbers = sum(c.why is Why.NUMBER for c in made.doubts)
    many = {
        "new_here": len(made.new),
        "carried": len(made.carried),
        "doubtful": len(made.doubts) - numbers,
        "unregistered": numbers,
    }
    return "　".join(
        (f"{say('from_prompt', lang)} {made.share:.0%}", *(f"{say(name, lang)} {n}" for name, n in many.items()))
    )


def _cited(c: Cited, lang: Lang, advice: str) -> Point:
    where = say("searched" if c.index else "searched_regulations", lang)
    says = say(c.why.value, lang, where=where, doc=visible(c.doc))
    return Point("answer", c.span, "note", say(f"short_{c.why.value}", lang), c.cited, says=says, advice=advice)
