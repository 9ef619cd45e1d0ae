"""What a person waits for at a terminal, and for how long already; erased when it ends."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

import click

EVERY_S = 1.0
"""Seconds before the first word, and between two."""


@contextlib.contextmanager
def waiting(label: str, *, quiet: bool = False) -> Iterator[None]:
    """Say on standard error what runs, and the seconds that it has run; not `quiet`, and only on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    ended = threading.Event()
    teller = threading.Thread(target=_tell, args=(label, ended), daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def _tell(label: str, ended: threading.Event) -> None:
    started, said = time.monotonic(), ""
    while not ended.wait(EVERY_S):
        said = f"{label} {time.monotonic() - started:.0f} s"
        click.echo(f"\r{said}", nl=False, err=True)
    columns = 2 * len(said)  # of a line all of whose characters are wide
    click.echo(f"\r{' ' * columns}\r" if said else "", nl=False, err=True)
