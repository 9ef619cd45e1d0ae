"""What several commands need: the station they run on, from settings and options."""

import contextlib
from pathlib import Path

import click
from pydantic import ValidationError

from reviewer.assemble import Config, Station, configure
from reviewer.audit import Log
from reviewer.cli import front
from reviewer.draft import Lang
from reviewer.errors import MALFORMED, SettingsError, StoreError
from reviewer.paths import Home
from reviewer.settings import Settings

TEXT_OR_JSON = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出格式 / output format (default: text)",
)
"""How a command prints what it found."""


def settings() -> Settings:
    """From the environment. Raises `SettingsError` that names the variable."""
    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors()[0]
        raise SettingsError(f"REVIEWER_{str(first['loc'][0]).upper()}: {MALFORMED}: {first['msg']}") from exc


def config(ctx: click.Context, store: Path | None = None) -> Config:
    """The engine's configuration for this run. Raises `SettingsError` for a store that does not exist."""
    if store is not None and not store.exists():
        raise SettingsError(
            f"没有索引库 / there is no index store {store}", "先建一个 / build one with `reviewer index build`"
        )
    lang = front.of(ctx).lang
    made = configure(settings(), Home.from_environment(), store, Lang(lang) if lang else None)
    if made.store is not None and made.store.with_name(made.store.name + "-journal").exists():
        _undo_interrupted(made)
    return made


def _undo_interrupted(config: Config) -> None:
    """Open the index once: an interrupted change is undone here, because the engine cannot write."""
    from reviewer.index import Key, Store

    assert config.store is not None  # noqa: S101 (the caller asked)
    with contextlib.suppress(StoreError):
        Store.open(config.store, Key(file=config.key_file, passphrase=config.passphrase)).close()


def log() -> Log:
    """The station's audit log, not yet opened."""
    return Log(settings().audit_dir or Home.from_environment().audit)


def language(ctx: click.Context) -> Lang:
    """The language of this run."""
    lang = front.of(ctx).lang
    return Lang(lang) if lang else settings().lang


def use_service(ctx: click.Context, chosen: Station) -> None:
    """Let the station use the service's engine where one was borrowed and would say the same; else give it back."""
    lease = front.of(ctx).lease
    if lease is None:
        return
    ctx.call_on_close(chosen.engine.close)
    if not chosen.heavy:
        lease.wait()
    elif not chosen.adopt(lease):
        click.echo("reviewer: the service keeps other settings or versions; start it again to use it", err=True)
