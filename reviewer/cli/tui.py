"""`reviewer tui`: the screen."""

import click

from reviewer.assemble import STAGES, Station
from reviewer.cli import front, station, streams
from reviewer.cli.confined import Command
from reviewer.paths import Home


@click.command("tui", cls=Command)
@click.pass_context
def command(ctx: click.Context) -> int:
    """打开审查界面 / Open the screen."""
    if front.of(ctx).ours:
        streams.need_screen()
    from reviewer.tui import hangup
    from reviewer.tui.app import ReviewerApp

    front.proven(ctx)
    settings = station.settings()
    made = Station(station.config(ctx), STAGES, settings.judge_timeout_s)
    app = ReviewerApp(made, Home.from_environment(), station.log(), override=settings.override)

    def last() -> None:
        made.engine.kill()
        app.ledger.close()

    if front.of(ctx).ours:
        hangup.watch(last)
    try:
        return app.run() or 0
    finally:
        made.engine.close()
