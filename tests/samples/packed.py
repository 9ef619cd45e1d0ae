"""PDF files whose objects lie in an object stream, packed in many ways."""

import hashlib
import zlib
from collections.abc import Callable, Mapping

from tests.samples.objects import stream, string

Packer = Callable[[bytes], bytes]


def run_length(data: bytes) -> bytes:
    """Runs of bytes as they are."""
    pieces = [data[at : at + 128] for at in range(0, len(data), 128)]
    return b"".join(bytes([len(piece) - 1]) + piece for piece in pieces) + b"\x80"


def coded(data: bytes) -> bytes:
    """LZW without a single code for more than one byte."""
    bits = "".join(f"{256:09b}" + "".join(f"{c:09b}" for c in data[at : at + 200]) for at in range(0, len(data), 200))
    bits += f"{257:09b}"
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def predicted(data: bytes, columns: int = 8) -> bytes:
    """Rows as what changes from one to the next, deflated."""
    rows = [data[at : at + columns].ljust(columns) for at in range(0, len(data), columns)]
    before = [bytes(columns), *rows]
    changes = (
        bytes((a - b) % 256 for a, b in zip(row, last, strict=True)) for row, last in zip(rows, before, strict=False)
    )
    return zlib.compress(b"".join(b"\2" + row for row in changes))


def hexed(data: bytes) -> bytes:
    """Digits."""
    return data.hex().encode() + b">"


def locked(data: bytes, key: bytes) -> bytes:
    """RC4, as the oldest encrypted files have it."""
    box, at = list(range(256)), 0
    for n in range(256):
        at = (at + box[n] + key[n % len(key)]) % 256
        box[n], box[at] = box[at], box[n]
    out, at = bytearray(), 0
    for n, byte in enumerate(data, 1):
        step = n % 256
        at = (at + box[step]) % 256
        box[step], box[at] = box[at], box[step]
        out.append(byte ^ box[(box[step] + box[at]) % 256])
    return bytes(out)


PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
LOCK = hashlib.md5(PAD + b"o" * 32 + b"\xff" * 4 + b"id", usedforsecurity=False).digest()[:5]
"""The key of a file that opens without a password."""


def _object_key(number: int) -> bytes:
    return hashlib.md5(LOCK + number.to_bytes(3, "little") + b"\0\0", usedforsecurity=False).digest()[:10]


def packed(words: str, filters: bytes, pack: Packer, name: bytes = b"/ObjStm", *, encrypted: bool = False) -> bytes:
    """A page whose objects, a program and a property with the words among them, are packed so."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 8 0 R/Resources<</Font<</F 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
        b"<</Shelf %s>>" % string(words),
    )
    places = b" ".join(b"%d %d" % (n + 1, sum(len(o) + 1 for o in objects[:n])) for n in range(len(objects))) + b" "
    head = b"/Type%s/N %d/First %d%s" % (name, len(objects), len(places), filters)
    contents = (pack(places + b" ".join(objects)), b"BT /F 12 Tf 40 700 Td (Night shift plan) Tj ET")
    if encrypted:
        contents = (locked(contents[0], _object_key(7)), locked(contents[1], _object_key(8)))
    bodies = (stream(head, contents[0]), stream(b"", contents[1]))
    out, rows = b"%PDF-1.7\n", b"\0\0\0\0\xff" + b"".join(b"\2\0\0\7" + bytes([n]) for n in range(len(objects)))
    for number, content in enumerate(bodies, len(objects) + 1):
        rows += b"\1" + len(out).to_bytes(3, "big") + b"\0"
        out += b"%d 0 obj" % number + content + b"endobj\n"
    number = len(objects) + len(bodies) + 1
    rows += b"\1" + len(out).to_bytes(3, "big") + b"\0"
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U<%s>/P -1>>/ID[(id)(id)]" % (
        b"o" * 32, locked(PAD, LOCK).hex().encode(),
    ) if encrypted else b""  # fmt: skip
    table = stream(b"/Type/XRef/W[1 3 1]/Size %d/Root 1 0 R/Info 6 0 R%s" % (number + 1, lock), rows)
    return out + b"%d 0 obj%sendobj\nstartxref\n%d\n%%%%EOF\n" % (number, table, len(out))


FLATE = b"/Filter/FlateDecode"
PACKED: Mapping[str, tuple[bytes, Packer]] = {
    "as usual": (FLATE, zlib.compress),
    "not at all": (b"", bytes),
    "twice": (b"/Filter[/ASCIIHexDecode/FlateDecode]", lambda data: hexed(zlib.compress(data))),
    "as digits": (b"/Filter/ASCIIHexDecode", hexed),
    "in runs": (b"/Filter/RunLengthDecode", run_length),
    "in codes": (b"/Filter/LZWDecode", coded),
    "as changes": (FLATE + b"/DecodeParms<</Predictor 12/Columns 8>>", predicted),
}
"""Ways to pack that the library knows."""
