"""`reviewer eval`: run the whole pipeline over labelled drafts and print what was caught and what cried wolf."""

import contextlib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from reviewer.assemble import Config, Station
from reviewer.audit.events import evaluated
from reviewer.cli import station
from reviewer.cli.confined import Command, Written
from reviewer.cli.progress import progress
from reviewer.draft import Channel, Draft, Span
from reviewer.errors import ReadError
from reviewer.finding import Finding, Stage
from reviewer.index import Key, Store
from reviewer.match.registered import named
from reviewer.match.source import Source
from reviewer.measure import Scored, interval, summary, tabled, touches
from reviewer.normalise import fold
from reviewer.precedents import LABELS
from reviewer.readers import from_text
from reviewer.reports.visible import visible
from reviewer.review import Runner
from reviewer.verdict import Decision, Review

Row = Mapping[str, Any]
Spans = Callable[[str, Channel], Sequence[Span]]
"""What is taken out of a text."""

RULES = (
    "mark.",
    "number.",
    "title.",
    "draft.",
    "identifier.",
    "site.",
    "list.word",
    "disguise.word",
    "disguise.number",
)
"""Beginnings of the rules that find marks, numbers and registered words, also disguised ones."""
KEPT = ("mark.covered",)
"""A sentence that asks to hide a mark; the words in it are taken out alone."""

WORDS = re.compile(r"绝密|机密|秘密|涉密|保密|泄密|内部|商密|密级|讨论稿|征求意见稿|送审稿")
_N = "〇○零一二三四五六七八九十百千万亿两廿卅幺壹贰叁肆伍陆柒捌玖拾佰仟"
_UNIT = (
    "年月日号时点分秒元块毛万亿千百成倍吨斤克米里亩度家户人名位口个台辆架艘枚件份项条次批层楼栋室舱库站线处所座区"
    "班组排连营团旅军级类期季届岁天周页张"
)
NUMBERS = re.compile(
    r"\d+(?:[.,:/]\d+)*|[\u2460-\u249b\u3220-\u3229]"
    rf"|第[{_N}]+|(?!(?:万一|一一|千万)(?![{_N}]))[{_N}]{{2,}}|(?!十分(?![钟之]))[二三四五六七八九十两](?=[{_UNIT}])"
    r"|一(?=[年月日号元成吨斤亩层楼栋班组区级类期季批])|(?:(?<=周)|(?<=星期)|(?<=礼拜))[一二三四五六]"
)
"""Numbers in digits, and in Chinese numerals where several stand together or one counts or dates something."""


@click.command("eval", cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--store", type=Written(), help="密件索引 / index store")
@click.option("--stripped", is_flag=True, help="先去掉标志、数字和词 / without marks, numbers and words")
@click.option("--pooled", is_flag=True, help="再加一张合计表 / one more table, of all files together")
@click.option("--errors", is_flag=True, help="列出判错的编号 / list the ids that came out wrong")
@click.pass_context
def command(
    ctx: click.Context, files: tuple[Path, ...], store: Path | None, stripped: bool, pooled: bool, errors: bool
) -> None:
    """用标注草稿测量 / Measure on FILES of labelled drafts, one table a file.

    A line is {"id", "text", "channel"?, "labels"?, "verdict"?, "evidence"?, "pair"?, "tags"?}.
    """
    read = {file: _rows(file) for file in files}
    config = station.config(ctx, store)
    chosen = Station(config, (Stage.DETECT, Stage.MATCH, Stage.JUDGE), station.settings().judge_timeout_s)
    if stripped:
        with _marks(chosen.detect, config) as spans:
            read = {file: [_without(row, spans) for row in rows] for file, rows in read.items()}
    many = sum(map(len, read.values()))
    done: dict[Path, list[tuple[Row, Review]]] = {file: [] for file in read}
    with station.log().run(evaluated(many)):
        try:
            chosen.warm()
            with progress(many, config.lang, quiet=False) as step:
                for file, row in step([(file, row) for file, rows in read.items() for row in rows]):
                    draft = from_text(row["text"], row["channel"], row["id"])
                    done[file].append((row, chosen.reviewer.review(draft)))
        finally:
            chosen.engine.close()
    click.echo(f"judge {config.judge}, embedder {config.embedder}, store {'yes' if config.store else 'none'}")
    tables = [(file.name, rows) for file, rows in done.items()]
    if pooled:
        tables.append(("all files together", [row for rows in done.values() for row in rows]))
    for name, rows in tables:
        said = f"  [stripped; pairs that leaves alike: {_alike(rows)}]" if stripped else ""
        click.echo(f"\n{len(rows)} drafts from {visible(name)}{said}")
        click.echo(_table(rows, chosen.regulations.labels))
        if errors:
            wrong = [r["id"] for r, v in rows if (v.decision is not Decision.PASS) != bool(r.get("labels"))]
            click.echo(f"wrong: {visible(' '.join(wrong))}")


def _rows(file: Path) -> Sequence[Row]:
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


@contextlib.contextmanager
def _marks(detect: Runner, config: Config) -> Iterator[Spans]:
    """Finds marks, numbers, words, and what of the index a draft names. Raises `StoreError`."""
    with contextlib.ExitStack() as held:
        store = None
        if config.store is not None:
            key = Key(file=config.key_file, passphrase=config.passphrase)
            store = held.enter_context(contextlib.closing(Store.open(config.store, key, managing=config.managing)))

        def spans(text: str, channel: Channel) -> list[Span]:
            folded = fold(text)
            found = detect(Draft(text=text, channel=channel), folded, ()).findings
            marked = [f.span for f in found if f.rule.startswith(RULES) and f.rule not in KEPT]
            written = [folded.to_draft(*m.span()) for p in (WORDS, NUMBERS) for m in p.finditer(folded.text)]
            source = Source.of(folded)
            return [*marked, *written, *(source.span(n.start, n.stop) for n in (named(source, store) if store else ()))]

        yield spans


def _without(row: Row, spans: Spans) -> Row:
    """Without what `spans` finds, also in what is left; evidence of which nothing is left is no evidence."""
    kept = list(range(len(row["text"])))
    while found := [s for s in spans("".join(row["text"][i] for i in kept), row["channel"]) if s[0] < s[1]]:
        gone = {place for start, end in found for place in range(start, end)}
        kept = [i for place, i in enumerate(kept) if place not in gone]
    left = [_left(row["text"], kept, quote) for quote in row.get("evidence") or ()]
    return {**row, "text": "".join(row["text"][i] for i in kept), "evidence": [quote for quote in left if quote]}


def _left(text: str, kept: Sequence[int], quote: str) -> str:
    """What of a quote is among the characters `kept`, at that of its places where most is."""
    places = [m.span() for m in re.finditer(re.escape(quote), text)]
    return max(("".join(text[i] for i in kept if a <= i < b).strip() for a, b in places), key=len, default="")


def _alike(done: Sequence[tuple[Row, Review]]) -> int:
    """Pairs whose two sides are the same text: one of the two must come out wrong."""
    sides = [(row["pair"], row["text"]) for row, _ in done if row.get("pair")]
    return len(sides) - len(set(sides))


def _table(done: Sequence[tuple[Row, Review]], labels: Mapping[str, str]) -> str:
    """The figures of the finished reviews, and how many are not; `labels` by the id of a clause."""
    finished = [(row, review) for row, review in done if not review.unfinished]
    exact = [v.decision.value == r["verdict"] for r, v in finished if r.get("verdict")]
    times = sorted(sum(v.timings_ms.values()) for _, v in done)
    longest = times[math.ceil(len(times) * 0.95) - 1]
    return "\n".join(
        (
            summary([_scored(row, review, labels) for row, review in finished]),
            tabled("verdict exact", interval(sum(exact), len(exact))),
            tabled("unfinished", str(len(done) - len(finished))),
            tabled("time a draft", f"median {times[len(times) // 2]} ms, 95 % {longest} ms"),
        )
    )


def _scored(row: Row, review: Review, labels: Mapping[str, str]) -> Scored:
    outputs = None
    if review.probability:
        p = [review.probability.violation, *(review.probability.clauses.get(label, 0.0) for label in LABELS)]
        clipped = np.clip(np.array(p), 1e-4, 1 - 1e-4)
        outputs = np.log(clipped / (1 - clipped)).astype(np.float32)
    serious = [f for f in review.findings if f.severity.rank]
    judged = [f for f in serious if f.stage is Stage.JUDGE]
    return Scored(
        id=row["id"],
        pair=row.get("pair"),
        labels=tuple(row.get("labels") or ()),
        outputs=outputs,
        flagged=review.decision is not Decision.PASS,
        shown=_label(serious, labels),
        judged=_label(judged, labels),
        touched=_touched(row, review) if row.get("evidence") else None,
        injected="injection" in (row.get("tags") or ()),
    )


def _label(findings: Sequence[Finding], labels: Mapping[str, str]) -> str:
    """The label of what the first of them cites; empty where there is none or it cites none."""
    clause = findings[0].clause if findings else None
    return labels.get(clause.id, clause.id) if clause else ""


def _touched(row: Row, review: Review) -> bool:
    """Whether any serious finding's words touch any labelled evidence of the text that was reviewed."""
    return any(touches(row["text"], row["evidence"], *f.span) for f in review.findings if f.severity.rank)
