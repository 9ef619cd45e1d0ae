"""Hostile bundles are refused before any file that they bring is opened: the kernel would tell of it (inotify)."""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reviewer.bundle import applied, manifest, medium
from reviewer.errors import BundleError
from tests import bundling
from tests.bench import many_files
from tests.bundling import Office

IN_OPEN = 0x20

OLD, NEW = 2, 3
"""The version that the station has, and the one that the bundles bring."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office for all of them."""
    return bundling.new_office(tmp_path_factory.mktemp("hostile") / "office")


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Path:
    """The bundles of a station that has a version already."""
    place = tmp_path_factory.mktemp("station") / "bundles"
    bundling.apply(office.bundle(OLD), office.trust, place)
    return place


@pytest.fixture(scope="module")
def sound(office: Office) -> Path:
    """A bundle that is in order."""
    return office.bundle(NEW, others=["county"])


Make = Callable[[Office, Path], Path]
"""The hostile bundle, made of a copy of the sound one or anew."""


def asked(**order: Any) -> Make:
    """Another bundle, in order but for what is asked."""
    return lambda office, copy: office.bundle(**{"version": NEW, **order})


def signed(*signers: str) -> Make:
    """The signatures were taken away, and made again by others."""

    def make(office: Office, copy: Path) -> Path:
        office.signed(copy, *signers)
        return copy

    return make


def listing(change: Callable[[dict[str, Any]], None]) -> Make:
    """Another manifest, signed by the two persons."""
    return lambda office, copy: office.rewritten(copy, change)


def holding(change: Callable[[Path], object]) -> Make:
    """Other files on the medium than were signed."""

    def make(office: Office, copy: Path) -> Path:
        change(copy)
        return copy

    return make


def linked(name: str) -> Callable[[Path], None]:
    """A file or folder of the bundle lies elsewhere, a link in its place."""

    def change(bundle: Path) -> None:
        elsewhere = bundle.with_name(f"{bundle.name}-elsewhere")
        shutil.move(bundle / name, elsewhere)
        (bundle / name).symlink_to(elsewhere)

    return change


def piped(bundle: Path) -> None:
    """A pipe in the place of a listed file: who opens it, waits."""
    (bundle / "packs" / "county.toml").unlink()
    os.mkfifo(bundle / "packs" / "county.toml")


def also(path: str) -> Callable[[dict[str, Any]], None]:
    """A manifest that lists another file besides."""
    return lambda held: held["files"].append({**held["files"][0], "path": path})


def too_many(held: dict[str, Any]) -> None:
    """A manifest that lists one file more than may be."""
    held["files"] = [{**held["files"][0], "path": f"packs/{n}.toml"} for n in range(manifest.FILES + 1)]


CASES: Mapping[str, tuple[Make, str]] = {
    "an older version": (asked(version=OLD - 1), "older"),
    "another of the same version": (asked(version=OLD, name="other"), "older"),
    "for other stations": (asked(audience=("station-2", "station-10")), "audience"),
    "expired yesterday": (asked(not_after=date(2026, 9, 26)), "expired"),
    "for a later program": (asked(minimum="99.0"), "program"),
    "unsigned": (signed(), "unsigned"),
    "signed by one person": (signed("a"), "signature"),
    "signed again by an unknown key": (signed("c"), "signature"),
    "signed again by one person and an unknown key": (signed("a", "c"), "signature"),
    "more signatures than are looked at": (
        holding(lambda b: [(b / f"{manifest.NAME}.{n}.minisig").touch() for n in range(medium.SIGNATURES)]),
        "signature",
    ),
    "an extra pack": (holding(lambda b: (b / "packs" / "extra.toml").touch()), "extra"),
    "an extra file": (holding(lambda b: (b / "autorun.inf").touch()), "extra"),
    "an extra folder": (holding(lambda b: (b / "packs" / "more").mkdir()), "extra"),
    "a missing file": (holding(lambda b: (b / "packs" / "county.toml").unlink()), "missing"),
    "a link to a file": (holding(linked("packs/county.toml")), "link"),
    "a link to a folder": (holding(linked("packs")), "link"),
    "a link to the manifest": (holding(linked(manifest.NAME)), "medium"),
    "a pipe": (holding(piped), "link"),
    "two listed names that differ in case": (listing(also("packs/District.toml")), "manifest"),
    "two listed folders that differ in case": (listing(also("packs/A/x.toml")), "missing"),
    "a name on the medium that differs in case": (
        holding(lambda b: (b / "packs" / "District.toml").touch()),
        "extra",
    ),
    "a listed name outside": (listing(also("packs/../../x.toml")), "manifest"),
    "too many listed files": (listing(too_many), "manifest"),
    "a manifest that is too large": (listing(lambda held: held.update(name="x" * manifest.BYTES)), "medium"),
    "a manifest of a later format": (listing(lambda held: held.update(format=2)), "manifest"),
}


@contextmanager
def watched(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Those of the files that are opened meanwhile, by any process and through any name, once it is over."""
    library = ctypes.CDLL(None, use_errno=True)
    handle = library.inotify_init1(os.O_NONBLOCK)
    numbers = {library.inotify_add_watch(handle, os.fsencode(file), IN_OPEN): file for file in files}
    assert handle >= 0
    assert -1 not in numbers
    opened: list[Path] = []
    try:
        yield opened
        while data := _waiting(handle):
            opened += [numbers[int.from_bytes(data[at : at + 4], sys.byteorder)] for at in range(0, len(data), 16)]
    finally:
        os.close(handle)


def _waiting(handle: int) -> bytes:
    try:
        return os.read(handle, 1 << 16)
    except BlockingIOError:
        return b""


def brought(bundle: Path) -> list[Path]:
    """The regular files that it brings, in its folder or behind a link."""
    return [path.resolve() for path in (bundle / "packs").iterdir() if path.is_file()]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked what was opened (inotify)")
@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_before_any_file_it_brings_is_opened(
    office: Office, station: Path, sound: Path, tmp_path: Path, name: str
) -> None:
    make, code = CASES[name]
    bundle, before = make(office, shutil.copytree(sound, tmp_path / "copy")), applied.load(station)
    with watched(brought(bundle)) as opened, pytest.raises(BundleError) as caught:
        bundling.apply(bundle, office.trust, station)
    assert caught.value.code == code
    assert not opened
    assert applied.load(station) == before
    assert {p.name for p in station.iterdir()} == {"lock", applied.STATE, *before.parts.values()}


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked what was opened (inotify)")
def test_opening_would_be_seen(office: Office, sound: Path, tmp_path: Path) -> None:
    with watched(brought(sound)) as opened:
        bundling.apply(sound, office.trust, tmp_path / "bundles")
    assert set(opened) == set(brought(sound))


@pytest.mark.parametrize(
    ("where", "count", "code", "most"),
    [
        ("beside the manifest", 20_000, "extra", medium.BLOCK * 9 // 8),
        ("listed in the manifest", 50_000, "medium", 2 * manifest.BYTES),
    ],
)
def test_very_many_files_are_refused_without_being_kept(
    office: Office, where: str, count: int, code: str, most: int
) -> None:
    """`python -m tests.bench.many_files 1000000` for a million."""
    found = many_files.refusal(many_files.MADE[where](office, count), office)
    assert found.code == code
    assert found.peak < most
