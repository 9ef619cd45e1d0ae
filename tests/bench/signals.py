"""How many precedents each soft signal hits: violating ones, those of its own clause, harmless ones; and the law.

`python -m tests.bench.signals [--show RULE]` prints the table, or the harmless drafts a signal hits.
"""

import sys
from collections import Counter, defaultdict
from datetime import date

from reviewer.detectors import signals
from reviewer.detectors.rule import View
from reviewer.draft import Draft
from reviewer.normalise import fold
from reviewer.paths import PACKAGE, shipped
from reviewer.precedents import load_library
from reviewer.regulations import load_articles


def hits(text: str) -> set[str]:
    """The signals that a text sets off."""
    draft = Draft(text=text)
    return {hit.rule.id for hit in signals.detect(View(draft, fold(text), date.today()))}


def main(show: str | None) -> None:
    """Print the table."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    precedents = load_library([shipped("prompts") / "precedents"]).precedents
    clauses = {rule.id: rule.clause for rule in signals.RULES}
    for precedent in precedents:
        kind = "violating" if precedent.labels else "harmless"
        found = hits(precedent.text)
        counts["any"][kind] += bool(found)
        for rule in found:
            counts[rule][kind] += 1
            counts[rule]["own"] += clauses[rule] in precedent.labels
            if rule == show and not precedent.labels:
                sys.stdout.write(f"{precedent.id} {precedent.text[:160]}\n")
    articles = load_articles(PACKAGE / "packs").values()
    for article in articles:
        found = hits(article.text)
        counts["any"]["law"] += bool(found)
        for rule in found:
            counts[rule]["law"] += 1
    violating = sum(bool(p.labels) for p in precedents)
    sys.stdout.write(f"| signal | {violating} violating | of its clause | {len(precedents) - violating} harmless | ")
    sys.stdout.write(f"{len(articles)} articles of law |\n|---|---|---|---|---|\n")
    for rule in (*clauses, "any"):
        c = counts[rule]
        own = "-" if clauses.get(rule) is None else str(c["own"])
        sys.stdout.write(f"| {rule} | {c['violating']} | {own} | {c['harmless']} | {c['law']} |\n")


if __name__ == "__main__":
    main(sys.argv[2] if len(sys.argv) > 2 else None)
