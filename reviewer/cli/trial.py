"""The self-test before a switch: everything loads, models are the listed ones, and known drafts come out as known."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from reviewer.assemble import STAGES, Config, Station, configure
from reviewer.bundle.faults import refused
from reviewer.bundle.manifest import File, Kind, Manifest
from reviewer.canary import Known, load_canary
from reviewer.finding import Stage
from reviewer.index import Key, Store
from reviewer.judge.heads import load as load_heads
from reviewer.models import Catalogue
from reviewer.paths import Home, shipped
from reviewer.precedents import load_library
from reviewer.readers import from_text
from reviewer.settings import Settings
from reviewer.verdict import Decision

JUDGED = frozenset({Kind.PRECEDENTS, Kind.HEADS, Kind.INDEX, Kind.MODELS})
"""Parts that only the engine can try."""


def canaries() -> tuple[Known, ...]:
    """The shipped ones of a whole review."""
    return load_canary(shipped("prompts")).whole


def trial(settings: Settings, root: Path, parts: Mapping[Kind, Path], listed: Manifest | None = None) -> None:
    """Try the parts of bundles as the station would use them. Raises `ReviewerError` that says what does not work."""
    config = configure(settings, Home(root, parts))
    if listed is not None:
        listed_models([f for f in listed.files if f.kind is Kind.MODELS])
        if Kind.INDEX in listed.versions and config.store == parts[Kind.INDEX] / "store.db":
            whole(config.store, config)
    for heads in sorted(parts[Kind.HEADS].rglob("*.safetensors")) if Kind.HEADS in parts else ():
        load_heads(heads)
    load_library(config.precedents)
    stages = STAGES if JUDGED & set(parts) else (Stage.DETECT,)
    station = Station(config, stages, settings.judge_timeout_s)
    try:
        for number, known in enumerate(canaries(), 1):
            review = station.reviewer.review(from_text(known.text, known.channel))
            if review.unfinished:
                raise refused("unfinished", review.unfinished[0].reason)
            if not known.fits(review.decision):
                raise refused("known", number, review.decision, known.at_least or Decision.PASS)
    finally:
        station.engine.close()


def whole(store: Path, config: Config) -> None:
    """Read a brought index through with what the station opens it with. Raises `StoreError`."""
    key = Key(file=config.key_file, passphrase=config.passphrase)
    with contextlib.closing(Store.open(store, key, managing=config.managing)) as opened:
        opened.verify()


def listed_models(files: Sequence[File]) -> None:
    """Whether every model file is one of `models.txt`, by path, size and SHA-256. Raises `BundleError`."""
    catalogue = Catalogue.load(shipped("models.txt"))
    known = {(f"{Kind.MODELS}/{f.path}", f.size, f.sha256) for m in catalogue.models for f in m.files}
    for file in files:
        if (file.path, file.size, file.sha256) not in known:
            raise refused("model", file.path)
