"""The process a command runs in: cut off from the network before the command reads anything.

Every command is sealed but `models fetch`, the only one that connects, and `service`, which reads no draft. The seal is
for good, so it is put on only where the process is the program's own (`Run.ours`), not where a command is called from
other code.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace

import click

from reviewer.paths import Home
from reviewer.seal import Part, Seal, put_on
from reviewer.seal.environment import scrub
from reviewer.service.lease import Lease, borrow

SEAL_THEMSELVES = frozenset(("models", "doctor", "service", "watch", "bench"))
"""Commands that seal themselves: one has a part that connects, one tells why there is no seal, one starts the service
or asks at its door, one starts the process that reads the clipboard, one times the program's own commands first."""

SCREEN = (None, "tui")
"""The screen is imported while the ways out are tried, behind the filter; then it waits for the answers (`proven`)."""

BORROW = frozenset(("check", "replay"))
"""Commands that use the service's engine; it is borrowed before the seal, which leaves no socket open."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command line."""

    ours: bool = False
    """Whether the process ends with the command."""
    lang: str | None = None
    lease: Lease | None = None
    """The service's engine, where there is one."""
    tried: Callable[[], Seal] | None = None
    """Waits until every way out was tried, where that was not waited for."""


def of(ctx: click.Context) -> Run:
    """The run a command is part of."""
    found = ctx.find_root().obj
    return found if isinstance(found, Run) else Run()


def begin(ctx: click.Context, lang: str | None) -> None:
    """The first step of every command."""
    run = of(ctx)
    lease = borrow(Home.from_environment().service) if run.ours and ctx.invoked_subcommand in BORROW else None
    if lease is not None:
        ctx.call_on_close(lease.wait)
    ctx.obj = replace(run, lang=lang, lease=lease)
    if ctx.invoked_subcommand not in SEAL_THEMSELVES:
        enter(ctx)


def enter(ctx: click.Context) -> None:
    """Seal this process, if it is ours. Raises `SealError` when the system should enforce it and does not."""
    run, root = of(ctx), ctx.find_root()
    if not run.ours:
        return
    scrub()
    tried = put_on(Part.FRONT)
    if root.invoked_subcommand in SCREEN:
        gc.disable()  # what is imported from here on stays
        root.obj = replace(run, tried=tried)
    else:
        tried()


def proven(ctx: click.Context) -> None:
    """Wait until every way out was tried: before, the screen reads neither index nor key. Raises `SealError`."""
    tried = of(ctx).tried
    if tried is not None:
        tried()
        gc.freeze()
        gc.enable()
