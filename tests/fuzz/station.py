"""What a station believes only as far as it is signed or sealed: a bundle's manifest and signatures, the audit log."""

import contextlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import minisign

from reviewer.audit import Event, Log, State, checkpoint, records, verify
from reviewer.bundle.manifest import File, Kind, Manifest, parse
from reviewer.bundle.signing import Signer, Trust
from reviewer.errors import AuditError, BundleError
from tests.auditing import Hands, happened
from tests.fuzz.scratch import file

CODE = "1-AAAA-AAAA-AAAA-AAAA"
"""A code for the paper register that no log has."""


def read_manifest(data: bytes) -> None:
    """Any bytes are a `BundleError`, or a manifest of plain names that is written and read again the same."""
    try:
        listed = parse(data)
    except BundleError:
        return
    assert parse(listed.data()) == listed
    for item in listed.files:
        assert item.kind in listed.versions
        assert not {"", ".", ".."} & set(item.path.split("/")), item.path


def manifests() -> list[bytes]:
    """One of a file, one of every kind."""
    every = {
        Kind.PACKS: "packs/district.toml",
        Kind.PRECEDENTS: "precedents/district.jsonl",
        Kind.HEADS: "heads/judge-1/heads.safetensors",
        Kind.INDEX: "index/store.db",
        Kind.MODELS: "models/judge-1/config.json",
        Kind.WHEELS: "wheels/requirements.lock",
    }
    return [_manifest({Kind.PACKS: every[Kind.PACKS]}), _manifest(every)]


def _manifest(paths: Mapping[Kind, str]) -> bytes:
    return Manifest(
        name="district",
        created=date(2026, 9, 27),
        not_after=date(2026, 12, 31),
        audience=("station-1", "station-2"),
        minimum="0.1.0",
        versions=dict.fromkeys(paths, 3),
        files=tuple(File(path=path, size=7, sha256="0" * 64) for path in paths.values()),
    ).data()


def read_signature(data: bytes) -> None:
    """With one good signature, any bytes beside it count as the other person's only where they are: all but the
    comment that minisign does not sign.
    """
    signed, trust, first, second = _signed()
    try:
        trust.signers(signed, [first, data])
    except BundleError:
        return
    assert data.partition(b"\n")[2].rstrip(b"\n") == second.partition(b"\n")[2].rstrip(b"\n")


def signatures() -> list[bytes]:
    """The other person's, and the first person's again."""
    _, _, first, second = _signed()
    return [second, first]


@cache
def _signed() -> tuple[bytes, Trust, bytes, bytes]:
    """A manifest, who must sign it, and their signatures; the keys are new ones."""
    data = manifests()[0]
    pairs = [minisign.KeyPair.generate() for _ in range(2)]
    public = [bytes(pair.public_key.to_base64()).decode() for pair in pairs]
    trust = Trust(station="station-1", signer=tuple(Signer(name=f"person {key[-4:]}", key=key) for key in public))
    first, second = (bytes(pair.secret_key.sign(data)) + b"\n" for pair in pairs)
    return data, trust, first, second


def read_log(data: bytes) -> None:
    """A log one of whose files (the first byte says which) is any bytes: it is broken, or its records are those that
    were written; no reader does anything but say so.
    """
    files = _log()
    name, content = list(files)[data[0] % len(files)] if data else "", data[1:]
    folder = _copy()
    if name:
        (folder / name).write_bytes(content)
    try:
        _read(folder, name, content)
    finally:
        if name:
            (folder / name).write_bytes(files[name])


def _read(folder: Path, name: str, content: bytes) -> None:
    files = _log()
    report = verify(folder)
    verify(folder, bytes(32), [CODE])
    with contextlib.suppress(AuditError):
        Log(folder).latest()
    with contextlib.suppress(AuditError):
        list(records(folder))
    if report.state is State.BROKEN:
        return
    if name == "keys.json":
        assert json.loads(content)["keys"] == json.loads(files[name])["keys"]  # with its version or, as 0.1.0, without
    elif name != checkpoint.NAME:
        assert content.startswith(files.get(name, b""))


@cache
def _copy() -> Path:
    """The log in a folder of its own."""
    folder = file("audit")
    folder.mkdir(mode=0o700)
    for name, content in _log().items():
        (folder / name).write_bytes(content)
    return folder


def logs() -> list[bytes]:
    """Each file as it was written."""
    return [bytes([number]) + content for number, content in enumerate(_log().values())]


@cache
def _log() -> Mapping[str, bytes]:
    """Two files, two epochs, two checkpoints; the officer has taken the first key, so that the first epoch's records
    are checked by their chain only.
    """
    clock, folder = Hands(), file("written") / "audit"
    log = Log(folder, clock, segment=1 << 10)
    for number in range(2):
        log.append(happened(number))
    log.take_first_key(Event("key.taken", {}), lambda _: None)
    log.checkpoint()
    clock.t += 86_400_000
    clock.mono += 86_400_000
    log.append(happened(3))
    log.close()
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.stat().st_size}
