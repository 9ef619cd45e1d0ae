"""`reviewer precedents`: the case law the judge is fitted on."""

from collections import Counter
from pathlib import Path

import click

from reviewer.bundle.manifest import Kind
from reviewer.paths import Home, shipped
from reviewer.precedents import LABELS, Library, load_library
from reviewer.reports.visible import visible


def _library() -> Library:
    home = Home.from_environment()
    return load_library((shipped("prompts") / "precedents", *home.brought(Kind.PRECEDENTS), home.precedents))


@click.group("precedents")
def command() -> None:
    """先例库 / Labelled drafts the judge learnt from."""


@command.command("list")
@click.option("--label", type=click.Choice(LABELS), help="只列某条款 / only one clause")
def list_(label: str | None) -> None:
    """列出 / Id, verdict, labels, channel and reason."""
    for p in _library().precedents:
        if label is None or label in p.labels:
            labels = ",".join(p.labels) or "-"
            click.echo(f"{visible(p.id)}\t{p.verdict.value}\t{labels}\t{p.channel.value}\t{visible(p.reason)}")


@command.command("test")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def test(files: tuple[Path, ...]) -> None:
    """校验 / Check the library, or FILES, and count what it holds."""
    library = load_library(files) if files else _library()
    counts = Counter(label for p in library.precedents for label in p.labels)
    harmless = sum(not p.labels for p in library.precedents)
    pairs = len(list(library.pairs()))
    click.echo(
        f"{len(library.precedents)} precedents, {harmless} harmless, {pairs} minimal pairs, sha256:{library.sha256}"
    )
    click.echo("  ".join(f"{label} {counts[label]}" for label in LABELS))
