"""Making a bundle: files are copied into their folders, listed with size and hash, and the list is signed."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from reviewer import durable
from reviewer.bundle import manifest, signing
from reviewer.bundle.faults import refused
from reviewer.bundle.manifest import STORE, SUFFIXES, File, Kind, Manifest
from reviewer.draft import Value
from reviewer.errors import invalid, why

Copy = Callable[[Path, Path], None]
"""Copies a file to a name where there is none. Raises `OSError`, and `StoreError` where it is an index."""


class Order(Value):
    """What a bundle shall be; as in `Manifest`."""

    name: str
    created: date
    not_after: date
    audience: tuple[str, ...]
    minimum: str
    version: int


def create(target: Path, order: Order, sources: Mapping[Kind, Path], index: Copy) -> Manifest:
    """Make an unsigned bundle in the new folder `target` from a file or folder for each kind; `index` copies a store,
    which another program may be changing.

    Raises `BundleError`, and what `index` raises; then nothing stays.
    """
    try:
        wanted = list(_files(sources))
        target.mkdir()
    except OSError as exc:
        raise refused("target", exc.filename or target, why(exc)) from exc
    with contextlib.ExitStack() as undone:
        undone.callback(shutil.rmtree, target, ignore_errors=True)
        try:
            files = [_copied(target, path, source, index if path == STORE else _bytes) for path, source in wanted]
            made = Manifest(
                **order.model_dump(exclude={"version"}), versions=dict.fromkeys(sources, order.version), files=files
            )
            with open(target / manifest.NAME, "xb") as file:
                durable.write(file.fileno(), made.data())
        except ValidationError as exc:
            raise refused("order", invalid(exc)) from exc
        except OSError as exc:
            raise refused("unwritten", why(exc)) from exc
        undone.pop_all()
    return made


def sign(bundle: Path, key: Path, passphrase: str) -> str:
    """Add a person's signature to a bundle; the id of the key. Raises `BundleError`."""
    try:
        data = (bundle / manifest.NAME).read_bytes()
        name, signature = signing.sign(data, key, passphrase)
        with open(bundle / f"{manifest.NAME}.{name}{signing.SUFFIX}", "wb") as file:
            durable.write(file.fileno(), signature)
    except OSError as exc:
        raise refused("unsignable", why(exc)) from exc
    return name


def _files(sources: Mapping[Kind, Path]) -> Iterator[tuple[str, Path]]:
    """Path below the bundle and source of every file that a kind takes, in order."""
    for kind, source in sources.items():
        if kind is Kind.INDEX:
            yield STORE, source
            salt = source.with_name(f"{source.name}.salt")
            yield from [(f"{STORE}.salt", salt)] if salt.exists() else []
            continue
        if source.is_file():
            yield f"{kind}/{source.name}", source
            continue
        found = [f for f in sorted(source.rglob("*")) if f.is_file() and f.name.endswith(SUFFIXES[kind])]
        if not found:
            raise refused("source", source, kind, " ".join(SUFFIXES[kind]))
        yield from ((f"{kind}/{f.relative_to(source).as_posix()}", f) for f in found)


def _copied(target: Path, path: str, source: Path, copy: Copy) -> File:
    place = target / path
    place.parent.mkdir(parents=True, exist_ok=True)
    copy(source, place)
    with place.open("rb") as copied:
        return File(path=path, size=place.stat().st_size, sha256=hashlib.file_digest(copied, "sha256").hexdigest())


def _bytes(source: Path, place: Path) -> None:
    with source.open("rb") as stream, place.open("xb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())
