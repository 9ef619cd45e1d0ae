"""`reviewer tui`: the screen."""

import click

from reviewer.cli import station


@click.command()
@click.pass_context
def tui(ctx: click.Context) -> int:
    """打开审查界面 / Open the screen."""
    from reviewer.tui.app import run

    return run(station.config(ctx), station.settings().judge_timeout_s)
