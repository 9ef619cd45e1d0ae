"""How long refusing a bundle of very many files takes, and its memory: `python -m tests.bench.many_files 1000000`."""

import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewer.bundle.manifest import NAME
from reviewer.errors import BundleError
from tests import bundling
from tests.bundling import Office


@dataclass(frozen=True, slots=True)
class Refusal:
    """What it took."""

    code: str
    seconds: float
    peak: int
    """Bytes that Python held at most."""


def in_a_folder(office: Office, count: int) -> Path:
    """So many files beside the listed one."""
    bundle = office.bundle()
    _links(bundle / "packs", count, ".toml")
    return bundle


def beside_the_manifest(office: Office, count: int) -> Path:
    """So many files beside the manifest."""
    bundle = office.bundle()
    _links(bundle, count, ".toml")
    return bundle


def as_signatures(office: Office, count: int) -> Path:
    """So many files that are called signatures of the manifest."""
    bundle = office.bundle()
    _links(bundle, count, ".minisig", NAME)
    return bundle


def listed(office: Office, count: int) -> Path:
    """A manifest, signed by the two persons, that lists so many files."""

    def more(held: dict[str, list[dict[str, str]]]) -> None:
        held["files"] = [{**held["files"][0], "path": f"packs/{n}.toml"} for n in range(count)]

    return office.rewritten(office.bundle(), more)


MADE: Mapping[str, Callable[[Office, int], Path]] = {
    "in a folder": in_a_folder,
    "beside the manifest": beside_the_manifest,
    "called signatures": as_signatures,
    "listed in the manifest": listed,
}


def refusal(bundle: Path, office: Office) -> Refusal:
    """What refusing it takes, timed and then measured. Raises `AssertionError` where it is not refused."""
    begun = time.monotonic()
    _refused(bundle, office)
    seconds = time.monotonic() - begun
    tracemalloc.start()
    try:
        code = _refused(bundle, office)
        return Refusal(code, seconds, tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def _refused(bundle: Path, office: Office) -> str:
    try:
        bundling.apply(bundle, office.trust, office.place / "station")
    except BundleError as exc:
        return exc.code
    raise AssertionError("it was applied")


def _links(folder: Path, count: int, suffix: str, prefix: str = "") -> None:
    """Files without content; names of one file as far as the file system lets it have so many."""
    first = folder / f"{prefix}.0{suffix}"
    first.touch()
    for number in range(1, count):
        if number % 30_000 == 0:
            first = folder / f"{prefix}.{number}{suffix}"
            first.touch()
        else:
            os.link(first, folder / f"{prefix}.{number}{suffix}")


def main(count: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        office = bundling.new_office(Path(name) / "office")
        for what, make in MADE.items():
            found = refusal(make(office, count), office)
            took = f"{found.seconds:.2f} s, {found.peak / 1024:,.0f} KiB at most"
            sys.stdout.write(f"{count:,} files {what}: refused as “{found.code}” in {took}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
