"""How the keys of a store reach a command: a file, the environment, or a question on the terminal."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from reviewer.cli import station
from reviewer.cli.confined import Written
from reviewer.draft import Value
from reviewer.errors import SettingsError
from reviewer.index import Key, Store
from reviewer.index.connection import missing
from reviewer.index.faults import fault
from reviewer.paths import Home

STORE = click.option("--store", type=Written(), help="索引文件 / the store (default: the station's)")
KEY = click.option("--key-file", type=Written(), help="密钥文件 / key file")
MANAGING = click.option(
    "--managing-file",
    type=click.Path(path_type=Path),
    help="管理口令文件 / file with the managing passphrase (else REVIEWER_MANAGING_PASSPHRASE, else asked)",
)
CARRIED = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="副本口令文件 / file with the copy's passphrase (else REVIEWER_COPY_PASSPHRASE, else asked)",
)


class Unlocking(Value):
    """Where the store is and what opens it."""

    path: Path
    key: Key
    given: str | None = None
    """The managing passphrase, where it was given."""


def unlock(store: Path | None, key_file: Path | None, managing_file: Path | None = None) -> Unlocking:
    """From options, else from the environment, else the station's own; a key file that is named is the key."""
    settings = station.settings()
    home = Home.from_environment()
    phrase = settings.passphrase.get_secret_value() if settings.passphrase and key_file is None else None
    key = Key(file=key_file or settings.key_file or home.key, passphrase=phrase)
    managing = settings.managing_passphrase.get_secret_value() if settings.managing_passphrase else None
    if managing_file is not None:
        managing = _first_line(managing_file)
    return Unlocking(path=store or settings.store or home.store, key=key, given=managing)


@contextlib.contextmanager
def managed(unlocking: Unlocking, embedder: str = "") -> Iterator[Store]:
    """The store opened for changing; made, with vectors of `embedder`, where there is none yet and that is given."""
    if embedder and missing(unlocking.path):
        store = Store.create(unlocking.path, unlocking.key, embedder, unlocking.given)
    else:
        store = Store.open(unlocking.path, unlocking.key, embedder, write=True, managing=_asked(unlocking))
    with contextlib.closing(store):
        yield store


@contextlib.contextmanager
def reviewed(unlocking: Unlocking, *, texts: bool = False) -> Iterator[Store]:
    """The store opened for reading; with `texts`, the managing passphrase is asked for where one is needed."""
    given = _asked(unlocking) if texts else unlocking.given
    store = Store.open(unlocking.path, unlocking.key, managing=given)
    with contextlib.closing(store):
        if texts and not store.readable:
            raise fault("managing")
        yield store


def carried(file: Path | None, *, new: bool = False) -> Key:
    """The key of a copy that is carried from station to station."""
    question = "副本口令 / passphrase of the copy"
    return Key(passphrase=passphrase(file, "REVIEWER_COPY_PASSPHRASE", question, new=new))


def passphrase(file: Path | None, variable: str, question: str, *, new: bool = True) -> str:
    """From the file, the variable or the terminal, where a `new` one is asked twice. Raises `SettingsError`."""
    given = _first_line(file) if file is not None else os.environ.get(variable)
    if given:
        return given
    if not sys.stdin.isatty():
        raise SettingsError(f"没有给出口令 / no passphrase was given: {variable}", "set it, or give a file with it")
    return str(click.prompt(question, hide_input=True, confirmation_prompt=new, err=True))


def _asked(unlocking: Unlocking) -> str | None:
    """The managing passphrase: where none was given and the store has one, asked for on the terminal."""
    if unlocking.given is not None or not sys.stdin.isatty():
        return unlocking.given
    with reviewed(unlocking) as seen:
        if not seen.protected:
            return None
    return str(click.prompt("管理口令 / managing passphrase", hide_input=True, err=True))


def _first_line(file: Path) -> str:
    """A passphrase from a file. Raises `SettingsError` when there is none in it."""
    try:
        return file.read_text("utf-8").splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError) as exc:
        raise SettingsError(f"{file.name}: 没有口令 / no passphrase in it", "give a text file with one line") from exc
