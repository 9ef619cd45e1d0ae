"""The process a command runs in: cut off from the network before the command reads anything.

Every command is sealed but `models fetch`, the only one that connects. The seal is for good, so it is put on only where
the process is the program's own (`Run.ours`), not where a command is called from other code.
"""

from dataclasses import dataclass, replace

import click

from reviewer.seal import Part, seal
from reviewer.seal.environment import scrub

SEAL_THEMSELVES = frozenset(("models", "doctor"))
"""Commands that decide by their own: one has a part that connects, one tells why there is no seal."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command line."""

    ours: bool = False
    """Whether the process ends with the command."""
    lang: str | None = None


def of(ctx: click.Context) -> Run:
    """The run a command is part of."""
    found = ctx.find_root().obj
    return found if isinstance(found, Run) else Run()


def begin(ctx: click.Context, lang: str | None) -> None:
    """The first step of every command."""
    ctx.obj = replace(of(ctx), lang=lang)
    if ctx.invoked_subcommand not in SEAL_THEMSELVES:
        enter(ctx)


def enter(ctx: click.Context) -> None:
    """Seal this process, if it is ours. Raises `SealError` when the system should enforce it and does not."""
    if of(ctx).ours:
        scrub()
        seal(Part.FRONT)
