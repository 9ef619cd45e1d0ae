"""`reviewer watch`: reviews what is copied, as soon as it is copied, and warns before it is pasted."""

from pathlib import Path

import click

from reviewer.assemble import STAGES, Station
from reviewer.audit.events import reviewed, started
from reviewer.cli import front, station
from reviewer.cli.confined import Command, Written
from reviewer.cli.waiting import waiting
from reviewer.clipboard import Watcher
from reviewer.draft import Channel
from reviewer.readers import from_text
from reviewer.reports import plain
from reviewer.reports.record import digest
from reviewer.verdict import Decision

BESIDE = (
    "未检查：剪贴板上文字以外的内容（图片、其他格式）",
    "Not examined: what the clipboard holds besides text (pictures, other formats)",
)
"""What no review here is of."""

GONE = (
    "剪贴板上已不是文字；若是图片或文件，未检查，粘贴前先送保密审查",
    "The clipboard no longer holds text; a picture or a file is not examined: have it reviewed before you paste it",
)
"""What is said of what nobody can review."""

UNREAD = (
    "剪贴板读不出来，刚复制的内容未检查，粘贴前先送保密审查",
    "The clipboard cannot be read: what was copied is not examined, have it reviewed before you paste it",
)
"""What is said of a text that is there and cannot be read, once until something is."""


@click.command("watch", cls=Command)
@click.option(
    "--channel",
    type=click.Choice([c.value for c in Channel]),
    default=Channel.WECHAT_GROUP.value,
    help="要粘贴到的渠道 / channel it will be pasted to",
)
@click.option("--store", type=Written(), help="密件索引 / index store")
@click.pass_context
def command(ctx: click.Context, channel: str, store: Path | None) -> None:
    """盯住剪贴板 / Review every text that is copied, and warn before it is pasted; Ctrl-C ends it."""
    clipboard = Watcher()
    try:
        front.enter(ctx)
        config = station.config(ctx, store)
        chosen = Station(config, STAGES, station.settings().judge_timeout_s)
        log = station.log()
        with log.run(started("watch")):
            try:
                clipboard.look()
                with waiting(config.lang.pick("正在载入模型", "loading the models")):
                    chosen.warm()
                click.echo(
                    config.lang.pick("正在盯住剪贴板，Ctrl-C 结束", "watching the clipboard, Ctrl-C ends it"), err=True
                )
                click.echo(config.lang.pick(*BESIDE), err=True)
                for text in clipboard.texts():
                    if not text:
                        click.echo(config.lang.pick(*(UNREAD if text is None else GONE)))
                        continue
                    wait = config.lang.pick(
                        "正在审查刚复制的内容，先别粘贴……", "reviewing what was copied, do not paste yet"
                    )
                    click.echo(wait, err=True)
                    draft = from_text(text, Channel(channel), lang=config.lang)
                    review = chosen.reviewer.review(draft)
                    log.append(reviewed(draft, review, digest(review), "clipboard"))
                    said = plain.render(draft, review, config.lang, chosen.regulations.by_id, chosen.rules)
                    bell = "" if review.decision is Decision.PASS else "\a"
                    click.echo(f"{bell}{said}\n{config.lang.pick(*BESIDE)}")
            finally:
                chosen.engine.close()
    finally:
        clipboard.close()
