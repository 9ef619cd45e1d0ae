"""`reviewer audit`: is the log whole, what does it say, and what goes into the paper register."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

from reviewer.audit import Fault, Record, Report, State, from_paper, records, verify
from reviewer.audit.events import first_key_taken, plain
from reviewer.cli import station
from reviewer.cli.confined import Group
from reviewer.draft import Lang
from reviewer.errors import AuditError, WriteError, why
from reviewer.readers import read_whole
from reviewer.reports.visible import visible

STATES: Mapping[State, tuple[str, str]] = {
    State.SOUND: ("完好", "SOUND"),
    State.BROKEN: ("已损坏", "BROKEN"),
    State.UNKNOWN: ("无法判断", "CANNOT TELL"),
}

FAULTS: Mapping[Fault, tuple[str, str]] = {
    Fault.LINE: ("有一行不是本程序写的记录", "a line is no record of this program"),
    Fault.NEWER: (
        "记录、检查点或者密钥自称由更新版本的程序写成：请升级后再核对，否则即为改动",
        "a record, a checkpoint or the keys say that a newer version wrote them: update this program and verify again;"
        " else they were altered",
    ),
    Fault.SEQUENCE: ("有记录缺失、重复或者次序不对", "a record is missing, doubled or out of order"),
    Fault.CHAIN: ("记录接不上前一条：被改、被换或者被删", "a record does not follow the one before it"),
    Fault.EPOCH: ("记录自称的密钥期不可能", "a record claims a key epoch that cannot be"),
    Fault.SEAL: ("记录的密钥摘要不对", "a record's keyed digest is wrong"),
    Fault.SEGMENT: ("日志缺少一个文件", "a file of the log is missing"),
    Fault.KEYS: ("本站密钥损坏、缺失或者比日志旧", "the station's keys are damaged, missing or older than the log"),
    Fault.FIRST_KEY: ("给出的首期密钥不属于这份日志", "the first key that was given is another log's"),
    Fault.CHECKPOINT: ("检查点被改，或者不是本站签的", "a checkpoint was altered or is not this station's"),
    Fault.REWRITTEN: ("记录与检查点不符", "a record is not the one a checkpoint was made of"),
    Fault.CUT: ("检查点之后的记录被截掉", "the log ends before a checkpoint: its tail was cut off"),
    Fault.CODE: ("日志里没有登记本上的这个校验码", "the log does not hold the code of the paper register"),
    Fault.NO_LOG: ("没有日志", "there is no log"),
    Fault.NO_KEY: (
        "首期密钥已由保密员取走：较早的密钥期只查了次序，请用 --key-file 给出",
        "the first key was taken away: earlier epochs were checked by the chain only; give it with --key-file",
    ),
    Fault.NO_CHECKPOINT: (
        "次序完好，末尾无法证明：没有检查点",
        "order sound, end not provable: there is no checkpoint",
    ),
}

KINDS: Mapping[str, str] = {
    "log.opened": "建立日志",
    "log.recovered": "修去残行",
    "log.rotated": "换新文件",
    "epoch.end": "密钥期结束",
    "clock.jump": "时钟跳变",
    "key.taken": "取走首期密钥",
    "start": "开始",
    "review": "审查结论",
    "override": "须送审仍复制",
    "report": "写出报告",
    "eval": "批量测量",
    "index.add": "索引增加",
    "index.remove": "索引移除",
    "index.show": "查看索引",
    "index.protect": "索引设管理口令",
    "index.export": "索引导出",
    "index.import": "索引导入",
    "index.state": "索引现状",
    "precedent.add": "增加先例",
    "precedent.remove": "删除先例",
    "bundle.apply": "启用更新包",
    "bundle.refused": "拒绝更新包",
    "bundle.rollback": "退回更新包",
    "model.import": "导入模型",
    "model.fetch": "下载模型",
    "model.calibrate": "重新拟合",
}

KEY = click.option(
    "--key-file", type=click.File("r"), help="首期密钥，- 为标准输入 / file with the first key, - for standard input"
)


@click.group("audit", cls=Group)
def command() -> None:
    """审计记录 / The audit log. It holds no draft, no name and no file name."""


@command.command("verify")
@KEY
@click.option("--code", "codes", multiple=True, help="登记本上的校验码 / code of the paper register")
@station.TEXT_OR_JSON
@click.pass_context
def verify_(ctx: click.Context, key_file: TextIO | None, codes: tuple[str, ...], form: str) -> int:
    """核验 / Check every record. Exit status 0 sound, 1 broken, 2 cannot tell."""
    lang, folder = station.language(ctx), station.log().folder
    try:
        report = verify(folder, _key(key_file), codes)
    except AuditError as exc:
        click.echo(f"reviewer: {visible(str(exc), lines=True)}", err=True)
        return State.UNKNOWN
    click.echo(_json(report) if form == "json" else _text(report, lang))
    return report.state


@command.command("show")
@click.option("--last", type=click.IntRange(0), default=20, help="最后几条，0 为全部 / how many, 0 for all")
@click.option("--kind", help="只列一类 / only this kind")
@click.option("--draft", type=click.Path(dir_okay=False, path_type=Path), help="只列关于这份草稿的 / about this draft")
@KEY
@station.TEXT_OR_JSON
@click.pass_context
def show(
    ctx: click.Context,
    last: int,
    kind: str | None,
    draft: Path | None,
    key_file: TextIO | None,
    form: str,
) -> None:
    """列出 / What was recorded, unchecked; with --draft the records about that file's text."""
    lang, log = station.language(ctx), station.log()
    wanted = log.digests(plain(read_whole(draft)), _key(key_file)) if draft else None
    found = [
        r
        for r in records(log.folder)
        if kind in (None, r.kind) and (wanted is None or r.facts.get("draft") == wanted.get(r.epoch, ""))
    ]
    for record in found[-last:] if last else found:
        click.echo(record.line.decode() if form == "json" else _line(record, lang))


@command.command("checkpoint")
@click.pass_context
def checkpoint(ctx: click.Context) -> None:
    """检查点 / Sign the log as it ends now and print the code for the paper register."""
    click.echo(station.log().checkpoint().code)
    click.echo(
        station.language(ctx).pick(
            "把这一行连同日期写进登记本；以后用 reviewer audit verify --code 核验。",
            "Write this line with the date into the register; check it later with `reviewer audit verify --code`.",
        ),
        err=True,
    )


@command.command("key")
@click.option("--yes", is_flag=True, help="不再询问 / do not ask")
@click.pass_context
def key(ctx: click.Context, yes: bool) -> None:
    """首期密钥 / Print the log's first key once and destroy it here; the officer keeps it on paper."""
    lang = station.language(ctx)
    if not yes:
        click.confirm(
            lang.pick(
                "密钥只显示这一次，随后在本机销毁。现在由保密员抄录？",
                "It is shown once and then destroyed here. Does the officer copy it down now?",
            ),
            abort=True,
            err=True,
        )
    station.log().take_first_key(first_key_taken(), _show)


def _show(paper: str) -> None:
    """Print the first key and see that it went out. Raises `WriteError`."""
    try:
        click.echo(paper)
    except OSError as exc:
        raise WriteError(
            f"首期密钥没有显示出来，仍在本机 / the first key was not shown and is still here: {why(exc)}",
            "再取一次 / take it again",
        ) from exc


def _key(file: TextIO | None) -> bytes | None:
    return from_paper(file.read()) if file else None


def _json(report: Report) -> str:
    return json.dumps(
        {
            "state": report.state.name.lower(),
            "faults": [f.value for f in report.faults],
            "seq": report.seq,
            "origin": report.origin,
            "proven": report.proven,
            "torn": report.torn,
            "epochs": report.epochs,
            "recovered": report.recovered,
            "clock_jumps": report.jumps,
        }
    )


def _text(report: Report, lang: Lang) -> str:
    return visible("\n".join(_sentences(report, lang)), lines=True)


def _sentences(report: Report, lang: Lang) -> Iterator[str]:
    yield f"{lang.pick('审计记录', 'audit log')}{lang.pick('：', ': ')}{lang.pick(*STATES[report.state])}"
    for fault in report.faults:
        where = lang.pick(f"第 {report.seq} 条：", f"record {report.seq}: ") if report.state is State.BROKEN else ""
        yield f"{where}{lang.pick(*FAULTS[fault])}"
    if report.state is State.BROKEN or not report.seq:
        return
    since, until = _time(report.first_t), _time(report.last_t)
    yield lang.pick(
        f"共 {report.seq} 条，{since} 至 {until}，密钥期 {report.epochs} 个，日志编号 {report.origin}",
        f"{report.seq} records, {since} to {until}, {report.epochs} key epochs, log {report.origin}",
    )
    if report.proven:
        after = report.seq - report.proven
        yield lang.pick(
            f"末尾可证明到第 {report.proven} 条；其后有 {after} 条，再往后是否被截，本机无法证明",
            f"the end is proven up to record {report.proven}; {after} follow; whether more did, nobody can prove here",
        )
    if report.torn:
        yield lang.pick(
            f"末行有 {report.torn} 字节没有写完，其结论没有显示过；下次写入时修去",
            f"{report.torn} bytes of an unfinished line whose verdict was never shown; the next record takes them off",
        )
    if report.recovered or report.jumps:
        yield lang.pick(
            f"修去残行 {report.recovered} 次，时钟跳变 {report.jumps} 次",
            f"torn lines taken off: {report.recovered}, clock jumps: {report.jumps}",
        )


def _line(record: Record, lang: Lang) -> str:
    kind = lang.pick(KINDS.get(record.kind, record.kind), record.kind)
    facts = " ".join(f"{name}={_fact(value)}" for name, value in record.facts.items() if value not in ({}, [], None))
    return visible(f"{record.seq:>6}  {_time(record.moment.t)}  {kind}  {facts}")


def _fact(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{k}:{_word(v)}" for k, v in value.items())
    return ",".join(map(_word, value)) if isinstance(value, list) else _word(value)


def _word(value: object) -> str:
    text = str(value).removeprefix("sha256:")
    return text[:12] if len(text) == 64 else text


def _time(t: int) -> str:
    """A record's time; of an altered one that names none, the number."""
    try:
        return datetime.fromtimestamp(t / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return str(t)
