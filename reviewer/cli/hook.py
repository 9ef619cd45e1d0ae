"""`reviewer hook`: examples that call the reviewer from other programs; files in `reviewer/hooks/`, run by tests."""

from pathlib import Path

import click

from reviewer.cli.confined import Group

HOOKS = {f.name: f for f in sorted((Path(__file__).parents[1] / "hooks").iterdir())}
"""Every example by name."""


@click.group("hook", cls=Group)
def command() -> None:
    """接入其他程序的示例 / Examples that call the reviewer from git, mail and editors."""


@command.command("show")
@click.argument("name", type=click.Choice(list(HOOKS)))
def show(name: str) -> None:
    """显示示例 / Print an example; its first lines say where it goes."""
    click.echo(HOOKS[name].read_text("utf-8"), nl=False)
