"""The log's secrets: an epoch key that only ever moves forward, and the key that signs checkpoints.

`K(n+1) = HKDF(K(n))`, and K(n) is destroyed when K(n+1) is in use: who takes the station over today cannot rewrite the
records of an earlier epoch. Checking earlier epochs needs K(0), which the secrecy officer takes away on paper.
"""

import base64
import hashlib
import hmac
import json
import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from reviewer import durable
from reviewer.audit.faults import fault
from reviewer.draft import Value

NAME = "keys.json"
VERSION = 1
LIMIT = 1 << 16
LENGTH = 32

EPOCH_RECORDS = 1000
"""Records after which the key moves on; it also does every UTC day."""


class Keys(Value):
    """What `keys.json` holds, all keys as hexadecimal."""

    origin: str
    """Random name of this log."""
    epoch: int
    key: str
    """K(epoch)."""
    since: int
    """Sequence number at which the epoch began."""
    day: str
    first: str | None
    """K(0), until the officer has taken it."""
    signing: str

    @classmethod
    def new(cls, day: str) -> "Keys":
        """Keys of a new log."""
        first = secrets.token_hex(LENGTH)
        signing = secrets.token_hex(LENGTH)
        return cls(origin=secrets.token_hex(8), epoch=0, key=first, since=1, day=day, first=first, signing=signing)

    def moved(self, seq: int, day: str) -> "Keys":
        """The keys of the next epoch, which begins with record `seq`; the old epoch's key is not among them."""
        key = derive(bytes.fromhex(self.key), "next").hex()
        return self.model_copy(update={"epoch": self.epoch + 1, "key": key, "since": seq, "day": day})

    @property
    def public(self) -> str:
        """The key that checks checkpoints."""
        key = self._private().public_key()
        return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()

    def sign(self, data: bytes) -> str:
        """Ed25519 signature."""
        return self._private().sign(data).hex()

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.signing))


def derive(key: bytes, purpose: str) -> bytes:
    """The key for one purpose: `mac` of records, `digest` of words, `next` epoch, `resume` files."""
    return HKDFExpand(hashes.SHA256(), LENGTH, f"reviewer audit {purpose}".encode()).derive(key)


def mac(key: bytes, data: bytes) -> str:
    """HMAC-SHA-256 in hexadecimal."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def signed_by(public: str, data: bytes, signature: str) -> bool:
    """Whether `signature` over `data` was made by the owner of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), data)
    except (ValueError, InvalidSignature):
        return False
    return True


def load(inside: durable.Inside) -> Keys | None:
    """The keys in an open folder, `None` where there are none. Raises `AuditError` for a damaged file, `NewerError` for
    one that says a later version wrote it, `OSError`.
    """
    try:
        data = durable.read(inside, NAME, LIMIT)
    except FileNotFoundError:
        return None
    try:
        read = json.loads(data)
        if isinstance(version := read.get("v"), int) and version > VERSION:
            raise fault("newer")
        keys = Keys(**read["keys"])
        lengths = {len(bytes.fromhex(k)) for k in (keys.key, keys.signing, keys.first or keys.key)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise fault("keys") from exc
    if lengths != {LENGTH} or data not in (_written(keys), _written(keys, version=None)):
        raise fault("keys")
    return keys


def save(inside: durable.Inside, keys: Keys) -> None:
    """Put the keys in place of what was there. Raises `OSError`."""
    durable.replace(inside, NAME, _written(keys))


def _written(keys: Keys, version: int | None = VERSION) -> bytes:
    """The file, with a check that finds accidents, not attackers; 0.1.0 wrote no version."""
    held = keys.model_dump(mode="json")
    check = hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]
    about = {} if version is None else {"v": version}
    return json.dumps({"check": check, "keys": held, **about}, sort_keys=True).encode() + b"\n"


def on_paper(first: str) -> str:
    """K(0) for a register: base32 in groups of four, with a check group."""
    raw = bytes.fromhex(first)
    text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:3]).decode().rstrip("=")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def from_paper(text: str) -> bytes:
    """K(0) as it was written down. Raises `AuditError` for a slip of the pen."""
    letters = "".join(text.split()).replace("-", "").upper()
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raw = b""
    if len(raw) != LENGTH + 3 or hashlib.sha256(raw[:LENGTH]).digest()[:3] != raw[LENGTH:]:
        raise fault("first-key")
    return raw[:LENGTH]
