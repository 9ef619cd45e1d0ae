"""Keys: 32 bytes open the file; in a protected store a second secret opens the texts in it.

The first 16 bytes of a store are in the clear: 12 random ones, the salt of the passphrase, and a check of the key, so
that a wrong key and a damaged file are told apart. Passphrases go through Argon2id with the second recommended
parameters of RFC 9106 (t = 3, 64 MiB, p = 4); texts are sealed with AES-256-GCM, bound to the document's id.
"""

import hashlib
import os
import secrets
from pathlib import Path

from reviewer import durable
from reviewer.draft import Value
from reviewer.index.faults import fault, written

HEAD = 16
_SALT = 12
_NONCE = 12

MEMORY_KIB = 65536
"""Memory that Argon2id fills."""


class Key(Value):
    """How the file is opened: 32 bytes from a file, or a passphrase."""

    file: Path | None = None
    passphrase: str | None = None

    def head(self) -> tuple[bytes, bytes]:
        """(key, head) for a new store; a missing key file is made (mode 0600). Raises `StoreError`."""
        if not self.passphrase and self.file is not None and not self.file.exists():
            with written(self.file):
                durable.make_folders(self.file.parent)
                write_private(self.file, secrets.token_bytes(32))
                durable.named(self.file)
        salt = secrets.token_bytes(_SALT)
        secret = self._secret(salt)
        return secret, salt + _check(secret, salt)

    def opens(self, head: bytes) -> bytes:
        """The key of the store that begins with `head`. Raises `StoreLocked` when it is missing or another one."""
        salt = head[:_SALT]
        secret = self._secret(salt)
        if not secrets.compare_digest(_check(secret, salt), head[_SALT:HEAD]):
            raise fault("key")
        return secret

    def _secret(self, salt: bytes) -> bytes:
        if self.passphrase:
            return derive(self.passphrase, salt)
        if self.file is None:
            raise fault("no-key")
        try:
            data = self.file.read_bytes()
        except OSError as exc:
            raise fault("key-file", self.file.name) from exc
        if len(data) != 32:
            raise fault("not-a-key", self.file.name)
        return data


class Seal:
    """Seals and opens texts with a 32-byte key."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.key = key
        self._cipher = AESGCM(key)

    def close(self, data: bytes, about: str) -> bytes:
        """`data` sealed under the name `about`."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, data, about.encode())

    def open(self, data: bytes, about: str) -> bytes:
        """What was sealed under that name. Raises `StoreLocked` for another key, another name or altered data."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], about.encode())
        except InvalidTag as exc:
            raise fault("managing-key") from exc


def wrap(key: bytes, passphrase: str) -> bytes:
    """The texts' key under the managing passphrase: salt, then the sealed key."""
    salt = secrets.token_bytes(16)
    return salt + Seal(derive(passphrase, salt)).close(key, "text key")


def unwrap(wrapped: bytes, passphrase: str) -> bytes:
    """The texts' key. Raises `StoreLocked` for another passphrase."""
    return Seal(derive(passphrase, wrapped[:16])).open(wrapped[16:], "text key")


def derive(passphrase: str, salt: bytes) -> bytes:
    """32 bytes from a passphrase."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        passphrase.encode(), salt, time_cost=3, memory_cost=MEMORY_KIB, parallelism=4, hash_len=32, type=Type.ID
    )


def write_private(path: Path, data: bytes) -> None:
    """A new file of mode 0600, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _check(secret: bytes, salt: bytes) -> bytes:
    return hashlib.blake2b(salt, digest_size=HEAD - _SALT, key=secret, person=b"store head").digest()
