"""What bundles have brought to this station: which generation of each kind is in use, and how far versions have come.

One small file, replaced at once, is the switch: before it everything is as it was, after it everything is new. The
generation before stays for `reviewer bundle rollback`.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from reviewer import durable
from reviewer.bundle.faults import refused
from reviewer.bundle.manifest import Kind, Manifest
from reviewer.draft import Value
from reviewer.errors import why

STATE = "state.json"
STATE_BYTES = 1 << 20
FORMAT: Final = 1
INCOMING = "incoming"
LOCK = "lock"
LOCK_WAIT_S = 10.0


class Floor(Value):
    """The highest version of a kind that was ever applied, and the SHA-256 of the manifest that brought it."""

    version: int
    manifest: str


class Applied(Value):
    """The content of the state file."""

    format: Literal[1] = FORMAT
    """0.1.0 wrote none."""
    parts: dict[Kind, str] = Field(default_factory=dict)
    """The generation in use, by kind."""
    before: dict[Kind, str] | None = None
    """The parts before the last bundle."""
    floors: dict[Kind, Floor] = Field(default_factory=dict)

    def refuse_older(self, listed: Manifest, digest: str) -> None:
        """Raise `BundleError` for a bundle that would take a kind back, or that is another of the same version."""
        for kind, version in listed.versions.items():
            floor = self.floors.get(kind)
            if floor and (version < floor.version or (version == floor.version and digest != floor.manifest)):
                raise refused("older", kind, floor.version, version)

    def with_(self, listed: Manifest, digest: str, generation: str) -> "Applied":
        """The state after the bundle's generation is switched to; floors never fall."""
        floors = dict(self.floors)
        for kind, version in listed.versions.items():
            if kind not in floors or version >= floors[kind].version:
                floors[kind] = Floor(version=version, manifest=digest)
        parts = {**self.parts, **dict.fromkeys(listed.versions, generation)}
        return Applied(parts=parts, before=self.parts, floors=floors)

    def undone(self) -> "Applied":
        """The state after going back. Raises `BundleError` where there is nothing to go back to."""
        if self.before is None:
            raise refused("rollback")
        return Applied(parts=self.before, before=None, floors=self.floors)


def load(bundles: Path) -> Applied:
    """The state of a station; an empty one where no bundle was ever applied. Raises `BundleError`."""
    try:
        data = durable.trusted(bundles / STATE, STATE_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return Applied()
    except OSError as exc:
        raise refused("state-unread", STATE, why(exc)) from exc
    try:
        return Applied.model_validate_json(data)
    except ValidationError as exc:
        if _newer(data):
            raise refused("state-newer", STATE) from exc
        raise refused("state", STATE) from exc


def _newer(data: bytes) -> bool:
    """Whether the file says that it is of a later form."""
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        return False
    match held:
        case {"format": int(version)}:
            return version > FORMAT
    return False


def parts(bundles: Path) -> Mapping[Kind, Path]:
    """The folder in use of each kind that a bundle has brought. Raises `BundleError`."""
    return {kind: bundles / generation / kind for kind, generation in load(bundles).parts.items()}


@contextmanager
def changing(bundles: Path) -> Iterator[durable.Inside]:
    """The open folder of bundles, for the only process that changes it. Raises `BundleError`."""
    try:
        with durable.folder(bundles, create=True) as inside, durable.locked(inside, LOCK, LOCK_WAIT_S):
            durable.discard(inside, STATE)
            yield inside
    except OSError as exc:
        raise refused("write", why(exc)) from exc


def switch(inside: durable.Inside, bundles: Path, state: Applied) -> None:
    """Use another state, then remove generations that neither it nor going back needs.

    Raises `OSError` where the state is as it was, `BundleError` where it is the other and may not outlast a loss of
    power.
    """
    try:
        durable.replace(inside, STATE, state.model_dump_json(indent=1).encode() + b"\n")
    except durable.UnsettledError as exc:
        raise refused("unsettled", why(exc)) from exc
    tidy(bundles, state)


def tidy(bundles: Path, state: Applied) -> None:
    """Remove what an interrupted run or an older bundle left; what cannot be removed now, the next time."""
    needed = {*state.parts.values(), *(state.before or {}).values()}
    with suppress(OSError):
        for folder in bundles.iterdir():
            if folder.is_dir() and not folder.is_symlink() and folder.name not in needed:
                shutil.rmtree(folder, ignore_errors=True)
