"""An office that makes bundles, and what a station does with them."""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from reviewer import __version__
from reviewer.bundle import applied, gate
from reviewer.bundle.create import Order, create, sign
from reviewer.bundle.gate import Checked, Terms
from reviewer.bundle.manifest import NAME, Kind
from reviewer.bundle.signing import Signer, Trust, make_key

PHRASE = "五月的风 17"
TODAY = date(2026, 9, 27)

PACK = """
id = "{id}"
title = "栎城区补充规定"
title_en = "Additional rules of an invented district"
source = "本单位"
"""


@dataclass(frozen=True)
class Office:
    """Where bundles are made: three persons' keys, two of them trusted by the station."""

    place: Path
    keys: Mapping[str, Path]
    trust: Trust

    def bundle(
        self, version: int = 1, signers: tuple[str, ...] = ("a", "b"), others: Sequence[str] = (), **order: Any
    ) -> Path:
        """A signed bundle of one pack, and of those named besides."""
        number = len(list(self.place.iterdir()))
        packs = self.place / f"packs-{number}"
        packs.mkdir()
        for name in ("district", *others):
            (packs / f"{name}.toml").write_text(PACK.format(id=f"{name}-{version}"))
        target = self.place / f"bundle-{number}"
        create(target, self.order(version, **order), {Kind.PACKS: packs}, shutil.copyfile)
        self.signed(target, *signers)
        return target

    def order(self, version: int = 1, **order: Any) -> Order:
        """What is asked for."""
        usual: dict[str, Any] = {
            "name": "district",
            "created": TODAY,
            "not_after": date(2026, 12, 31),
            "audience": ("station-1",),
            "minimum": "0.1.0",
            "version": version,
        }
        return Order(**{**usual, **order})

    def signed(self, bundle: Path, *signers: str) -> None:
        """Sign with the keys of these persons only."""
        for old in bundle.glob("manifest.json.*"):
            old.unlink()
        for person in signers:
            sign(bundle, self.keys[person], PHRASE)

    def rewritten(self, bundle: Path, change: Callable[[dict[str, Any]], None]) -> Path:
        """The bundle with another manifest, properly signed: what only a careless or bribed pair of persons makes."""
        held = json.loads((bundle / NAME).read_bytes())
        change(held)
        (bundle / NAME).write_text(json.dumps(held))
        self.signed(bundle, "a", "b")
        return bundle


def persons(place: Path) -> tuple[Mapping[str, Path], Mapping[str, str]]:
    """Secret key files and public keys of three persons; the slow part of an office."""
    paths = {person: place / f"{person}.key" for person in "abc"}
    return paths, {person: make_key(path, PHRASE) for person, path in paths.items()}


def opened(place: Path, keys: tuple[Mapping[str, Path], Mapping[str, str]]) -> Office:
    """An office in the new folder `place` whose persons a and b the station trusts."""
    place.mkdir()
    trust = Trust(station="station-1", signer=tuple(Signer(name=f"person {p}", key=keys[1][p]) for p in "ab"))
    return Office(place, keys[0], trust)


def new_office(place: Path) -> Office:
    """An office with keys of its own, all in the new folder `place`."""
    place.mkdir()
    return opened(place / "bundles", persons(place))


def apply(bundle: Path, trust: Trust, folder: Path, *, older: bool = False) -> Checked:
    """Take a bundle in, with no trial and no record. Raises `BundleError`."""
    terms = Terms(trust, TODAY, __version__, older=older)
    return gate.apply(bundle, terms, folder, lambda *_: None, lambda _: None, lambda _: None)


def version(folder: Path) -> int:
    """The version in use, of which every file is as its manifest says; 0 where none is. Raises `AssertionError`."""
    parts: Mapping[Kind, Path] = applied.parts(folder)
    if not parts:
        return 0
    place = parts[Kind.PACKS].parent
    listed = json.loads((place / NAME).read_bytes())
    for file in listed["files"]:
        assert hashlib.sha256((place / file["path"]).read_bytes()).hexdigest() == file["sha256"], file["path"]
    return int(listed["versions"][Kind.PACKS])
