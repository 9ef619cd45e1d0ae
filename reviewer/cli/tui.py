"""`reviewer tui`: the screen."""

import click

from reviewer.cli import station


@click.command("tui")
@click.pass_context
def command(ctx: click.Context) -> int:
    """打开审查界面 / Open the screen."""
    from reviewer.tui.app import run

    settings = station.settings()
    return run(station.config(ctx), station.log(), settings.judge_timeout_s, override=settings.override)
