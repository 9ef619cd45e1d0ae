"""`reviewer calibrate`: read every precedent with the model and fit the heads again."""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from reviewer.cli import station
from reviewer.judge.calibrate import Examples, fit
from reviewer.judge.heads import Fitted, Floats, save
from reviewer.measure import Scored, summary
from reviewer.paths import cache
from reviewer.precedents import LABELS, Precedent, load_library
from reviewer.resources import Reading, open_reading


def read_all(reading: Reading, precedents: Sequence[Precedent], identity: str) -> tuple[Floats, Floats]:
    """States (n, d) and embeddings (n, e) of the precedents; what was read before with the same models is kept."""
    folder = cache() / "features"
    folder.mkdir(parents=True, exist_ok=True)
    states, embeddings = [], []
    with click.progressbar(precedents, label="reading", file=sys.stderr) as bar:
        for p in bar:
            name = hashlib.sha256(f"{identity}\0{p.channel}\0{p.text}".encode("utf-8", "replace")).hexdigest()
            path = folder / f"{name}.npy"
            if path.exists():
                both = np.load(path, allow_pickle=False)
                state, embedding = both[: reading.model.width], both[reading.model.width :]
            else:
                read = reading(p.text, p.channel)
                state, embedding = read.state, read.embedding
                np.save(path, np.concatenate([state, embedding]), allow_pickle=False)
            states.append(state)
            embeddings.append(embedding)
    return np.stack(states), np.stack(embeddings)


def targets_of(precedents: Sequence[Precedent]) -> Floats:
    """(n, 15): violated at all, then one column per label."""
    return np.array([[bool(p.labels), *(label in p.labels for label in LABELS)] for p in precedents], np.float32)


@click.command("calibrate")
@click.option("--load", type=click.FloatRange(0.001, 0.5), default=0.03, help="允许的误报率 / stated review load")
@click.option("--out", type=click.Path(path_type=Path), help="写到哪里 / where the heads go (default: the station)")
@click.option("--dry-run", is_flag=True, help="只打印质量，不写 / print the quality, write nothing")
@click.pass_context
def command(ctx: click.Context, load: float, out: Path | None, dry_run: bool) -> None:
    """用先例重新拟合判读 / Fit the judge on the precedents; prints cross-validated quality."""
    config = station.config(ctx)
    library = load_library(config.precedents)
    reading, hashes = open_reading(config)
    states, embeddings = read_all(reading, library.precedents, "|".join(hashes.values()))
    ids = tuple(p.id for p in library.precedents)
    examples = Examples(
        ids, tuple(p.pair or p.id for p in library.precedents), targets_of(library.precedents), states, embeddings
    )
    heads, stacked = fit(examples, {**hashes, "library_sha256": library.sha256}, load)
    target = out or config.fitted[0] / config.judge / "heads.safetensors"
    if not dry_run:
        target.parent.mkdir(parents=True, exist_ok=True)
        save(heads, target)
    scored = [
        Scored(p.id, p.pair, p.labels, row, row[0] >= _logit(heads.fitted))
        for p, row in zip(library.precedents, stacked, strict=True)
    ]
    click.echo(f"{config.judge}: {len(ids)} precedents, grouped cross-validation")
    click.echo(summary(scored))
    click.echo(
        f"threshold {heads.fitted.threshold:.3f} (review load {heads.fitted.review_load:.1%}) -> {target}", err=True
    )


def _logit(fitted: Fitted) -> float:
    return float(np.log(fitted.threshold / (1 - fitted.threshold)))
