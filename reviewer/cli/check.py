"""`reviewer check`: files, standard input, batches; data on stdout, narration on stderr."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from reviewer.assemble import Station
from reviewer.cli import station
from reviewer.cli.exits import ExitCode
from reviewer.draft import Channel, Draft
from reviewer.errors import ReadError
from reviewer.finding import Stage
from reviewer.readers import MAX_BYTES, from_text, read_bytes, read_file
from reviewer.reports import REPORTS

HEAVY = (Stage.MATCH, Stage.JUDGE)
CHANNELS = click.Choice([c.value for c in Channel])


def _stages(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[Stage, ...]:
    names = [n.strip() for n in value.split(",") if n.strip()]
    known = {s.value for s in (Stage.DETECT, *HEAVY)}
    if not names or set(names) - known:
        raise click.BadParameter(f"choose from {', '.join(sorted(known))}")
    return tuple(Stage(n) for n in dict.fromkeys(names))


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option("--channel", type=CHANNELS, default=Channel.WECHAT_GROUP.value, help="发送渠道 / channel")
@click.option("--format", "form", type=click.Choice(list(REPORTS)), default="text", help="输出格式 / output format")
@click.option("--stages", callback=_stages, default="detect,match,judge", help="检查哪些阶段 / which stages")
@click.option("--store", type=click.Path(path_type=Path), help="密件索引 / index store")
@click.option(
    "--batch", type=click.Path(path_type=Path), help='每行一个 {"id","text","channel"?} / one JSON draft a line'
)
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    channel: str,
    form: str,
    stages: tuple[Stage, ...],
    store: Path | None,
    batch: Path | None,
) -> int:
    """检查草稿 / Check drafts: FILEs, '-' or standard input. Exit status 0 pass, 10 review, 20 block."""
    if batch is not None and files:
        raise click.UsageError("--batch goes without files")
    config = station.config(ctx, store)
    chosen = Station(config, stages, station.settings().judge_timeout_s)
    drafts = _batch(batch, Channel(channel)) if batch is not None else _drafts(files, Channel(channel))
    render = REPORTS["json" if batch is not None else form]
    worst, failed = ExitCode.PASS, False
    try:
        if set(stages) & set(HEAVY):
            chosen.warm()
        for draft in drafts:
            if isinstance(draft, ReadError):
                click.echo(f"reviewer: {draft}", err=True)
                failed = True
                continue
            review = chosen.reviewer.review(draft)
            click.echo(render(draft, review, config.lang))
            worst = max(worst, ExitCode.of(review.decision))
    finally:
        chosen.engine.close()
    return ExitCode.ERROR if failed else worst


def _drafts(files: Sequence[str], channel: Channel) -> Iterator[Draft | ReadError]:
    for name in files or ("-",):
        try:
            if name == "-":
                yield read_bytes(sys.stdin.buffer.read(MAX_BYTES + 1), "stdin", channel)
            else:
                yield read_file(Path(name), channel)
        except ReadError as exc:
            yield exc


def _batch(path: Path, channel: Channel) -> Iterator[Draft | ReadError]:
    """Drafts of a JSON-lines file, in order; a line that is none is an error that names it."""
    try:
        stream = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    except OSError as exc:
        raise ReadError(f"{path}: {exc.strerror}", "check the file's name") from exc
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                way = Channel(row.get("channel") or channel)
                if not isinstance(row["text"], str):
                    raise TypeError("text is not a string")
                yield from_text(row["text"], way, str(row["id"]))
            except (ValueError, KeyError, TypeError, AttributeError) as exc:
                yield ReadError(f"{path.name}:{number}: not a draft: {exc!s:.80}", 'give {"id", "text", "channel"}')
