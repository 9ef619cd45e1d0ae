"""Putting documents into a store: with progress, interruptible, and resumed by running the command again."""

import sys
import time
from collections.abc import Sequence

import click

from reviewer.audit.events import index_state, indexed
from reviewer.cli import disks, keyring, station
from reviewer.cli.exits import ExitCode
from reviewer.cli.holdings import Holding, twice
from reviewer.embed import Embedder
from reviewer.errors import ReadError
from reviewer.index import Store
from reviewer.match import prepare
from reviewer.match.titles import numbered
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.reports.visible import visible
from reviewer.settings import Settings

EVERY_S = 2.0
"""Seconds between two lines of progress where there is no terminal."""

UNNUMBERED = "文号认不出，草稿里写了也查不到 / its number is not read as one and will not be found in drafts"
"""Said of a document whose number has no issuer, year and serial."""


def fill(holdings: Sequence[Holding], unlocking: keyring.Unlocking) -> int:
    """Add what is new or changed, one transaction a document; the exit status is 1 when a file could not be read.

    Raises `ReadError` when two documents share an id, `StoreError`, `ModelError`.
    """
    if shared := twice(holdings):
        raise ReadError(f"{shared}: 编号重复 / two documents have this id", "各用各的编号 / give each its own")
    settings = station.settings()
    identity = Catalogue.load(shipped("models.txt")).named(settings.embedder).sha256
    log = station.log()
    for warning in disks.shared((unlocking.path, log.folder)):
        click.echo(f"reviewer: 注意 / warning: {visible(warning)}", err=True)
    with log.run(indexed("add", [h.doc for h in holdings])), keyring.managed(unlocking, identity) as store:
        run = Run(store, settings)
        try:
            for done, holding in enumerate(holdings):
                run.progress(done, len(holdings))
                run.take(holding)
            run.progress(len(holdings), len(holdings), last=True)
            if store.untended:
                click.echo("正在整理检索分组，可能要几分钟 / making the search lists, which may take minutes", err=True)
                store.tend()
        except KeyboardInterrupt:
            click.echo("已中断；再运行一次即续建 / interrupted; run it again to go on", err=True)
            raise
        finally:
            counts = store.stats()
            log.append(index_state(counts))
    click.echo(
        f"{len(holdings)} 份中写入 {run.written} 份，库内共 {counts['documents']} 份 / "
        f"{run.written} of {len(holdings)} documents written; "
        f"{counts['documents']} documents, {counts['snippets']} snippets",
        err=True,
    )
    return ExitCode.ERROR if run.unread else ExitCode.PASS


class Run:
    """One filling of a store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._sources = store.sources()
        self._embedder: Embedder | None = None
        self._shown = 0.0
        self.written = 0
        self.unread = 0

    def take(self, holding: Holding) -> None:
        """Read, embed and add one document, unless the very same is there."""
        try:
            source = holding.source(self._store.fingerprint_key)
            if self._sources.get(holding.doc) == source:
                return
            document, missed = holding.read()
        except ReadError as exc:
            self.unread += 1
            click.echo(f"reviewer: 未入库 / not indexed: {visible(str(exc))}", err=True)
            return
        for reason in dict.fromkeys(missed):
            click.echo(visible(f"reviewer: {holding.doc}: {reason}"), err=True)
        if document.number.strip() and numbered(document.number) is None:
            click.echo(visible(f"reviewer: {holding.doc}: {UNNUMBERED}"), err=True)
        views, snippets = prepare(document, self._encoder(), self._store.fingerprint_key)
        self.written += self._store.add(document, views, snippets, source)

    def progress(self, done: int, total: int, *, last: bool = False) -> None:
        """How far it is, on standard error: one line that changes on a terminal, else a line every two seconds."""
        now = time.monotonic()
        terminal = sys.stderr.isatty()
        if last or now - self._shown >= (0.1 if terminal else EVERY_S):
            self._shown = now
            begin, end = ("\r", "\n" if last else "") if terminal else ("", "\n")
            click.echo(f"{begin}入库 / index {done}/{total}{end}", err=True, nl=False)

    def _encoder(self) -> Embedder:
        """Loaded when the first document needs it."""
        if self._embedder is None:
            place = Catalogue.load(shipped("models.txt")).find(self._settings.embedder, Home.from_environment().models)
            self._embedder = Embedder(place, self._settings.embedder)
        return self._embedder
