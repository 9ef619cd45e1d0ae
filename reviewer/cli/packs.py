"""`reviewer packs`: the regulation packs in force."""

from pathlib import Path

import click

from reviewer.cli import station
from reviewer.errors import PackError
from reviewer.paths import PACKAGE, Home
from reviewer.regulations import Regulations, load_pack, load_regulations


def _regulations() -> Regulations:
    return load_regulations((PACKAGE / "packs", Home.from_environment().packs))


@click.group("packs")
def command() -> None:
    """规定包 / Regulation packs."""


@command.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """列出 / Every pack and how many clauses it has."""
    lang = station.language(ctx)
    for pack in _regulations().packs:
        click.echo(f"{pack.id}\t{len(pack.clause)}\t{lang.pick(pack.title, pack.title_en)}")


@command.command("show")
@click.argument("pack")
@click.pass_context
def show(ctx: click.Context, pack: str) -> None:
    """显示 / Every clause of PACK with wording, basis and severity."""
    lang = station.language(ctx)
    found = next((p for p in _regulations().packs if p.id == pack), None)
    if found is None:
        raise PackError(f"there is no pack {pack}", "see `reviewer packs list`")
    click.echo(f"{lang.pick(found.title, found.title_en)}  ({found.source})")
    for clause in found.clause:
        kind = lang.pick("逐字", "verbatim") if clause.verbatim else lang.pick("拟写", "drafted")
        click.echo(f"\n{clause.id}  [{clause.severity.value}]  {lang.pick(clause.title, clause.title_en)}")
        click.echo(f"  “{clause.wording}” ({kind})")
        click.echo(f"  {lang.pick('依据', 'basis')}: {', '.join(clause.basis) or '-'}")
        click.echo(f"  {clause.suggestion(lang)}")


@command.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """校验 / Load every pack, or only FILES; the first mistake is named with file and line."""
    for file in files:
        load_pack(file)
    if not files:
        _regulations()
    click.echo("ok")
