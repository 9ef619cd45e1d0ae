"""`reviewer eval`: run the whole pipeline over labelled drafts and print what was caught and what cried wolf."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from reviewer.assemble import Station
from reviewer.audit.events import evaluated
from reviewer.cli import station
from reviewer.cli.confined import Command, Written
from reviewer.cli.progress import progress
from reviewer.draft import Channel
from reviewer.errors import ReadError
from reviewer.finding import Stage
from reviewer.measure import Scored, interval, summary
from reviewer.precedents import LABELS
from reviewer.readers import from_text
from reviewer.reports.visible import visible
from reviewer.verdict import Decision, Review

MARKS = re.compile(
    r"[“\"]?(?:绝|机|秘)\s*密\s*[★☆*▲△][^，。；\s”\"]{0,8}[”\"]?|绝密|机密|秘密|涉密|保密|泄密|内部|工作秘密|商密|密级|讨论稿|征求意见稿|送审稿"
    r"|[一-龥]{1,8}[〔\[(（]\d{4}[〕\])）]\d+号|\d{17}[\dXx]|1[3-9]\d{9}|\d+"
)
"""Marks, registered words and numbers, taken out for the row that shows what is left without them."""


@click.command("eval", cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--store", type=Written(), help="密件索引 / index store")
@click.option("--stripped", is_flag=True, help="先去掉标志、数字和词 / without marks, numbers and words")
@click.option("--errors", is_flag=True, help="列出判错的编号 / list the ids that came out wrong")
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], store: Path | None, stripped: bool, errors: bool) -> None:
    """用标注草稿测量 / Measure on FILES of {"id","text","channel"?,"labels"?,"pair"?,"evidence"?} lines."""
    rows = [_stripped(row) if stripped else row for file in files for row in _rows(file)]
    config = station.config(ctx, store)
    chosen = Station(config, (Stage.DETECT, Stage.MATCH, Stage.JUDGE), station.settings().judge_timeout_s)
    with station.log().run(evaluated(len(rows))):
        try:
            chosen.warm()
            with progress(len(rows), config.lang, quiet=False) as step:
                drafts = ((r, from_text(r["text"], r["channel"], r["id"])) for r in step(rows))
                done = [(row, chosen.reviewer.review(draft)) for row, draft in drafts]
        finally:
            chosen.engine.close()
    click.echo(
        f"{len(rows)} drafts from {', '.join(visible(f.name) for f in files)}" + ("  [stripped]" if stripped else "")
    )
    click.echo(f"judge {config.judge}, embedder {config.embedder}, store {'yes' if config.store else 'none'}")
    click.echo(_table(done))
    if errors:
        wrong = [r["id"] for r, v in done if (v.decision is not Decision.PASS) != bool(r.get("labels"))]
        click.echo(f"wrong: {visible(' '.join(wrong))}")


def _rows(file: Path) -> Sequence[Mapping[str, Any]]:
    rows = []
    for number, line in enumerate(file.read_bytes().rstrip(b"\n").split(b"\n"), 1):
        try:
            row = json.loads(line)
            channel = Channel(row.get("channel") or Channel.WECHAT_GROUP)
            rows.append({**row, "id": str(row["id"]), "text": str(row["text"]), "channel": channel})
        except (ValueError, KeyError, RecursionError, TypeError, AttributeError) as exc:
            raise ReadError(
                f"{file.name}:{number}: 不是带标签的草稿 / not a labelled draft", '给 / give {"id", "text", "labels"}'
            ) from exc
    return rows


def _stripped(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without marks, numbers and words; evidence of which nothing is left is no evidence."""
    evidence = [left for quote in row.get("evidence") or () if (left := MARKS.sub("", quote))]
    return {**row, "text": MARKS.sub("", row["text"]), "evidence": evidence}


def _table(done: Sequence[tuple[Mapping[str, Any], Review]]) -> str:
    scored = []
    for row, review in done:
        outputs = None
        if review.probability:
            p = [review.probability.violation, *(review.probability.clauses.get(label, 0.0) for label in LABELS)]
            clipped = np.clip(np.array(p), 1e-4, 1 - 1e-4)
            outputs = np.log(clipped / (1 - clipped)).astype(np.float32)
        flagged = review.decision is not Decision.PASS
        scored.append(Scored(row["id"], row.get("pair"), tuple(row.get("labels") or ()), outputs, flagged))
    lines = [summary(scored)]
    bad = [(r, v) for r, v in done if r.get("labels")]
    first = sum(_first_clause(v) == r["labels"][0] for r, v in bad)
    lines.append(f"first finding     {interval(first, len(bad))}")
    quoted = [(r, v) for r, v in bad if r.get("evidence")]
    overlap = sum(_overlaps(r, v) for r, v in quoted)
    lines.append(f"evidence overlap  {interval(overlap, len(quoted))}")
    injected = [(r, v) for r, v in bad if "injection" in (r.get("tags") or ())]
    lines.append(
        f"injections caught {interval(sum(v.decision is not Decision.PASS for _, v in injected), len(injected))}"
    )
    exact = [(r, v) for r, v in done if r.get("verdict")]
    lines.append(f"verdict exact     {interval(sum(v.decision.value == r['verdict'] for r, v in exact), len(exact))}")
    unfinished = sum(bool(v.unfinished) for _, v in done)
    times = sorted(sum(v.timings_ms.values()) for _, v in done)
    lines.append(f"unfinished        {unfinished}")
    lines.append(
        f"time a draft      median {times[len(times) // 2]} ms, 95 % {times[math.ceil(len(times) * 0.95) - 1]} ms"
    )
    return "\n".join(lines)


def _first_clause(review: Review) -> str:
    """The clause of the worst finding; what the judge holds most likely, where rules found several."""
    serious = [f for f in review.findings if f.severity.rank and f.clause]
    judged = [f for f in serious if f.stage is Stage.JUDGE]
    ranked = judged or serious
    return ranked[0].clause.id if ranked and ranked[0].clause else ""


def _overlaps(row: Mapping[str, Any], review: Review) -> bool:
    """Whether any serious finding's words touch any labelled evidence of the text that was reviewed."""
    spans = []
    for quote in row["evidence"]:
        at = row["text"].find(quote)
        if at >= 0:
            spans.append((at, at + len(quote)))
    return any(a < f.span[1] and f.span[0] < b for f in review.findings if f.severity.rank for a, b in spans)
