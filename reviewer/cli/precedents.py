"""`reviewer precedents`: the case law the judge is fitted on, and what the station adds to it."""

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import ValidationError

from reviewer import teaching
from reviewer.assemble import STAGES, Station
from reviewer.audit.events import precedent_added, precedents_removed, started
from reviewer.cli import station
from reviewer.cli.confined import Group
from reviewer.cli.drafts import STDIN, given
from reviewer.draft import Channel, Lang
from reviewer.errors import PrecedentError
from reviewer.precedents import LABELS, Precedent, load_library, refuse_known
from reviewer.readers import MAX_BYTES, read_bytes, read_whole, whole
from reviewer.reports.percent import percent
from reviewer.reports.visible import visible

CONTRADICTED = "（与本站其他先例矛盾）", " (contradicted by another station precedent)"
TOO_LONG = "（太长，不能学成可发送）", " (too long to be learnt as harmless)"


@contextlib.contextmanager
def _station(ctx: click.Context) -> Iterator[Station]:
    made = Station(station.config(ctx), STAGES, station.settings().judge_timeout_s)
    try:
        yield made
    finally:
        made.engine.close()


@click.group("precedents", cls=Group)
def command() -> None:
    """先例库 / Labelled drafts the judge learnt from."""


@command.command("list")
@click.option("--label", type=click.Choice(LABELS), help="只列某条款 / only one clause")
@click.option("--station", "own", is_flag=True, help="只列本站的 / only the station's own")
@click.pass_context
def list_(ctx: click.Context, label: str | None, own: bool) -> None:
    """列出 / Id, verdict, labels, channel and reason."""
    paths = station.config(ctx).precedents
    for p in load_library(paths[-1:] if own else paths).precedents:
        if label is None or label in p.labels:
            labels = ",".join(p.labels) or "-"
            click.echo(f"{visible(p.id)}\t{p.verdict.value}\t{labels}\t{p.channel.value}\t{visible(p.reason)}")


@command.command("test")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def test(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """校验 / Check the library, or FILES, and count what it holds."""
    library = load_library(files or station.config(ctx).precedents)
    counts = Counter(label for p in library.precedents for label in p.labels)
    harmless = sum(not p.labels for p in library.precedents)
    pairs = len(list(library.pairs()))
    click.echo(
        f"{len(library.precedents)} precedents, {harmless} harmless, {pairs} minimal pairs, sha256:{library.sha256}"
    )
    click.echo("  ".join(f"{label} {counts[label]}" for label in LABELS))


@command.command("add")
@click.argument("file", default="-", type=click.Path(exists=True, allow_dash=True, dir_okay=False))
@click.option("--label", type=click.Choice(LABELS), help="违反哪一条；不给就是可以发送 / clause; none: harmless")
@click.option("--reason", help="为什么 / why, one sentence")
@click.option("--evidence", default="", help="起决定作用的原话 / the deciding words of the draft")
@click.option(
    "--channel",
    type=click.Choice([c.value for c in Channel]),
    default=Channel.WECHAT_GROUP.value,
    help="发送渠道 / channel (default: wechat-group)",
)
@click.option("--yes", is_flag=True, help="不再询问 / keep without asking")
@click.pass_context
def add(
    ctx: click.Context, file: str, label: str | None, reason: str | None, evidence: str, channel: str, yes: bool
) -> None:
    """加入本站先例，立即生效 / Add FILE, one draft or a .jsonl of precedents, after showing what would change."""
    path = given(file)
    if path is None:
        _answerable(station.language(ctx), yes)
    with _station(ctx) as made:
        if path and path.suffix == ".jsonl":
            new = list(load_library([path]).precedents)
            refuse_known(new, load_library(made.config.precedents))
        else:
            text = read_whole(path) if path else _stdin()
            new = [_one(made, text.strip(), Channel(channel), label, evidence, reason or "")]
        _decide(made, teaching.preview(made, new), yes)
        log = station.log()
        with log.run(started("precedents")):
            for p in new:
                log.append(precedent_added(p.verdict.value, p.labels, p.text))
            _tell(made.config.lang, teaching.keep(made, new))
        click.echo("\n".join(visible(p.id) for p in new))


@command.command("remove")
@click.argument("ids", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="不再询问 / remove without asking")
@click.pass_context
def remove_(ctx: click.Context, ids: tuple[str, ...], yes: bool) -> None:
    """删去本站先例，立即生效 / Take precedents of the station away, after showing what would change."""
    with _station(ctx) as made:
        held = {p.id for p in load_library(made.config.precedents[-1:]).precedents}
        if absent := sorted(set(ids) - held):
            raise PrecedentError(
                f"本站没有先例 / the station has no precedent {absent[0]}", "reviewer precedents list --station"
            )
        _decide(made, teaching.preview(made, without=ids), yes)
        with station.log().run(precedents_removed(ids)):
            _tell(made.config.lang, teaching.keep(made, without=ids))


def _tell(lang: Lang, settled: bool) -> None:
    if not settled:
        click.echo(lang.pick(*teaching.UNSETTLED), err=True)


def _answerable(lang: Lang, yes: bool) -> None:
    """Raises `click.UsageError` where nobody can be asked and `--yes` is not given."""
    if not yes and not sys.stdin.isatty():
        raise click.UsageError(lang.pick("从管道读入时请加 --yes", "give --yes with piped input"))


def _stdin() -> str:
    """The text of standard input. Raises `ReadError`."""
    return whole(read_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), STDIN, Channel.EMAIL, Lang.EN))


def _one(made: Station, text: str, channel: Channel, label: str | None, evidence: str, reason: str) -> Precedent:
    try:
        return teaching.made(text, channel, label, evidence, reason, made.regulations)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"])) or "precedent"
        raise PrecedentError(
            f"{where}: {first['msg']}",
            "要有 --reason 和 10 到 1,200 字的草稿 / --reason, and a draft of 10 to 1,200 characters",
        ) from exc


def _decide(made: Station, preview: teaching.Preview, yes: bool) -> None:
    """Say on stderr what would change, and ask. Raises `click.Abort` for a no, `UsageError` without a terminal."""
    pick = made.config.lang.pick
    for c in preview.changes:
        still = "" if c.right else pick(*(TOO_LONG if c.too_long else CONTRADICTED))
        click.echo(f"{visible(c.id)}: {percent(c.before)} -> {percent(c.after)}{still}", err=True)
    better = sum(f.right for f in preview.flips)
    worse = len(preview.flips) - better
    head = f"先例库中 {len(preview.flips)} 条判断会变：{better} 条变对，{worse} 条变错"
    click.echo(pick(head, f"{len(preview.flips)} verdicts flip: {better} become right, {worse} wrong"), err=True)
    for f in preview.flips:
        now = pick("须送审", "review") if f.flagged else pick("可发送", "pass")
        click.echo(f"  {visible(f.id)} -> {now} {'✓' if f.right else '✗'}", err=True)
    _answerable(made.config.lang, yes)
    if not yes:
        click.confirm(pick("保存吗？", "Keep it?"), abort=True, err=True)
