"""Making a bundle: files are copied into their folders, listed with size and hash, and the list is signed."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from reviewer import durable
from reviewer.bundle import manifest, signing
from reviewer.bundle.faults import refused
from reviewer.bundle.manifest import STORE, SUFFIXES, File, Kind, Manifest
from reviewer.draft import Value
from reviewer.errors import why


class Order(Value):
    """What a bundle shall be; as in `Manifest`."""

    name: str
    created: date
    not_after: date
    audience: tuple[str, ...]
    minimum: str
    version: int


def create(target: Path, order: Order, sources: Mapping[Kind, Path]) -> Manifest:
    """Make an unsigned bundle in the new folder `target` from a file or folder for each kind. Raises `BundleError`."""
    try:
        wanted = list(_files(sources))
        target.mkdir()
    except OSError as exc:
        raise refused("target", exc.filename or target, why(exc)) from exc
    try:
        files = [_copied(target, path, source) for path, source in wanted]
        made = Manifest(
            **order.model_dump(exclude={"version"}), versions=dict.fromkeys(sources, order.version), files=files
        )
        with open(target / manifest.NAME, "xb") as file:
            durable.write(file.fileno(), made.data())
    except ValidationError as exc:
        shutil.rmtree(target)
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise refused("order", f"{where}: {first['msg']}") from exc
    except OSError as exc:
        shutil.rmtree(target, ignore_errors=True)
        raise refused("unwritten", why(exc)) from exc
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


def _copied(target: Path, path: str, source: Path) -> File:
    place = target / path
    place.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as stream, place.open("xb") as out:
        while block := stream.read(1 << 20):
            size += len(block)
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return File(path=path, size=size, sha256=digest.hexdigest())
