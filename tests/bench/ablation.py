"""What each part of the judgement contributes: rules, embedding, both readings of the language model, and all of them.

    python -m tests.bench.ablation [FILE.jsonl ...]

On the precedents by grouped cross-validation, and on labelled files with heads fitted on all precedents. Every part
works at the same review load. States of the precedents come from the cache that `reviewer calibrate` fills.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.assemble import Config, configure
from reviewer.cli.calibrate import examples_of, read_again, read_all
from reviewer.decide import decide
from reviewer.detectors import Detect
from reviewer.draft import Channel, Draft
from reviewer.judge.calibrate import fit_stack, settle, threshold_for, unseen, unsure_of
from reviewer.judge.heads import Floats, weighed
from reviewer.measure import area, interval
from reviewer.models import Catalogue
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.precedents import load_library
from reviewer.reading import load_heads, open_reading
from reviewer.regulations import load_regulations
from reviewer.settings import Settings
from reviewer.verdict import Decision

LOAD = 0.1

Row = tuple[str, Channel, bool, str | None]
"""Text, channel, whether it violates, and the pair it belongs to."""


def rules(config: Config, rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Which drafts the rules alone would not let pass."""
    detect = Detect(load_regulations(config.packs, config.enabled_packs).citations, config.lang)
    drafts = [Draft(text=text, channel=channel) for text, channel, _, _ in rows]
    found = [detect(d, fold(d.text), ()).findings for d in drafts]
    return np.array([decide(f, ()) is not Decision.PASS for f in found])


def line(name: str, rows: Sequence[Row], flagged: NDArray[np.bool_], scores: Floats | None) -> str:
    """One row of the table."""
    bad = np.array([r[2] for r in rows])
    sides: dict[str, list[bool]] = {}
    for (_, _, violating, pair), flag in zip(rows, flagged, strict=True):
        if pair:
            sides.setdefault(pair, []).append(bool(flag) == violating)
    both = [all(s) for s in sides.values() if len(s) == 2]
    auc = f"{area(list(map(float, scores)), list(bad)):.3f}" if scores is not None else "-"
    caught, wrong = (
        interval(int(flagged[bad].sum()), int(bad.sum())),
        interval(int(flagged[~bad].sum()), int((~bad).sum())),
    )
    return f"| {name} | {auc} | {caught} | {wrong} | {interval(sum(both), len(both))} |"


def table(rows: Sequence[Row], by_rules: NDArray[np.bool_], parts: dict[str, tuple[Floats, float]]) -> str:
    """`parts` gives for each name its log-odds and the log-odds from which it flags."""
    lines = ["| part | AUC | caught | false alarms | pairs both right |", "|---|---|---|---|---|"]
    lines.append(line("rules alone", rows, by_rules, None))
    for name, (scores, threshold) in parts.items():
        lines.append(line(name, rows, scores >= threshold, scores))
    name, (scores, threshold) = list(parts.items())[-1]
    lines.append(line(f"rules or {name}", rows, by_rules | (scores >= threshold), None))
    return "\n".join(lines)


def read_file(path: Path) -> list[Row]:
    """Labelled drafts."""
    found = []
    for text in path.read_text("utf-8").splitlines():
        row = json.loads(text)
        channel = Channel(row.get("channel") or Channel.WECHAT_GROUP)
        found.append((row["text"], channel, bool(row.get("labels")), row.get("pair")))
    return found


PARTS = {
    "embedding": (1,),
    "mean of the tokens": (0,),
    "attention": (2,),
    "mean and union": (0, 3),
    "first reading, all of it": (0, 1, 2, 3),
    "second reading alone": (4, 5),
}
"""Columns of `columns` that a part of the table uses."""

BOTH = "both, the second where unsure"


def columns(first: Floats, second: Floats) -> Floats:
    """What every part says of "violates anything": readings (n, 15, 4) and second (n, 15), as (n, 6)."""
    return np.concatenate([first[:, 0], weighed(second, second)[:, 0, 1:]], axis=1)


@dataclass(frozen=True, slots=True)
class Parts:
    """Every part fitted on the precedents."""

    stacks: dict[str, tuple[Floats, Floats]]
    weight: Floats
    bias: Floats
    """Of the settling of drafts that are read again."""

    def scores(self, first: Floats, second: Floats) -> dict[str, Floats]:
        """Log-odds of every part, (n,), of the same arguments as `columns`."""
        seen = columns(first, second)
        found = {n: seen[:, list(PARTS[n])] @ weight[0] + bias[0] for n, (weight, bias) in self.stacks.items()}
        base = found["first reading, all of it"]
        settled = (weighed(base[:, None], second[:, :1])[:, 0, :2] * self.weight[0, :2]).sum(axis=1)
        settled += weighed(second, second)[:, 0, 2] * self.weight[0, 2] + self.bias[0]
        return found | {BOTH: np.where(unsure_of(base[:, None]), settled, base)}


def fitted_parts(first: Floats, second: Floats, targets: Floats) -> Parts:
    """Stack every part on readings that saw neither a precedent nor its twin."""
    seen = columns(first, second)[:, None]
    stacks = {name: fit_stack(seen[:, :, list(use)], targets[:, :1]) for name, use in PARTS.items()}
    weight, bias = fit_stack(first, targets)
    stacked = np.asarray((first * weight).sum(axis=2) + bias, np.float32)
    settle_weight, settle_bias, _ = settle(stacked, second[unsure_of(stacked)], targets)
    return Parts(stacks, settle_weight, settle_bias)


def main(files: Sequence[Path]) -> None:
    """Print both tables."""
    home = Home.from_environment()
    config = configure(Settings(), home)
    library = load_library(config.precedents[:1])
    reading, again, hashes = open_reading(config)
    if again is None:
        raise SystemExit(f"{config.judge} has no adapter")
    examples = examples_of(library.precedents, read_all(reading, library.precedents, "|".join(hashes.values())))
    first, _ = unseen(examples)
    second = read_again(again, library.precedents)
    parts = fitted_parts(first, second, examples.targets)
    harmless = examples.targets[:, 0] < 0.5
    scored = parts.scores(first, second)
    thresholds = {name: threshold_for(z, harmless, LOAD) for name, z in scored.items()}
    rows = [(p.text, p.channel, bool(p.labels), p.pair) for p in library.precedents]
    print(f"{config.judge}, {config.embedder}, {len(rows)} precedents, grouped cross-validation, load {LOAD:.0%}\n")  # noqa: T201
    print(table(rows, rules(config, rows), {n: (z, thresholds[n]) for n, z in scored.items()}))  # noqa: T201
    if not files:
        return
    rows = [row for path in files for row in read_file(path)]
    heads = load_heads(config, Catalogue.load(config.models_txt))
    reads = [reading(text, channel) for text, channel, _, _ in rows]
    scored = parts.scores(
        np.stack([heads.readings(r.state, r.embedding, r.rows[1]) for r in reads]),
        np.stack([again(text, channel) for text, channel, _, _ in rows]),
    )
    print(f"\n{len(rows)} drafts of {', '.join(f.name for f in files)}, read whole, the same thresholds\n")  # noqa: T201
    print(table(rows, rules(config, rows), {n: (z, thresholds[n]) for n, z in scored.items()}))  # noqa: T201


if __name__ == "__main__":
    main([Path(a) for a in sys.argv[1:]])
