"""What makes an execution quick: pure functions are computed once and remembered, and big pictures are refused."""

import email.headerregistry
import sys
from functools import lru_cache

import minisign.public_key
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reviewer.audit import checkpoint, segments
from reviewer.readers import picture

REMEMBERED = 256
"""Answers of each function that are kept."""
PIXELS = 1_000_000
"""The biggest picture that is decoded: one as big as the program decodes takes as long as thousands of small ones."""


class Ed25519:
    """A public key that knows the signatures it has checked before."""

    def __init__(self, public: bytes) -> None:
        self._public = public

    @classmethod
    def from_public_bytes(cls, data: bytes) -> "Ed25519":
        """As the library's."""
        Ed25519PublicKey.from_public_bytes(data)
        return cls(data)

    def verify(self, signature: bytes, data: bytes) -> None:
        """As the library's."""
        if not _signed(self._public, signature, data):
            raise InvalidSignature


@lru_cache(REMEMBERED)
def _signed(public: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        return False
    return True


class _Library:
    Ed25519PublicKey = Ed25519


def remember() -> None:
    """Remember checked signatures, the lines of a log, which four readers parse, and the headers of a mail, which
    `email` parses at each use.
    """
    minisign.public_key.ed25519 = _Library  # type: ignore[assignment]
    for place, name in (
        (checkpoint, "signed_by"),
        (checkpoint, "_parse"),
        (segments, "parse"),
        (sys.modules["reviewer.audit.verify"], "parse"),
        (email.headerregistry.HeaderRegistry, "__getitem__"),
        (email.headerregistry.HeaderRegistry, "__call__"),
    ):
        setattr(place, name, lru_cache(REMEMBERED)(getattr(place, name)))


def small_pictures() -> None:
    """Refuse pictures of more than `PIXELS`."""
    picture.MAX_PIXELS = PIXELS
