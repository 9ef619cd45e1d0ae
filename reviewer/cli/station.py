"""What several commands need: the station they run on, from settings and options."""

from pathlib import Path

import click
from pydantic import ValidationError

from reviewer.assemble import Config, configure
from reviewer.audit import Log
from reviewer.cli import front
from reviewer.draft import Lang
from reviewer.errors import SettingsError
from reviewer.paths import Home
from reviewer.settings import Settings


def settings() -> Settings:
    """From the environment. Raises `SettingsError` that names the variable."""
    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors()[0]
        raise SettingsError(f"REVIEWER_{str(first['loc'][0]).upper()}: {first['msg']}") from exc


def config(ctx: click.Context, store: Path | None = None) -> Config:
    """The engine's configuration for this run. Raises `SettingsError` for a store that does not exist."""
    if store is not None and not store.exists():
        raise SettingsError(f"there is no index store {store}", "build one with `reviewer index build`")
    lang = front.of(ctx).lang
    return configure(settings(), Home.from_environment(), store, Lang(lang) if lang else None)


def log() -> Log:
    """The station's audit log, not yet opened."""
    return Log(settings().audit_dir or Home.from_environment().audit)


def language(ctx: click.Context) -> Lang:
    """The language of this run."""
    lang = front.of(ctx).lang
    return Lang(lang) if lang else settings().lang
