"""Where a command may write: in the station's own folders, and where its options say (Landlock, from ABI 2).

A file dropped into a folder that some other program carries away is a way out too. The limit is put on when the options
are known, after the seal (`reviewer.cli.front`) or, for commands that seal themselves, before it.
"""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reviewer import durable
from reviewer.cli import front, station
from reviewer.paths import Home, cache
from reviewer.seal.child import NOWHERE


class Written(click.Path):
    """A file or folder that a command writes, not only reads."""

    def __init__(self, *, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, dir_okay=dir_okay, path_type=Path)


class Command(click.Command):
    """A command whose process writes nowhere else."""

    def invoke(self, ctx: click.Context) -> Any:
        """Put on the limit, then run it."""
        if front.of(ctx).ours and sys.platform == "linux":
            confine(ctx)
        return super().invoke(ctx)


class Group(click.Group):
    """Commands of that kind."""

    command_class = Command


def confine(ctx: click.Context) -> None:
    """Let this process write where `places` says and nowhere else. Raises `SealError`, `SettingsError`."""
    from reviewer.seal import landlock

    with contextlib.suppress(OSError):
        durable.make_folders(Home.from_environment().root)
    if landlock.write_only(places(ctx)):
        tempfile.tempdir = NOWHERE


def places(ctx: click.Context) -> set[Path]:
    """The folders that a command may write below: those that are there, or the nearest above them that are."""
    settings, home = station.settings(), Home.from_environment()
    own = {home.root, cache()}
    named = {settings.audit_dir, *(f.parent for f in (settings.store, settings.key_file) if f), *_options(ctx)}
    return {f for f in own if f.is_dir()} | {_there(f) for f in named if f}


def _options(ctx: click.Context) -> Iterator[Path]:
    """What the options of a command name as written."""
    for parameter in ctx.command.params:
        value = ctx.params.get(parameter.name or "")
        if isinstance(parameter.type, Written) and value:
            yield from value if isinstance(value, tuple) else (value,)


def _there(path: Path) -> Path:
    return next(p for p in (path.absolute(), *path.absolute().parents) if p.is_dir())
