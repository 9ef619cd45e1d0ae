"""What each part of the judgement contributes: rules, embedding, what is read of the language model, and all of them.

    python -m tests.bench.ablation [FILE.jsonl ...]

On the precedents by grouped cross-validation, and on labelled files with heads fitted on all precedents. Every part
works at the same review load. States of the precedents come from the cache that `reviewer calibrate` fills.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.assemble import Config, configure
from reviewer.cli.calibrate import examples_of, read_all
from reviewer.decide import decide
from reviewer.detectors import Detect
from reviewer.draft import Channel, Draft
from reviewer.judge.calibrate import fit_stack, threshold_for, unseen
from reviewer.judge.heads import Floats
from reviewer.measure import area, interval
from reviewer.models import Catalogue
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.precedents import load_library
from reviewer.reading import load_heads, open_reading
from reviewer.regulations import load_regulations
from reviewer.settings import Settings
from reviewer.verdict import Decision

LOAD = 0.09

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
    "judge, all of it": (0, 1, 2, 3),
}
"""What a part of the table uses of `heads.combined`."""

Stack = tuple[Floats, Floats]


def stacked(readings: Floats, stacks: dict[str, Stack]) -> dict[str, Floats]:
    """Log-odds of every part, (n,), by what is read (n, 15, 4)."""
    return {n: readings[:, 0, list(PARTS[n])] @ weight[0] + bias[0] for n, (weight, bias) in stacks.items()}


def main(files: Sequence[Path]) -> None:
    """Print both tables."""
    home = Home.from_environment()
    config = configure(Settings(), home)
    library = load_library(config.precedents[:1])
    reading, hashes = open_reading(config)
    examples = examples_of(library.precedents, read_all(reading, library.precedents, "|".join(hashes.values())))
    readings, _ = unseen(examples)
    stacks = {name: fit_stack(readings[:, :1, list(use)], examples.targets[:, :1]) for name, use in PARTS.items()}
    harmless = examples.targets[:, 0] < 0.5
    scored = stacked(readings, stacks)
    thresholds = {name: threshold_for(z, harmless, LOAD) for name, z in scored.items()}
    rows = [(p.text, p.channel, bool(p.labels), p.pair) for p in library.precedents]
    print(f"{config.judge}, {config.embedder}, {len(rows)} precedents, grouped cross-validation, load {LOAD:.0%}\n")  # noqa: T201
    print(table(rows, rules(config, rows), {n: (z, thresholds[n]) for n, z in scored.items()}))  # noqa: T201
    if not files:
        return
    rows = [row for path in files for row in read_file(path)]
    heads = load_heads(config, Catalogue.load(config.models_txt))
    reads = [reading(text, channel) for text, channel, _, _ in rows]
    scored = stacked(np.stack([heads.readings(r.state, r.embedding, r.rows[1]) for r in reads]), stacks)
    print(f"\n{len(rows)} drafts of {', '.join(f.name for f in files)}, read whole, the same thresholds\n")  # noqa: T201
    print(table(rows, rules(config, rows), {n: (z, thresholds[n]) for n, z in scored.items()}))  # noqa: T201


if __name__ == "__main__":
    main([Path(a) for a in sys.argv[1:]])
