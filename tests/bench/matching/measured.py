"""What the stage says of every draft of a set, as margins over its thresholds."""

from dataclasses import dataclass

from reviewer.index import Store
from reviewer.match import Matcher
from tests.bench.matching.running import best, weigh
from tests.bench.matching.texts import Case, Texts

FLOOR = 6.0
"""Log-odds below the thresholds that are still looked at."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Margins over the thresholds: of the right document for each case, of any document for each harmless draft."""

    cases: tuple[tuple[Case, float], ...]
    harmless: dict[str, tuple[float, ...]]
    wrong: int
    """Cases for which another document than the right one was named at the working thresholds."""

    def recall(self, level: float, kind: str, least: int = 0, length: int | None = None) -> tuple[int, int]:
        """(found, all) of a kind, from a length or of one length."""
        some = [m for c, m in self.cases if c.kind == kind and c.length >= least and length in (None, c.length)]
        return sum(m >= level for m in some), len(some)


def measure(matcher: Matcher, store: Store, texts: Texts) -> Measured:
    """Run the stage over every draft."""
    rows = {d.document.doc: d.id for d in store.documents()}
    cases, wrong = [], 0
    for case in texts.cases:
        likes = weigh(matcher, case.text, FLOOR)
        right = rows[case.doc]
        cases.append((case, best(likes, right)))
        wrong += any(k.over >= 0 and right != k.document and right not in k.also for k in likes)
    harmless = {name: tuple(best(weigh(matcher, t, FLOOR)) for t in some) for name, some in texts.harmless.items()}
    return Measured(tuple(cases), harmless, wrong)
