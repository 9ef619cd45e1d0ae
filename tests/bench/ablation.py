"""What each part of the judgement contributes: rules, embedding, the readings of the language model, and all of them.

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
from reviewer.judge.calibrate import Examples, fit_stack, on_axes, padded, threshold_for, unseen
from reviewer.judge.heads import Floats, load
from reviewer.measure import area, interval
from reviewer.normalise import fold
from reviewer.paths import Home
from reviewer.precedents import load_library
from reviewer.regulations import load_regulations
from reviewer.resources import open_reading
from reviewer.settings import Settings
from reviewer.verdict import Decision

LOAD = 0.15

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
    "all": (0, 1, 2, 3),
}
"""Columns of `combined` that a part of the table uses."""


def main(files: Sequence[Path]) -> None:
    """Print both tables."""
    home = Home.from_environment()
    config = configure(Settings(), home)
    library = load_library(config.precedents[:1])
    reading, hashes = open_reading(config)
    examples: Examples = examples_of(
        library.precedents, read_all(reading, library.precedents, "|".join(hashes.values()))
    )
    axes, tokens = on_axes(examples)
    readings = unseen(examples, *padded(np.asarray(tokens / axes.spread, np.float32), examples.counts))
    stacks = {name: fit_stack(readings[:, :1, columns], examples.targets[:, :1]) for name, columns in PARTS.items()}

    def scores(seen: Floats) -> dict[str, Floats]:
        return {name: seen[:, 0, columns] @ stacks[name][0][0] + stacks[name][1][0] for name, columns in PARTS.items()}

    harmless = examples.targets[:, 0] < 0.5
    scored = scores(readings)
    thresholds = {name: threshold_for(z, harmless, LOAD) for name, z in scored.items()}
    rows = [(p.text, p.channel, bool(p.labels), p.pair) for p in library.precedents]
    print(f"{config.judge}, {config.embedder}, {len(rows)} precedents, grouped cross-validation, load {LOAD:.0%}\n")  # noqa: T201
    print(table(rows, rules(config, rows), {n: (z, thresholds[n]) for n, z in scored.items()}))  # noqa: T201
    if not files:
        return
    rows = [row for path in files for row in read_file(path)]
    heads = load(next(p for f in config.fitted if (p := f / config.judge / "heads.safetensors").exists()))
    seen = []
    for text, channel, _, _ in rows:
        read = reading(text, channel)
        seen.append(heads.readings(read.state, read.embedding, read.rows[1]))
    scored = scores(np.stack(seen))
    print(f"\n{len(rows)} drafts of {', '.join(f.name for f in files)}, read whole, the same thresholds\n")  # noqa: T201
    print(table(rows, rules(config, rows), {n: (z, thresholds[n]) for n, z in scored.items()}))  # noqa: T201


if __name__ == "__main__":
    main([Path(a) for a in sys.argv[1:]])
