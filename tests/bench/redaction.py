"""How often accepting every suggestion leads a review-level draft to pass, with its meaning kept and its leak gone.

`python -m tests.bench.redaction FILE.jsonl` takes the drafts of a file whose verdict is `review`; `--precedents N
--seed S` takes N such precedents at random, which the judge has learnt from: it is surer of them than of others.

Meaning is kept when at least `RETAINED` of the characters outside the labelled evidence stand in the result in order,
and the sentence embeddings of draft and result are at least `COSINE` alike: 95 % of the precedents' minimal pairs are
(one fact apart), and less than 1 % of unrelated precedents. The leak is gone when no labelled quote stands in the
result with `RUN` of its characters in a row, or whole.
"""

import json
import random
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median

from reviewer.assemble import Station, configure
from reviewer.cli import station
from reviewer.draft import Channel, Draft
from reviewer.embed import Embedder
from reviewer.finding import Severity, Stage
from reviewer.measure import interval
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.precedents import load_library
from reviewer.redact import apply
from reviewer.redact.search import search
from reviewer.verdict import Decision, StageResult

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
    quotes_enough: bool
    """Whether the draft passes when exactly the labelled quotes are left out: what any search is up against."""
    reads: int
    """Variants that the judge read."""
    seconds: float
    """From the first suggestion to the last review."""

    @property
    def good(self) -> bool:
        """Whether it passes, says what it said, and no longer leaks."""
        return self.end == "pass" and self.retained >= RETAINED and self.cosine >= COSINE and self.leak_gone


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled draft."""

    id: str
    text: str
    channel: Channel
    evidence: Sequence[str]


def of_file(path: Path) -> list[Row]:
    """The drafts of a file whose verdict is `review`."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Row(r["id"], r["text"], Channel(r["channel"]), r["evidence"]) for r in rows if r["verdict"] == "review"]


def of_precedents(count: int, seed: int) -> list[Row]:
    """So many precedents whose verdict is `review`, at random."""
    known = load_library([shipped("prompts") / "precedents"]).precedents
    chosen = random.Random(seed).sample([p for p in known if p.verdict is Decision.REVIEW], count)
    return [Row(p.id, p.text, p.channel, p.evidence) for p in chosen]


def outside(text: str, evidence: Sequence[str]) -> set[int]:
    """Positions of the characters that are in no labelled quote."""
    inside: set[int] = set()
    for quote in evidence:
        at = text.find(quote)
        inside |= set(range(at, at + len(quote))) if at >= 0 else set()
    return set(range(len(text))) - inside


def retained(text: str, result: str, evidence: Sequence[str]) -> float:
    """Share of the characters outside the evidence that stand in the result, in order."""
    keep = outside(text, evidence)
    blocks = SequenceMatcher(None, text, result, autojunk=False).get_matching_blocks()
    same = {i for b in blocks for i in range(b.a, b.a + b.size)}
    return len(keep & same) / len(keep) if keep else 0.0


def gone(result: str, evidence: Sequence[str]) -> bool:
    """Whether no quote, nor `RUN` characters in a row of one, stand in the result."""
    return not any(q[i : i + RUN] in result for q in evidence for i in range(max(1, len(q) - RUN + 1)))


def quotes_enough(chosen: Station, row: Row) -> bool:
    """Whether a draft passes without its labelled quotes and otherwise unchanged."""
    text = row.text
    for quote in row.evidence:
        text = text.replace(quote, "")
    return chosen.reviewer.review(Draft(text=text, channel=row.channel)).decision is Decision.PASS


def redact(chosen: Station, text: str, channel: Channel) -> tuple[str, str, int, int]:
    """Accept everything and check again, until it passes or cannot: (result, end, rounds, variants read)."""
    reads = 0

    def judge(variant: Draft) -> StageResult:
        nonlocal reads
        reads += 1
        return chosen.reviewer.alone(Stage.JUDGE, variant)

    for done in range(ROUNDS + 1):
        draft = Draft(text=text, channel=channel)
        review = chosen.reviewer.review(draft)
        if review.unfinished:
            raise SystemExit(f"the review did not finish: {review.unfinished[0].reason}")
        if review.decision is Decision.PASS:
            return text, "pass", done, reads
        made = search(draft, review, judge, chosen.topic, chosen.config.lang, lessened=done > 0)
        if made.held or not made.suggestions:
            return text, "held", done, reads
        text = apply(text, made.suggestions)
        if not text.strip():
            return text, "emptied", done + 1, reads
    return text, "rounds", ROUNDS, reads


def outcomes(chosen: Station, embedder: Embedder, rows: Sequence[Row]) -> Iterator[Outcome]:
    """One outcome a draft that is caught."""
    for row in rows:
        text, channel, evidence = row.text, row.channel, row.evidence
        first = chosen.reviewer.review(Draft(text=text, channel=channel))
        if not any(f.severity is not Severity.NOTE for f in first.findings):
            continue
        started = time.monotonic()
        result, end, rounds, reads = redact(chosen, text, channel)
        seconds = time.monotonic() - started
        pair = embedder.encode([text, result])
        kept, cosine = retained(text, result, evidence), float(pair[0] @ pair[1])
        enough = quotes_enough(chosen, row)
        made = Outcome(row.id, end, rounds, kept, cosine, gone(result, evidence), enough, reads, seconds)
        sys.stderr.write(f"{made}\n")
        yield made


def main() -> None:
    """Read the arguments, measure, print the table."""
    parser = ArgumentParser()
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--precedents", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows = of_file(given.file) if given.file else of_precedents(given.precedents, given.seed)
    settings, home = station.settings(), Home.from_environment()
    chosen = Station(configure(settings, home), (Stage.DETECT, Stage.JUDGE), settings.judge_timeout_s)
    embedder = Embedder(Catalogue.load(shipped("models.txt")).find(settings.embedder, home.models), settings.embedder)
    try:
        done = list(outcomes(chosen, embedder, rows))
    finally:
        chosen.engine.close()
    n = len(done)
    passed = [o for o in done if o.end == "pass"]
    alike = [o for o in passed if o.cosine >= COSINE]
    sys.stdout.write(
        f"review-level drafts {len(rows)}, caught {n}; at most {ROUNDS} rounds of accepting everything\n"
        f"pass                         {interval(len(passed), n)}\n"
        f"pass, embeddings alike       {interval(len(alike), n)}\n"
        f"pass, alike, leak gone       {interval(sum(o.leak_gone for o in alike), n)}\n"
        f"pass, meaning kept           "
        f"{interval(sum(o.retained >= RETAINED and o.cosine >= COSINE for o in passed), n)}\n"
        f"pass, meaning kept, leak gone {interval(sum(o.good for o in done), n)}\n"
        f"passing, a quote still stands {interval(sum(not o.leak_gone for o in passed), n)}\n"
        f"pass with the quotes left out {interval(sum(o.quotes_enough for o in done), n)}\n"
        f"variants read, median {median(o.reads for o in done)}, most {max(o.reads for o in done)}; "
        f"seconds with reviews, median {median(o.seconds for o in done):.1f}, most {max(o.seconds for o in done):.1f}\n"
        f"ends {dict(Counter(o.end for o in done))}, rounds to pass {dict(Counter(o.rounds for o in passed))}\n"
    )


if __name__ == "__main__":
    main()
