"""`reviewer index`: build and keep the encrypted index of classified documents."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from reviewer.audit.events import index_state, indexed
from reviewer.cli import filling, holdings, keyring, station
from reviewer.cli.confined import Group, Written
from reviewer.cli.keyring import CARRIED, KEY, MANAGING, STORE
from reviewer.errors import StoreError
from reviewer.index import export, take_in
from reviewer.reports.visible import visible

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("index", cls=Group)
def command() -> None:
    """密件索引 / The index of classified documents."""


@command.command("build")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="docs.jsonl")
@STORE
@KEY
@MANAGING
def build(
    directory: Path, manifest: Path | None, store: Path | None, key_file: Path | None, managing_file: Path | None
) -> int:
    """新建或续建 / Build a store from DIR; run again to resume or to bring it up to date."""
    listed = holdings.from_manifest(directory, manifest) if manifest else holdings.from_directory(directory)
    return filling.fill(listed, keyring.unlock(store, key_file, managing_file))


@command.command("add")
@FILES
@click.option("--level", default="", help="密级 / level (default: from the mark in the text)")
@click.option("--title", default="", help="标题 / title")
@click.option("--number", default="", help="文号 / number")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="保密期限届满日 YYYY-MM-DD / day its period ends")
@STORE
@KEY
@MANAGING
def add(
    files: tuple[Path, ...],
    level: str,
    title: str,
    number: str,
    expires: datetime | None,
    store: Path | None,
    key_file: Path | None,
    managing_file: Path | None,
) -> int:
    """加入文件 / Add FILES; a document of the same name is replaced."""
    day = expires.date().isoformat() if expires else ""
    given = holdings.Holding(doc="", file=Path(), level=level, title=title, number=number, expires=day)
    return filling.fill(holdings.from_files(files, given), keyring.unlock(store, key_file, managing_file))


@command.command("remove")
@click.argument("docs", nargs=-1, required=True)
@STORE
@KEY
@MANAGING
def remove(docs: Sequence[str], store: Path | None, key_file: Path | None, managing_file: Path | None) -> None:
    """移除 / Remove documents by id."""
    log = station.log()
    with log.run(indexed("remove", docs)), keyring.managed(keyring.unlock(store, key_file, managing_file)) as opened:
        missing = [doc for doc in docs if not opened.remove(doc)]
        log.append(index_state(opened.stats()))
    if missing:
        raise StoreError(f"索引里没有 / not in the index: {', '.join(missing)}", "see `reviewer index list`")


@command.command("list")
@STORE
@KEY
def list_(store: Path | None, key_file: Path | None) -> None:
    """列出 / Id, level, length and period of every document, never its title or text."""
    with keyring.reviewed(keyring.unlock(store, key_file)) as opened:
        for entry in opened.entries():
            click.echo(f"{visible(entry.doc)}\t{visible(entry.level)}\t{entry.length}\t{visible(entry.expires)}")


@command.command("show")
@click.argument("doc")
@STORE
@KEY
@MANAGING
def show(doc: str, store: Path | None, key_file: Path | None, managing_file: Path | None) -> None:
    """查看 / A document's title, number and text; in a protected store for the managing role only."""
    unlocking = keyring.unlock(store, key_file, managing_file)
    with station.log().run(indexed("show", [doc])), keyring.reviewed(unlocking, texts=True) as opened:
        found = opened.document(doc)
    if found is None:
        raise StoreError(f"索引里没有 / not in the index: {doc}", "see `reviewer index list`")
    for line in (found.level, found.title, found.number, found.expires):
        click.echo(visible(line))
    click.echo(visible(found.text, lines=True))


@command.command("stats")
@STORE
@KEY
def stats(store: Path | None, key_file: Path | None) -> None:
    """统计 / How much is stored."""
    with keyring.reviewed(keyring.unlock(store, key_file)) as opened:
        click.echo(json.dumps(opened.stats()))


@command.command("verify")
@STORE
@KEY
@click.option("--managing-file", type=click.Path(path_type=Path), help="管理口令文件 / check the texts, too")
def verify(store: Path | None, key_file: Path | None, managing_file: Path | None) -> None:
    """校验 / Read every page and row; a damaged store is an error."""
    with keyring.reviewed(keyring.unlock(store, key_file, managing_file)) as opened:
        opened.verify()
    click.echo("ok")


@command.command("protect")
@STORE
@KEY
@MANAGING
@click.option("--new-file", type=click.Path(path_type=Path), help="新管理口令文件 / file with the new passphrase")
def protect(store: Path | None, key_file: Path | None, managing_file: Path | None, new_file: Path | None) -> None:
    """设管理口令 / Set or change the managing passphrase: without it the texts can be matched, not read or changed."""
    unlocking = keyring.unlock(store, key_file, managing_file)
    with station.log().run(indexed("protect", ())), keyring.managed(unlocking) as opened:
        opened.protect(keyring.passphrase(new_file, "REVIEWER_NEW_PASSPHRASE", "新管理口令 / new managing passphrase"))


@command.command("export")
@click.argument("target", type=Written())
@STORE
@KEY
@CARRIED
def export_(target: Path, store: Path | None, key_file: Path | None, passphrase_file: Path | None) -> None:
    """导出 / Write a checked copy for another station, encrypted under a passphrase of its own."""
    unlocking = keyring.unlock(store, key_file)
    carried = keyring.carried(passphrase_file, new=True)
    with station.log().run(indexed("export", ())):
        export(unlocking.path, unlocking.key, target, carried)


@command.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@STORE
@KEY
@CARRIED
@click.option("--replace", is_flag=True, help="替换本机原有索引 / replace the index that is here")
def import_(
    source: Path, store: Path | None, key_file: Path | None, passphrase_file: Path | None, replace: bool
) -> None:
    """导入 / Take in an exported copy as this station's index; it is checked first."""
    unlocking = keyring.unlock(store, key_file)
    carried = keyring.carried(passphrase_file)
    log = station.log()
    with log.run(indexed("import", ())):
        take_in(source, carried, unlocking.path, unlocking.key, replace=replace)
        with keyring.reviewed(unlocking) as opened:
            log.append(index_state(opened.stats()))
    click.echo(f"{unlocking.path.name}: ok", file=sys.stderr)
