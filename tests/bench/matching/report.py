"""The table of recall and false alarms, the plot, and the time of the stage."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from reviewer.measure import interval
from tests.bench.matching.measured import FLOOR, Measured, measure
from tests.bench.matching.plot import draw
from tests.bench.matching.running import Remembering, best, indexed, matching, weigh
from tests.bench.matching.speed import speed
from tests.bench.matching.texts import LENGTHS, Texts, padding

RATES = (0.001, 0.01, 0.05)
"""False alarms a harmless draft of the fitting half may cause, all kinds of evidence together."""

LONG = 30
"""Characters from which the targets for mechanical kinds hold."""


def levels(harmless: Mapping[str, Sequence[float]]) -> dict[float, float]:
    """For each rate the margin that so few harmless drafts reach; law is left out, it is public as shipped."""
    worst = sorted((m for name, some in harmless.items() if name != "law" for m in some), reverse=True)
    return {rate: worst[int(rate * len(worst))] + 1e-6 for rate in RATES}


def report(fitted: Texts, sets: Mapping[str, Texts], embedder: Remembering, plot: Path | None) -> str:
    """Everything that is printed."""
    pads = padding()
    with indexed([*fitted.documents, *pads], embedder) as store:
        matcher = matching(store, embedder, fitted.ordinary)
        harmless = {n: [best(weigh(matcher, t, FLOOR)) for t in some] for n, some in fitted.harmless.items()}
        embedder.save()
    level = levels(harmless)
    documents = [*fitted.documents, *(d for texts in sets.values() for d in texts.documents), *pads]
    lines = [f"matching: {len(documents)} documents in the index; levels set on {sum(map(len, harmless.values()))}"]
    lines[0] += " harmless drafts of the fitting half: " + ", ".join(f"{r:.1%} {level[r]:+.2f}" for r in RATES)
    measured = {}
    with indexed(documents, embedder) as store:
        for name, texts in sets.items():
            matcher = matching(store, embedder, texts.ordinary)
            measured[name] = measure(matcher, store, texts)
            embedder.save()
            lines += ["", *_table(name, measured[name], level)]
        lines += ["", *speed(store, embedder, sets["held out"])]
    if plot:
        draw(measured["held out"], level, plot)
    return "\n".join(lines)


def _table(name: str, m: Measured, level: Mapping[float, float]) -> list[str]:
    kinds = list(dict.fromkeys(c.kind for c, _ in m.cases))
    with_length = [k for k in kinds if any(c.length for c, _ in m.cases if c.kind == k)]
    lines = [f"{name}: recall"]
    for rate in RATES:
        lines.append(f"  at {rate:.1%} false alarms" + "".join(f"{n:>9}" for n in LENGTHS) * bool(with_length))
        for kind in with_length:
            cells = [m.recall(level[rate], kind, length=n) for n in LENGTHS]
            whole = interval(*m.recall(level[rate], kind, LONG))
            lines.append(f"  {kind:20}" + "".join(f"{h:>5}/{n:<3}" for h, n in cells) + f"  from {LONG}: {whole}")
        lines += [f"  {kind:20}{interval(*m.recall(level[rate], kind))}" for kind in kinds if kind not in with_length]
    lines.append(f"{name}: false alarms")
    for rate in RATES:
        cells = {n: (sum(x >= level[rate] for x in some), len(some)) for n, some in m.harmless.items()}
        lines.append(f"  at {rate:.1%}: " + "; ".join(f"{n} {interval(*c)}" for n, c in cells.items()))
    working = {n: (sum(x >= 0 for x in some), len(some)) for n, some in m.harmless.items()}
    lines.append("  as shipped: " + "; ".join(f"{n} {interval(*c)}" for n, c in working.items()))
    lines += [f"  as shipped, {kind}: {interval(*m.recall(0.0, kind))}" for kind in kinds]
    lines.append(f"  a wrong document named, as shipped: {m.wrong} of {len(m.cases)}")
    return lines
