"""`reviewer packs`: the regulation packs, shipped and the organisation's own, and which of them are in force."""

from datetime import date
from pathlib import Path

import click

from reviewer.bundle.manifest import Kind
from reviewer.cli import station
from reviewer.cli.confined import Group
from reviewer.detectors import rules
from reviewer.draft import Lang
from reviewer.errors import PackError
from reviewer.lists import load_lists
from reviewer.paths import PACKAGE, Home
from reviewer.regulations import Clause, Pack, load_pack, load_packs, load_regulations
from reviewer.reports.visible import visible

DIRECTORY = click.option(
    "--dir",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="本单位规定包所在目录 / folder of the organisation's own packs",
)


def _folders(folder: Path | None) -> tuple[Path, ...]:
    home = Home.from_environment()
    return PACKAGE / "packs", *home.brought(Kind.PACKS), folder or station.settings().packs_dir or home.packs


@click.group("packs", cls=Group)
def command() -> None:
    """规定包 / Regulation packs."""


@command.command("list")
@DIRECTORY
@click.pass_context
def list_(ctx: click.Context, folder: Path | None) -> None:
    """列出 / Every pack, whether it is in force, how many clauses it has; REVIEWER_PACKS chooses and orders them."""
    lang = station.language(ctx)
    folders = _folders(folder)
    packs = load_packs(folders).values()
    order = [p.id for p in load_regulations(folders, station.settings().packs).packs]
    for pack in sorted(packs, key=lambda p: order.index(p.id) if p.id in order else len(order)):
        state = lang.pick("启用", "on") if pack.id in order else lang.pick("停用", "off")
        click.echo(f"{pack.id}\t{state}\t{len(pack.clause)}\t{visible(lang.pick(pack.title, pack.title_en))}")


@command.command("show")
@click.argument("pack")
@DIRECTORY
@click.pass_context
def show(ctx: click.Context, pack: str, folder: Path | None) -> None:
    """显示 / Every clause of PACK with wording, basis and severity."""
    lang = station.language(ctx)
    found = next((p for p in load_packs(_folders(folder)).values() if p.id == pack), None)
    if found is None:
        raise PackError(f"没有规定包 / there is no pack {pack}", "看 / see `reviewer packs list`")
    click.echo(visible(_described(found, lang), lines=True))


def _described(pack: Pack, lang: Lang) -> str:
    head = f"{lang.pick(pack.title, pack.title_en)}  ({pack.source})"
    return "\n\n".join([head, *(_clause(clause, lang) for clause in pack.clause)])


def _clause(clause: Clause, lang: Lang) -> str:
    kind = lang.pick("逐字", "verbatim") if clause.verbatim else lang.pick("拟写", "drafted")
    severities = [clause.severity.value, *(f"{c.value}: {s.value}" for c, s in clause.severity_by_channel.items())]
    return "\n".join(
        [
            f"{clause.id}  [{', '.join(severities)}]  {lang.pick(clause.title, clause.title_en)}",
            f"  “{clause.wording}” ({kind})",
            f"  {lang.pick('依据', 'basis')}: {', '.join(clause.basis) or '-'}",
            f"  {clause.explanation(lang)}",
            f"  {clause.suggestion(lang)}",
        ]
    )


@command.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@DIRECTORY
def check(files: tuple[Path, ...], folder: Path | None) -> None:
    """校验 / Load every pack and the station's lists, or only FILES; a mistake is named with file and line."""
    for file in files:
        load_pack(file)
    if not files:
        regulations = load_regulations(_folders(folder), station.settings().packs)
        place = station.settings().lists_dir or Home.from_environment().lists
        lists = load_lists(place, [r.id for r in rules()], list(regulations.citations))
        for entry in lists.allowed:
            if entry.expires < date.today():
                click.echo(f"expired {entry.expires}: {visible(entry.phrase)} ({visible(entry.owner)})", err=True)
    click.echo("ok")
