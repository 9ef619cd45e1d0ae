"""Suggested changes as the redaction screen shows them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rich.text import Text
from textual.content import Content

from reviewer.draft import Lang
from reviewer.redact import Plan, Suggestion
from reviewer.redact.details import Way
from reviewer.reports.percent import percent
from reviewer.reports.visible import visible
from reviewer.tui.prose import Broken
from reviewer.tui.reasons import told
from reviewer.tui.words import say
from reviewer.verdict import Decision, Review


class State(StrEnum):
    """What the person decided about a suggestion; the values name its words."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    EDITED = "edited"


@dataclass(slots=True)
class Choice:
    """A suggestion and what became of it."""

    suggestion: Suggestion
    state: State = State.PENDING

    def write(self, words: str) -> None:
        """Put the person's own words there; the words that stand there already are no change."""
        s = self.suggestion
        self.state = State.SKIPPED if words == s.quote else State.EDITED
        if self.state is State.EDITED:
            way = Way.REPLACE if words else Way.REMOVE
            self.suggestion = s.model_copy(update={"replacement": words, "way": way, "why": ""})

    @property
    def decided(self) -> bool:
        """Whether it is to be made."""
        return self.state in (State.ACCEPTED, State.EDITED)

    @property
    def written(self) -> str | None:
        """What will stand there; `None` when it stays."""
        return None if self.state is State.SKIPPED else self.suggestion.replacement


def line(choice: Choice, called: Callable[[str], str], lang: Lang, looks: Mapping[str, str]) -> Broken:
    """A suggestion in the list: what was decided, for which clause or rule that has a name, what stands there, what
    will, and why; `called` gives the name of a rule, or its id.
    """
    s = choice.suggestion
    known = called(s.rule)
    name = s.clause or ("" if known == s.rule else visible(known))
    text = Text(f"[{say(choice.state.value, lang)}] ", "" if choice.state is State.PENDING else "dim")
    text.append(say(f"way_{s.way.value}", lang), "bold").append(f" {name}".rstrip() + "\n")
    text.append(visible(s.quote.replace("\n", " "))[:60] + "\n", looks["removed"])
    text.append("→ " + (visible(s.replacement.replace("\n", " "))[:60] or "∅"), looks["added"])
    return Broken(Content.from_rich_text(text.append(f"\n{s.why}" if s.why else "", "dim")))


def standing(first: Review, now: Review, rounds: int, lang: Lang) -> Text:
    """The decision on the draft as it stands, the round, the probability of a violation, also at first if changed."""
    both = [r.probability for r in ((first, now) if rounds > 1 else (now,))]
    residual = " → ".join(percent(p.violation) for p in both if p) if all(both) else "—"
    words = Text(say(now.decision.value, lang), "bold")
    return words.append(f"　{say('round', lang, n=rounds)}　{say('residual', lang)} {residual}", "not bold")


def held(plan: Plan, lang: Lang, looks: Mapping[str, str]) -> Text:
    """What no change of words mends, and what to do instead."""
    text = Text(say("held_head", lang) + "\n", "bold")
    for advice in dict.fromkeys(h.advice for h in plan.held):
        text.append(f"· {advice}\n", looks["advice"])
    return text


def ending(review: Review, lang: Lang) -> Text:
    """What is left to do where no change is: check what was not examined, send it, or submit it."""
    if review.unfinished:
        why = lang.pick("；", "; ").join(told(u.reason, lang) for u in review.unfinished)
        return Text(say("unfinished_now", lang, why=why), "bold")
    head = "passed_now" if review.decision is Decision.PASS else "no_more"
    return Text(f"{say(head, lang)}\n{say('loop_note', lang)}")
