"""Who signed a manifest: Ed25519 signatures in minisign's format, checked against the station's list of persons.

Two persons must have signed (a threshold of signatures, as in The Update Framework): one who makes bundles and one who
looked at it. Neither can bring anything to a station alone, and a stolen key is not enough.
"""

import base64
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path

import minisign
from pydantic import Field, ValidationError, model_validator

from reviewer import durable, system
from reviewer.bundle.faults import refused
from reviewer.draft import Value
from reviewer.errors import invalid, why

PERSONS = 2
"""Signatures of this many persons are needed."""

SUFFIX = ".minisig"
SIGNATURE_BYTES = 1 << 14
TRUST_BYTES = 1 << 16


class Signer(Value):
    """A person and the public key that is trusted as theirs, base64 as `minisign` prints it."""

    name: str = Field(min_length=1)
    key: str

    @property
    def public(self) -> minisign.PublicKey:
        """The key. Raises `minisign.Error`."""
        return minisign.PublicKey.from_base64(self.key)


class Trust(Value):
    """`trust.toml`: what this station is called and whose signatures count."""

    station: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    signer: tuple[Signer, ...] = Field(min_length=PERSONS)

    @model_validator(mode="after")
    def _persons(self) -> "Trust":
        keys = {_raw(s.public)[10:] for s in self.signer}
        if len({s.name for s in self.signer}) < len(self.signer) or len(keys) < len(self.signer):
            raise ValueError("every signer is another person with another key")
        return self

    @classmethod
    def load(cls, path: Path) -> "Trust":
        """Raises `BundleError` where the file is missing or makes no sense."""
        try:
            return cls(**tomllib.loads(durable.trusted(path, TRUST_BYTES).decode()))
        except OSError as exc:
            raise refused("trust-unread", path.name, why(exc)) from exc
        except ValidationError as exc:
            raise refused("trust", path.name, invalid(exc)) from exc
        except ValueError as exc:
            raise refused("trust", path.name, exc) from exc

    def signers(self, data: bytes, signatures: Sequence[bytes]) -> tuple[str, ...]:
        """Key ids of the persons who signed `data`. Raises `BundleError` when they are fewer than `PERSONS`."""
        found: dict[str, str] = {}
        for raw in signatures:
            for signer in self.signer:
                try:
                    signature = minisign.Signature.from_bytes(raw)
                    signer.public.verify(data, signature)
                except minisign.Error:
                    continue
                if raw.removesuffix(b"\n") != bytes(signature).removesuffix(b"\n"):
                    continue  # base64 has unused bits: only the one canonical spelling of a signature counts
                found[signer.name] = key_id(signer.public)
        if not signatures:
            raise refused("unsigned")
        if len(found) < PERSONS:
            raise refused("signature", len(found), len(signatures), PERSONS)
        return tuple(sorted(found.values()))


def key_id(key: minisign.PublicKey) -> str:
    """The 16 hexadecimal digits by which `minisign` names a key."""
    return _raw(key)[9:1:-1].hex()


def _raw(key: minisign.PublicKey) -> bytes:
    """Two bytes of algorithm, eight of key id (little-endian), 32 of key."""
    return base64.b64decode(key.to_base64())


def make_key(path: Path, passphrase: str) -> str:
    """Write a new secret key, encrypted with the passphrase; the public key as it goes into `trust.toml`.

    Raises `BundleError` where the file is there already or cannot be written.
    """
    pair = minisign.KeyPair.generate()
    with pair.secret_key as secret:
        secret.encrypt(passphrase)
        try:
            handle = system.open_at(None, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            with os.fdopen(handle, "wb") as file:
                durable.write(handle, bytes(secret) + b"\n")
                file.flush()
        except OSError as exc:
            raise refused("key-written", path.name, why(exc)) from exc
        return bytes(pair.public_key.to_base64()).decode()


def sign(data: bytes, key: Path, passphrase: str) -> tuple[str, bytes]:
    """The id of the key in that file, and its signature over `data`. Raises `BundleError`."""
    try:
        with minisign.SecretKey.from_file(key) as secret:
            secret.decrypt(passphrase)
            public = minisign.PublicKey.from_secret_key(secret)
            return key_id(public), bytes(secret.sign(data)) + b"\n"
    except OSError as exc:
        raise refused("key-unread", key.name, why(exc)) from exc
    except minisign.Error as exc:
        raise refused("key", key.name, exc) from exc
