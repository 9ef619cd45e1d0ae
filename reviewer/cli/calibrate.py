"""`reviewer calibrate`: read every precedent with the model and fit the heads again."""

import hashlib
import io
import sys
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from reviewer import durable
from reviewer.audit.events import heads_fitted
from reviewer.cli import station
from reviewer.cli.confined import Command, Written
from reviewer.judge.calibrate import AXES, EVIDENCE_AXES, EVIDENCE_STEP, FOLDS, Examples, fit, fit_evidence, fold_of
from reviewer.judge.heads import Floats, save
from reviewer.judge.states import Read, quoted
from reviewer.judge.train import find_axes, project
from reviewer.measure import Scored, summary, touches
from reviewer.paths import cache
from reviewer.precedents import LABELS, Precedent, load_library
from reviewer.reading import Reading, open_reading

READING = 32 << 20
"""Bytes that what is kept of one precedent may take."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one precedent that was read."""

    state: Floats
    embedding: Floats
    tokens: NDArray[np.float16]
    """(t, w): every token at the second reading."""
    ranges: NDArray[np.int64]
    """(t, 2): the characters each token covers."""


def keep(read: Read, length: int) -> Kept:
    """The parts of a reading of a text of `length` characters that fitting needs."""
    starts = np.append(np.asarray(read.starts), length)
    ranges = np.stack([starts[:-1], np.maximum(starts[1:], starts[:-1] + 1)], axis=1)
    return Kept(read.state, read.embedding, read.rows[1].astype(np.float16), ranges)


def read_all(reading: Reading, precedents: Sequence[Precedent], identity: str, own: Collection[str] = ()) -> list[Kept]:
    """The precedents as the model holds them; what was read before with the same models is kept in the cache.

    States of the station's `own` (ids) are not: they would give their words away, and stay when those are removed.
    """
    found = []
    with (
        durable.folder(cache() / "readings", create=True) as inside,
        click.progressbar(precedents, label="读先例 / reading", file=sys.stderr) as bar,
    ):
        for p in bar:
            asked = f"every token\0{identity}\0{p.channel}\0{p.text}".encode("utf-8", "replace")
            name = f"{hashlib.sha256(asked).hexdigest()}.npz"
            kept = _cached(inside, name)
            if kept is None:
                kept = keep(reading(p.text, p.channel), len(p.text))
                if p.id not in own:
                    data = io.BytesIO()
                    np.savez(data, **{f.name: getattr(kept, f.name) for f in fields(Kept)})
                    durable.replace(inside, name, data.getvalue())
            found.append(kept)
    return found


def _cached(inside: durable.Inside, name: str) -> Kept | None:
    """What an earlier run has read, unless it is not there or not whole."""
    try:
        with np.load(io.BytesIO(durable.read(inside, name, READING)), allow_pickle=False) as arrays:
            return Kept(**{f.name: arrays[f.name] for f in fields(Kept)})
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def examples_of(precedents: Sequence[Precedent], kept: Sequence[Kept]) -> Examples:
    """The precedents as rows to fit on, which hold of their tokens only what lies on the axes."""
    deciding = [[touches(p.text, p.evidence, a, b) for a, b in k.ranges] for p, k in zip(precedents, kept, strict=True)]
    tokens = [k.tokens for k in kept]
    axes = find_axes(tokens, AXES)
    return Examples(
        ids=tuple(p.id for p in precedents),
        groups=tuple(p.pair or p.id for p in precedents),
        targets=targets_of(precedents),
        states=np.stack([k.state for k in kept]),
        embeddings=np.stack([k.embedding for k in kept]),
        axes=axes,
        tokens=project(axes, tokens),
        ranges=np.concatenate([k.ranges for k in kept]),
        deciding=np.concatenate(deciding),
    )


def touched(examples: Examples, precedents: Sequence[Precedent]) -> list[bool | None]:
    """Whether what would be quoted of each violating precedent touches its labelled evidence; `None` for the others.

    By evidence heads that saw neither it nor its twin.
    """
    folds = fold_of(examples.groups)
    weights = {}
    with click.progressbar(range(FOLDS), label="证据 / evidence", file=sys.stderr) as bar:
        for fold in bar:
            seen = np.flatnonzero(np.repeat(folds != fold, examples.tokens.counts))[::EVIDENCE_STEP]
            rows = examples.tokens.rows[seen, :EVIDENCE_AXES]
            weights[fold] = fit_evidence(rows, examples.axes, examples.deciding[seen], examples.violating[seen])
    return [
        any(touches(p.text, p.evidence, *span) for span in _quoted(p.text, i, examples, weights[fold]))
        if p.labels
        else None
        for i, (p, fold) in enumerate(zip(precedents, folds, strict=True))
    ]


def _quoted(text: str, row: int, examples: Examples, weight: Floats) -> list[tuple[int, int]]:
    """The words that a review would quote of a precedent, and where they are nearly as high elsewhere, those too.

    A review weighs tokens from which no mean was taken off.
    """
    tokens = examples.tokens[row][:, : len(weight)] + examples.axes.onto[: len(weight)] @ examples.axes.mean
    start = examples.tokens.starts[row]
    starts = examples.ranges[start : start + len(tokens), 0]
    read = Read(np.stack([tokens, tokens]), tuple(int(s) for s in starts), examples.embeddings[row])
    return quoted(text, (0, len(text)), read, weight, read.decisive(weight))


def targets_of(precedents: Sequence[Precedent]) -> Floats:
    """(n, 15): violated at all, then one column per label."""
    return np.array([[bool(p.labels), *(label in p.labels for label in LABELS)] for p in precedents], np.float32)


def _told(step: str) -> None:
    click.echo(f"拟合 / fitting: {step}", err=True)


@click.command("calibrate", cls=Command)
@click.option("--load", type=click.FloatRange(0.001, 0.5), default=0.09, help="允许的误报率 / stated review load")
@click.option("--out", type=Written(), help="写到哪里 / where the heads go (default: the station)")
@click.option("--dry-run", is_flag=True, help="只打印质量，不写 / print the quality, write nothing")
@click.pass_context
def command(ctx: click.Context, load: float, out: Path | None, dry_run: bool) -> None:
    """用先例重新拟合判读 / Fit the judge on the precedents; prints cross-validated quality."""
    config = station.config(ctx)
    library = load_library(config.precedents)
    reading, hashes = open_reading(config)
    own = {p.id for p in load_library(config.precedents[-1:]).precedents}
    kept = read_all(reading, library.precedents, "|".join(hashes.values()), own)
    _told("词元的主轴 / principal axes of the tokens")
    examples = examples_of(library.precedents, kept)
    del kept
    about = {**hashes, "library_sha256": library.sha256}
    heads, judged = fit(examples, about, load, _told)
    target = out or config.fitted[0] / config.judge / "heads.safetensors"
    if not dry_run:
        with station.log().run(heads_fitted(config.judge, about)):
            durable.make_folders(target.parent)
            save(heads, target)
    overlaps = touched(examples, library.precedents)
    for how, outputs in (("every one read twice", heads.outcomes), ("with what a glance settles", judged)):
        scored = [
            Scored(p.id, p.pair, p.labels, row, row[0] >= heads.threshold, touched=overlap)
            for p, row, overlap in zip(library.precedents, outputs, overlaps, strict=True)
        ]
        click.echo(f"{config.judge}: {len(examples.ids)} precedents, grouped cross-validation, {how}")
        click.echo(summary(scored))
    click.echo(
        f"threshold {heads.fitted.threshold:.3f} (review load {heads.fitted.review_load:.1%}) -> {target}", err=True
    )
