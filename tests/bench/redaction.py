"""How often accepting every suggestion leads a review-level draft to pass, with its meaning kept and its leak gone.

Meaning is kept when at least `RETAINED` of the characters outside the labelled evidence stand in the result in order,
and the sentence embeddings of draft and result are at least `COSINE` alike: 95 % of the precedents' minimal pairs are
(one fact apart), and less than 1 % of unrelated precedents. The leak is gone when no labelled quote stands in the
result with `RUN` of its characters in a row, or whole.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from reviewer.assemble import Station, configure
from reviewer.cli import station
from reviewer.draft import Channel, Draft
from reviewer.embed import Embedder
from reviewer.finding import Severity, Stage
from reviewer.measure import interval
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.redact import apply, plan
from reviewer.verdict import Decision

ROUNDS = 10
RETAINED = 0.7
COSINE = 0.8
RUN = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft."""

    id: str
    end: str
    """`pass`, `held`, `emptied` (nothing was left), or `rounds` (still not passing)."""
    rounds: int
    retained: float
    cosine: float
    leak_gone: bool

    @property
    def good(self) -> bool:
        """Whether it passes, says what it said, and no longer leaks."""
        return self.end == "pass" and self.retained >= RETAINED and self.cosine >= COSINE and self.leak_gone


def outside(text: str, evidence: list[str]) -> set[int]:
    """Positions of the characters that are in no labelled quote."""
    inside: set[int] = set()
    for quote in evidence:
        at = text.find(quote)
        inside |= set(range(at, at + len(quote))) if at >= 0 else set()
    return set(range(len(text))) - inside


def retained(text: str, result: str, evidence: list[str]) -> float:
    """Share of the characters outside the evidence that stand in the result, in order."""
    keep = outside(text, evidence)
    blocks = SequenceMatcher(None, text, result, autojunk=False).get_matching_blocks()
    same = {i for b in blocks for i in range(b.a, b.a + b.size)}
    return len(keep & same) / len(keep) if keep else 0.0


def gone(result: str, evidence: list[str]) -> bool:
    """Whether no quote, nor `RUN` characters in a row of one, stand in the result."""
    return not any(q[i : i + RUN] in result for q in evidence for i in range(max(1, len(q) - RUN + 1)))


def redact(chosen: Station, text: str, channel: Channel) -> tuple[str, str, int]:
    """Accept everything and check again, until it passes or cannot: (result, end, rounds)."""
    for done in range(ROUNDS + 1):
        draft = Draft(text=text, channel=channel)
        review = chosen.reviewer.review(draft)
        if review.unfinished:
            raise SystemExit(f"the review did not finish: {review.unfinished[0].reason}")
        if review.decision is Decision.PASS:
            return text, "pass", done
        made = plan(draft, review.findings, chosen.config.lang, lessened=done > 0)
        if made.held or not made.suggestions:
            return text, "held", done
        text = apply(text, made.suggestions)
        if not text.strip():
            return text, "emptied", done + 1
    return text, "rounds", ROUNDS


def outcomes(chosen: Station, embedder: Embedder, rows: list[dict[str, Any]]) -> Iterator[Outcome]:
    """One outcome a draft that is caught."""
    for row in rows:
        text, channel = row["text"], Channel(row["channel"])
        first = chosen.reviewer.review(Draft(text=text, channel=channel))
        if not any(f.severity is not Severity.NOTE for f in first.findings):
            continue
        result, end, rounds = redact(chosen, text, channel)
        pair = embedder.encode([text, result])
        evidence = row["evidence"]
        made = Outcome(
            row["id"], end, rounds, retained(text, result, evidence), float(pair[0] @ pair[1]), gone(result, evidence)
        )
        sys.stderr.write(f"{made}\n")
        yield made


def main() -> None:
    """`python -m tests.bench.redaction DRAFTS.jsonl`: only drafts whose verdict is `review`."""
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    rows = [r for r in rows if r["verdict"] == "review"]
    settings, home = station.settings(), Home.from_environment()
    chosen = Station(configure(settings, home), (Stage.DETECT, Stage.JUDGE), settings.judge_timeout_s)
    embedder = Embedder(Catalogue.load(shipped("models.txt")).find(settings.embedder, home.models), settings.embedder)
    try:
        done = list(outcomes(chosen, embedder, rows))
    finally:
        chosen.engine.close()
    n = len(done)
    passed = [o for o in done if o.end == "pass"]
    sys.stdout.write(
        f"review-level drafts {len(rows)}, caught {n}; at most {ROUNDS} rounds of accepting everything\n"
        f"pass                         {interval(len(passed), n)}\n"
        f"pass, meaning kept           "
        f"{interval(sum(o.retained >= RETAINED and o.cosine >= COSINE for o in passed), n)}\n"
        f"pass, meaning kept, leak gone {interval(sum(o.good for o in done), n)}\n"
        f"passing, a quote still stands {interval(sum(not o.leak_gone for o in passed), n)}\n"
        f"ends {dict(Counter(o.end for o in done))}, rounds to pass {dict(Counter(o.rounds for o in passed))}\n"
    )


if __name__ == "__main__":
    main()
