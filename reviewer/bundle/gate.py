"""The way in: nothing of a bundle's payload is opened before everything its manifest says is accepted."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reviewer import durable, system
from reviewer.bundle import applied, medium
from reviewer.bundle.applied import INCOMING, Applied
from reviewer.bundle.faults import refused
from reviewer.bundle.manifest import NAME, Kind, Manifest, parse
from reviewer.bundle.medium import Report
from reviewer.bundle.signing import Trust

Trial = Callable[[Mapping[Kind, Path], Manifest], None]
"""Tries the parts the station would use. Raises `ReviewerError` when they do not work."""

Record = Callable[["Checked"], None]
"""Writes to the audit log what is about to be switched to."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A bundle whose manifest was accepted."""

    manifest: Manifest
    digest: str
    """SHA-256 of the manifest."""
    signers: Sequence[str]
    """Ids of the keys that count."""
    data: bytes
    signatures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a bundle is held against."""

    trust: Trust
    today: date
    """UTC; never before the last day the station knows of."""
    program: str
    older: bool = False
    """Whether a lower version than the station ever had is asked for."""


def check(inside: durable.Inside, terms: Terms, state: Applied) -> Checked:
    """Signatures, then the manifest, then the names on the medium; no payload is opened.

    Raises `BundleError`, `OSError`.
    """
    data, signatures = medium.head(inside)
    digest = hashlib.sha256(data).hexdigest()
    signers = terms.trust.signers(data, list(signatures.values()))
    listed = parse(data)
    if terms.trust.station not in listed.audience:
        raise refused("audience", terms.trust.station)
    if terms.today > listed.not_after:
        raise refused("expired", listed.not_after)
    if _version(terms.program) < _version(listed.minimum):
        raise refused("program", listed.minimum)
    if not terms.older:
        state.refuse_older(listed, digest)
    medium.check_names(inside, listed, dict(signatures))
    return Checked(listed, digest, signers, data, signatures)


def verify(path: Path, terms: Terms, bundles: Path, report: Report) -> Checked:
    """Everything but the trial, every byte read, nothing written. Raises `BundleError`."""
    with medium.mounted(path) as inside:
        checked = check(inside, terms, applied.load(bundles))
        for file in checked.manifest.files:
            medium.read(inside, file, None, report)
        return checked


def apply(path: Path, terms: Terms, bundles: Path, trial: Trial, record: Record, report: Report) -> Checked:
    """Check, copy into quarantine, try, record, switch; a failure at any point leaves the station as it was.

    Raises `BundleError`, and what `trial` and `record` raise.
    """
    with applied.changing(bundles) as inside:
        state = applied.load(bundles)
        incoming = bundles / INCOMING
        try:
            with medium.mounted(path) as source:
                checked = check(source, terms, state)
                applied.tidy(bundles, state)
                incoming.mkdir(mode=0o700)
                for file in checked.manifest.files:
                    medium.read(source, file, incoming / file.path, report)
                _keep(incoming, checked)
            candidate = {kind: bundles / generation / kind for kind, generation in state.parts.items()}
            trial({**candidate, **{kind: incoming / kind for kind in checked.manifest.versions}}, checked.manifest)
            generation = _free(bundles, checked.digest)
            record(checked)
        except BaseException:
            shutil.rmtree(incoming, ignore_errors=True)
            raise
        os.rename(incoming, bundles / generation)
        system.settle(inside)
        applied.switch(inside, bundles, state.with_(checked.manifest, checked.digest, generation))
        return checked


def rollback(bundles: Path, trial: Callable[[Mapping[Kind, Path]], None], record: Callable[[Applied], None]) -> Applied:
    """Go back to the parts before the last bundle. Raises `BundleError`, and what `trial` and `record` raise."""
    with applied.changing(bundles) as inside:
        state = applied.load(bundles).undone()
        trial({kind: bundles / generation / kind for kind, generation in state.parts.items()})
        record(state)
        applied.switch(inside, bundles, state)
        return state


def _keep(folder: Path, checked: Checked) -> None:
    """Keep manifest and signatures beside what they are about, all on disk."""
    for name, data in {NAME: checked.data, **checked.signatures}.items():
        with medium.created(folder / name) as handle:
            durable.write(handle, data)
    for place in (folder, *(folder / f for f in sorted(checked.manifest.folders))):
        with durable.opened_folder(place) as inside:
            system.settle(inside)


def _free(bundles: Path, digest: str) -> str:
    """A name for a generation that is not taken: a bundle may be applied again after it was taken back."""
    names = (f"{digest[:16]}-{n}" for n in range(1, 1 << 16))
    return next(name for name in names if not (bundles / name).exists())


def _version(text: str) -> tuple[int, ...]:
    """Numbers of a program version, whatever follows them left out."""
    numbers = [int(p) for p in text.split("+")[0].split(".")[:3] if p.isdigit()]
    return tuple(numbers + [0] * (3 - len(numbers)))
