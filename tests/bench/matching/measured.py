"""What the stage says of every draft of a set, as margins over its thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewer.index import Store
from reviewer.match.likeness import CERTAIN, Likeness
from reviewer.match.weights import Evidence, Weights
from tests.bench.matching.levels import KINDS, Odds, highest, levels, reaches
from tests.bench.matching.running import Remembering, matching, weigh
from tests.bench.matching.texts import Case, Texts

FLOOR = 6.0
"""Log-odds below the thresholds that are still looked at."""

RAISED = 20.0
"""By so much the thresholds are raised for measuring, so that no evidence hides another but what is certain."""

RATES = (0.001, 0.01, 0.05)
"""False alarms a harmless draft of the fitting half may cause, all kinds of evidence together."""

LONG = 30
"""Characters from which the targets for mechanical kinds hold."""

SHIPPED = dict.fromkeys(KINDS, 0.0)


@dataclass(frozen=True, slots=True)
class Measured:
    """Margins over the thresholds: of the right document for each case, of any document for each harmless draft."""

    cases: tuple[tuple[Case, Odds], ...]
    harmless: Mapping[str, tuple[Odds, ...]]
    wrong: int
    """Cases for which another document than the right one was named at the working thresholds."""

    def recall(self, level: Odds, kind: str, least: int = 0, length: int | None = None) -> tuple[int, int]:
        """(found, all) of a kind, from a length or of one length."""
        some = [m for c, m in self.cases if c.kind == kind and c.length >= least and length in (None, c.length)]
        return sum(reaches(m, level) for m in some), len(some)

    def alarms(self, level: Odds) -> dict[str, tuple[int, int]]:
        """(flagged, all) of the harmless drafts."""
        return {name: (sum(reaches(m, level) for m in some), len(some)) for name, some in self.harmless.items()}


def measure(store: Store, embedder: Remembering, texts: Texts, weights: Weights) -> Measured:
    """Run the stage over every draft."""
    rows = {d.document.doc: d.id for d in store.documents()}
    working = matching(store, embedder, texts.ordinary, weights)
    strict = matching(store, embedder, texts.ordinary, _raised(weights))

    def seen(text: str) -> list[Likeness]:
        return weigh(strict, text, RAISED + FLOOR)

    cases, wrong = [], 0
    for case in texts.cases:
        right = rows[case.doc]
        likes, others = [], False
        for k in seen(case.text):
            if right in (k.document, *k.also):
                likes.append(k)
            else:
                others |= k.over >= -RAISED
        cases.append((case, _margins(likes)))
        wrong += others and any(right not in (k.document, *k.also) for k in weigh(working, case.text, 0.0))
    harmless = {name: tuple(_margins(seen(t)) for t in some) for name, some in texts.harmless.items()}
    return Measured(tuple(cases), harmless, wrong)


def set_on(m: Measured, even: Odds) -> dict[float, dict[str, float]]:
    """The levels for each rate, `even` being even odds; law is left out, it is public as shipped."""
    harmless = [odds for name, some in m.harmless.items() if name != "law" for odds in some]
    kinds = dict.fromkeys(c.kind for c, _ in m.cases)
    groups = [[odds for c, odds in m.cases if c.kind == k] for k in kinds]
    return {rate: levels(rate, harmless, groups, even) for rate in RATES}


def _margins(likes: list[Likeness]) -> Odds:
    return {kind: m if m >= CERTAIN else m + RAISED for kind, m in highest(likes).items()}


def _raised(weights: Weights) -> Weights:
    def up(e: Evidence) -> Evidence:
        return e.model_copy(update={"review": e.review + RAISED})

    return Weights(near=up(weights.near), paraphrase=up(weights.paraphrase), title=up(weights.title))
