"""The table of recall and false alarms, the plot, and the time of the stage."""

from collections.abc import Mapping
from pathlib import Path

from reviewer.match.weights import shipped_weights
from reviewer.measure import interval
from tests.bench.matching.levels import KINDS, Odds
from tests.bench.matching.measured import LONG, RATES, SHIPPED, Measured, measure, set_on
from tests.bench.matching.plot import draw
from tests.bench.matching.running import Remembering, indexed
from tests.bench.matching.speed import speed
from tests.bench.matching.texts import LENGTHS, Texts, padding


def report(fitted: Texts, sets: Mapping[str, Texts], embedder: Remembering, plot: Path | None) -> str:
    """Everything that is printed."""
    pads = padding()
    with indexed([*fitted.documents, *pads], embedder) as store:
        half = measure(store, embedder, fitted, shipped_weights())
        embedder.save()
    level = set_on(half, {kind: -getattr(shipped_weights(), kind).review for kind in KINDS})
    documents = [*fitted.documents, *(d for texts in sets.values() for d in texts.documents), *pads]
    lines = [
        f"matching: {len(documents)} documents in the index; levels, over the shipped ones, set on the fitting half"
    ]
    lines += [f"  {rate:.1%}: " + ", ".join(f"{k} {v:+.2f}" for k, v in level[rate].items()) for rate in RATES]
    measured = {}
    with indexed(documents, embedder) as store:
        for name, texts in sets.items():
            measured[name] = measure(store, embedder, texts, shipped_weights())
            embedder.save()
            lines += ["", *_table(name, measured[name], level)]
        lines += ["", *speed(store, embedder, sets["held out"])]
    if plot:
        draw(measured["held out"], level, plot)
    return "\n".join(lines)


def _table(name: str, m: Measured, level: Mapping[float, Odds]) -> list[str]:
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
    named: list[tuple[str, Odds]] = [*((f"at {rate:.1%}", level[rate]) for rate in RATES), ("as shipped", SHIPPED)]
    for said, at in named:
        lines.append(f"  {said}: " + "; ".join(f"{n} {interval(*c)}" for n, c in m.alarms(at).items()))
        lines.append("    of these " + ", ".join(f"{kind} {alarms}" for kind, alarms in _by_evidence(m, at).items()))
    lines += [f"  as shipped, {kind}: {interval(*m.recall(SHIPPED, kind))}" for kind in kinds]
    lines.append(f"  a wrong document named, as shipped: {m.wrong} of {len(m.cases)}")
    return lines


def _by_evidence(m: Measured, level: Odds) -> dict[str, int]:
    """How many harmless drafts each kind of evidence flags; one draft may be flagged by several."""
    drafts = [odds for some in m.harmless.values() for odds in some]
    return {kind: sum(odds[kind] >= level[kind] for odds in drafts) for kind in KINDS}
