"""What a PDF's library does not tell: names of all objects (also in compressed streams), and the metadata in XML."""

import re
import zlib
from collections.abc import Iterator

MAX_BYTES = 50 * 2**20
"""Bytes of all object streams together, inflated, that are looked through."""

OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
METADATA = re.compile(rb"/Type\s*/Metadata\b.{0,400}?stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
NAME = re.compile(rb"/([!-$&-'*-.0-;=?-Z^-z|~\\]+)")
STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream", re.DOTALL)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def names(data: bytes) -> set[str]:
    """Every name outside of streams, and in object streams that are compressed as usual; escapes are undone."""
    found: set[bytes] = set()
    for part in (STREAM.sub(b" ", data), *_inflated(data)):
        found |= set(NAME.findall(part))
    return {ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), name).decode("latin-1") for name in found}


def packets(data: bytes) -> Iterator[bytes]:
    """The metadata packets (XMP), inflated where they are compressed as usual; empty for one in another way."""
    for match in METADATA.finditer(data):
        packet = match[1]
        if packet.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            yield packet
            continue
        try:
            yield zlib.decompressobj().decompress(packet, MAX_BYTES)
        except zlib.error:
            yield b""


def _inflated(data: bytes) -> Iterator[bytes]:
    left = MAX_BYTES
    for match in OBJECT_STREAM.finditer(data):
        if left <= 0:
            return
        try:
            part = zlib.decompressobj().decompress(data[match.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        yield part
