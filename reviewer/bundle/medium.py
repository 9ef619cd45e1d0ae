"""A bundle on a removable medium: only regular files below one folder, reached without following a link."""

import contextlib
import hashlib
import itertools
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from reviewer import durable, system
from reviewer.bundle import manifest, signing
from reviewer.bundle.faults import refused
from reviewer.bundle.manifest import File, Manifest
from reviewer.errors import why

SIGNATURES = 16
"""Signature files that are looked at."""

BLOCK = 1 << 20

Report = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


@contextlib.contextmanager
def mounted(path: Path) -> Iterator[durable.Inside]:
    """A descriptor of the bundle's folder. Raises `BundleError` for what is none, or cannot be read on the way."""
    try:
        with durable.opened_folder(path) as inside:
            yield inside
    except OSError as exc:
        raise refused("medium", why(exc)) from exc


def head(inside: durable.Inside) -> tuple[bytes, dict[str, bytes]]:
    """The manifest's bytes and its signatures by file name; nothing else is opened. Raises `BundleError`, `OSError`."""
    try:
        data = durable.read(inside, manifest.NAME, manifest.BYTES)
    except FileNotFoundError as exc:
        raise refused("no-manifest") from exc
    with os.scandir(inside) as entries:
        named = (e.name for e in entries if e.name.startswith(manifest.NAME) and e.name.endswith(signing.SUFFIX))
        names = sorted(itertools.islice(named, SIGNATURES + 1))
    if len(names) > SIGNATURES:
        raise refused("many-signatures", SIGNATURES)
    return data, {name: durable.read(inside, name, signing.SIGNATURE_BYTES) for name in names}


def check_names(inside: durable.Inside, listed: Manifest, signatures: dict[str, bytes]) -> None:
    """Whether the medium holds the listed files and nothing else. Raises `BundleError`, `OSError`."""
    wanted = {f.path for f in listed.files} | set(signatures) | {manifest.NAME}
    known = wanted | {f"{folder}/" for folder in listed.folders}
    found = set()
    for path in _walk(inside, ""):
        if path not in known:
            raise refused("extra")
        found.add(path)
    if missing := wanted - found:
        raise refused("missing", len(missing), min(missing))


def _walk(inside: durable.Inside, below: str) -> Iterator[str]:
    """Every path below, folders with a slash at their end and before what is in them."""
    with os.scandir(inside) as entries:
        for entry in entries:
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                yield f"{below}{entry.name}/"
                with _folder(inside, entry.name) as handle:
                    yield from _walk(handle, f"{below}{entry.name}/")
            elif stat.S_ISREG(mode):
                yield below + entry.name
            else:
                raise refused("link")


def read(inside: durable.Inside, file: File, target: Path | None, report: Report) -> None:
    """Check a listed file byte by byte, and copy it to `target` where one is given. Raises `BundleError`, `OSError`."""
    digest, size = hashlib.sha256(), 0
    with contextlib.ExitStack() as stack:
        handle = stack.enter_context(_open(inside, file.path))
        out = stack.enter_context(created(target)) if target else None
        while size <= file.size and (block := os.read(handle, BLOCK)):
            size += len(block)
            digest.update(block)
            if out is not None:
                durable.put(out, block)
            report(len(block))
        if out is not None:
            os.fsync(out)
    if size != file.size or digest.hexdigest() != file.sha256:
        raise refused("content", file.path)


@contextlib.contextmanager
def created(path: Path) -> Iterator[int]:
    """A descriptor of a new private file, its folders made as well; no link is followed. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = system.open_at(None, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def _folder(inside: durable.Inside, name: str) -> Iterator[durable.Inside]:
    handle = system.folder_at(inside, name)
    try:
        yield handle
    finally:
        system.close_folder(handle)


@contextlib.contextmanager
def _open(inside: durable.Inside, path: str) -> Iterator[int]:
    *folders, name = path.split("/")
    with contextlib.ExitStack() as stack:
        for folder in folders:
            inside = stack.enter_context(_folder(inside, folder))
        yield stack.enter_context(durable.opened(inside, name, os.O_RDONLY))
