"""Progress of a long copy or check, on standard error."""

import sys
import time
from types import TracebackType
from typing import Self

import click


class Bar:
    """A progress bar on a terminal, a line every few seconds elsewhere; its end is shown however the work ends."""

    def __init__(self, label: str, total: int | None = None) -> None:
        """`total` is the number of bytes; no share is shown where it is not known."""
        self._label, self._total, self._done = label, total, 0
        self._shown = self._started = time.monotonic()
        self._tty = sys.stderr.isatty()

    def __call__(self, count: int) -> None:
        """Move on by `count` bytes."""
        self._done += count
        now = time.monotonic()
        if now - self._shown >= (0.2 if self._tty else 10):
            self._shown = now
            self._show(end="" if self._tty else "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._done:
            self._show(end="\n")

    def _show(self, end: str) -> None:
        bar = ""
        if self._total:
            share = min(self._done / self._total, 1.0)
            bar = "█" * int(share * 24) + "░" * (24 - int(share * 24)) + f" {share:4.0%}  "
        rate = self._done / 2**20 / max(time.monotonic() - self._started, 0.001)
        line = f"{self._label}  {bar}{self._done / 2**20:7.1f} MiB  {rate:5.1f} MiB/s"
        click.echo(("\r" if self._tty else "") + line + end, err=True, nl=False)
