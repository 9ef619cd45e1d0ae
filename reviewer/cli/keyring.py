"""How the keys of a store reach a command: a file, the environment, or a question on the terminal."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from reviewer.cli import station
from reviewer.draft import Value
from reviewer.errors import SettingsError
from reviewer.index import Key, Store
from reviewer.index.faults import fault
from reviewer.paths import Home

STORE = click.option("--store", type=click.Path(path_type=Path), help="索引文件 / the store (default: the station's)")
KEY = click.option("--key-file", type=click.Path(path_type=Path), help="密钥文件 / key file")
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
    managing_file: Path | None = None

    def managing(self, *, ask: bool) -> str | None:
        """The managing passphrase, if one was given; `ask` for it where there is a terminal."""
        given = _given(self.managing_file, "REVIEWER_MANAGING_PASSPHRASE")
        if given is None and ask and sys.stdin.isatty():
            given = str(click.prompt("管理口令 / managing passphrase", hide_input=True, err=True))
        return given


def unlock(store: Path | None, key_file: Path | None, managing_file: Path | None = None) -> Unlocking:
    """From options, else from the environment, else the station's own."""
    settings = station.settings()
    home = Home.from_environment()
    phrase = settings.passphrase.get_secret_value() if settings.passphrase else None
    key = Key(file=key_file or settings.key_file or home.key, passphrase=phrase)
    return Unlocking(path=store or settings.store or home.store, key=key, managing_file=managing_file)


@contextlib.contextmanager
def managed(unlocking: Unlocking, embedder: str = "") -> Iterator[Store]:
    """The store opened for changing; made, with vectors of `embedder`, where there is none yet and that is given."""
    if embedder and not unlocking.path.exists():
        store = Store.create(unlocking.path, unlocking.key, embedder, unlocking.managing(ask=False))
    else:
        with reviewed(unlocking) as seen:
            ask = seen.protected
        given = unlocking.managing(ask=ask)
        store = Store.open(unlocking.path, unlocking.key, embedder, write=True, managing=given)
    with contextlib.closing(store):
        yield store


@contextlib.contextmanager
def reviewed(unlocking: Unlocking, *, texts: bool = False) -> Iterator[Store]:
    """The store opened for reading; with `texts`, the managing passphrase is asked for where one is needed."""
    given = unlocking.managing(ask=False)
    if texts and given is None:
        with reviewed(unlocking) as seen:
            ask = seen.protected
        given = unlocking.managing(ask=ask)
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
    given = _given(file, variable)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise SettingsError(f"没有给出口令 / no passphrase was given: {variable}", "set it, or give a file with it")
    return str(click.prompt(question, hide_input=True, confirmation_prompt=new, err=True))


def _given(file: Path | None, variable: str) -> str | None:
    """The first line of the file, else the variable's value. Raises `SettingsError` when there is no such line."""
    if file is None:
        return os.environ.get(variable) or None
    try:
        first = file.read_text("utf-8").splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError) as exc:
        raise SettingsError(f"{file.name}: 没有口令 / no passphrase in it", "give a text file with one line") from exc
    return first
