"""`reviewer replay`: review a draft again from its record and say whether the same comes out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reviewer.assemble import Station
from reviewer.audit.events import reviewed, started
from reviewer.cli import drafts, station
from reviewer.cli.confined import Command, Written
from reviewer.cli.exits import ExitCode
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import ReadError, SettingsError
from reviewer.finding import Stage
from reviewer.names import readings
from reviewer.replay import Outcome, compare, is_its_draft, read_record, stages_of
from reviewer.reports.record import digest
from reviewer.reports.visible import escaped, visible
from reviewer.verdict import Review


@click.command("replay", cls=Command)
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--draft", "draft_file", default="-", help="记录所审的草稿 / the draft of the record (default: stdin)")
@click.option(
    "--channel",
    type=click.Choice([c.value for c in Channel]),
    default=Channel.WECHAT_GROUP.value,
    help="记录里没有渠道时用 / channel of a record that was written without --keep",
)
@click.option("--store", type=Written(), help="密件索引 / index store")
@station.TEXT_OR_JSON
@click.pass_context
def command(ctx: click.Context, record: Path, draft_file: str, channel: str, store: Path | None, form: str) -> ExitCode:
    """按记录重审 / Review again from RECORD (one JSON of `check --keep`) and its draft.

    Stages and channel are the record's. Exit status 0 same, 1 different.
    """
    old = read_record(record)
    config = station.config(ctx, store)
    draft = _draft(draft_file, old, Channel(channel), config.lang)
    stages = stages_of(old)
    if Stage.MATCH in stages and config.store is None:
        raise SettingsError(
            "记录用过索引，现在没有 / the record was made with an index and there is none", "加上 / give --store"
        )
    chosen = Station(config, stages, station.settings().judge_timeout_s)
    station.use_service(ctx, chosen)
    log = station.log()
    with log.run(started("replay")):
        try:
            if chosen.heavy:
                chosen.warm()
            again = chosen.reviewer.review(draft.model_copy(update={"id": old.id}))
        finally:
            chosen.engine.close()
        log.append(reviewed(draft, again, digest(again), "replay"))
    old = old.model_copy(update={"draft": again.draft})
    outcome = compare(old, again)
    if form == "json":
        click.echo(escaped(json.dumps(_data(outcome, old, again), ensure_ascii=False)))
    else:
        click.echo("\n".join(_lines(outcome, old, again, config.lang)))
    return ExitCode.PASS if outcome.same else ExitCode.ERROR


def _draft(file: str, old: Review, channel: Channel, lang: Lang) -> Draft:
    """The draft of a record, with its name where that was reviewed. Raises `ReadError`."""
    (read,) = drafts.read([drafts.Input(drafts.given(file))], old.draft.channel if old.draft else channel, lang)
    if isinstance(read, ReadError):
        raise read
    for draft in readings(read, old.id):
        if is_its_draft(old, draft):
            return draft
    raise ReadError(
        "这不是记录里的那份草稿 / this is not the draft of the record",
        "给同样的文字，文件名不限 / give the same text; file names do not matter",
    )


def _data(outcome: Outcome, old: Review, again: Review) -> dict[str, Any]:
    return {"same": outcome.same, "record": digest(old), "replay": digest(again), **outcome.model_dump(mode="json")}


def _lines(outcome: Outcome, old: Review, again: Review, lang: Lang) -> Iterator[str]:
    record = lang.pick("记录", "record")
    if outcome.same:
        yield (
            lang.pick("相同：重审与记录一致", "same: the replay agrees with the record") + f"  [{record} {digest(old)}]"
        )
        return
    yield lang.pick("不同：", "different:") + f"  [{record} {digest(old)}]"
    for name, (was, now) in outcome.versions.items():
        yield f"  {lang.pick('版本', 'version')} {visible(name)}: {visible(was)} → {visible(now)}"
    for name, (was, now) in outcome.fields.items():
        if name == "findings":
            yield from (f"  - {_name(f)}" for f in was if f not in now)
            yield from (f"  + {_name(f)}" for f in now if f not in was)
        else:
            yield f"  {name}: {visible(json.dumps(was))} → {visible(json.dumps(now))}"


def _name(finding: dict[str, Any]) -> str:
    clause = (finding["clause"] or {}).get("id", "")
    span = "–".join(map(str, finding["span"]))
    return visible(f"{finding['rule']} {clause} {finding['severity']} {finding['confidence']:.4f} ({span})")
