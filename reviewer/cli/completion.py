"""`reviewer completion`: the shell's side of completion, as the command line's own library writes it."""

import click
from click.shell_completion import get_completion_class

from reviewer.cli.confined import Command

NAME, VARIABLE = "reviewer", "_REVIEWER_COMPLETE"
"""The program, and the variable by which a shell asks it for words."""


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """命令行补全 / Print completion for a shell.

    \b
    bash  reviewer completion bash > ~/.local/share/bash-completion/completions/reviewer
    zsh   reviewer completion zsh  > a folder of $fpath, as _reviewer
    fish  reviewer completion fish > ~/.config/fish/completions/reviewer.fish
    """
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 (the choice names those there are)
    click.echo(found(ctx.find_root().command, {}, NAME, VARIABLE).source())
