"""What a PDF's library does not tell: names of all objects, descriptions of files, and the metadata in XML.

Objects lie in the open, or in compressed streams. Those that are packed in another way than usual, and all of an
encrypted file that opens, are read from a copy that the library writes, in which every object lies in the open.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as raw

from reviewer.readers import charsets

MAX_BYTES = 50 * 2**20
"""Bytes of all object streams together, inflated, that are looked through."""

MAX_HEAD = 1000
"""Bytes before the name of an object stream in which what is said of it begins."""


def _spelt(name: str) -> bytes:
    """A pattern for a name, whose characters may be written as numbers."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (c, c, c) for c in name.encode())


OBJECT_STREAM = re.compile(_spelt("ObjStm") + rb"\b.{0,400}?\bstream\r?\n", re.DOTALL)
METADATA = re.compile(rb"/Type\s*/Metadata\b.{0,400}?stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
NAME = re.compile(rb"/([!-$&-'*-.0-;=?-Z^-z|~\\]+)")
STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream", re.DOTALL)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
DESCRIPTION = re.compile(rb"/Desc\s*(?:\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)|<([0-9A-Fa-f\s]*)>)", re.DOTALL)
BACKSLASH = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\n": b"", b"\r": b"", b"\r\n": b""}
TABLE = re.compile(_spelt("XRef") + rb"\b")
"""The only kind of table by which the library finds objects in streams."""

FILTER = re.compile(rb"/([A-Za-z0-9]+Decode|Crypt)\b")
USUAL = [b"FlateDecode"]
KNOWN = frozenset({b"FlateDecode", b"LZWDecode", b"ASCIIHexDecode", b"ASCII85Decode", b"RunLengthDecode"})
"""Ways to pack that every library undoes."""


@dataclass(frozen=True, slots=True)
class Inside:
    """The names of all objects, what is said of attached files, the metadata packets; whether all was looked at."""

    names: frozenset[str]
    descriptions: tuple[str, ...]
    packets: tuple[bytes, ...]
    complete: bool


def inside(document: pypdfium2.PdfDocument, data: bytes) -> Inside:
    """What is in a file that the library could open, which must not have changed since."""
    locked = raw.FPDF_GetSecurityHandlerRevision(document.raw) >= 0
    streams = _Streams()
    opened = [] if locked else [STREAM.sub(b" ", data), *streams.inflated(data)]
    copy = _copy(document) if locked or streams.packed else None
    opened += [STREAM.sub(b" ", copy)] if copy else []
    return Inside(
        names=frozenset(_plain(name) for part in opened for name in NAME.findall(part)),
        descriptions=tuple(dict.fromkeys(words for part in opened for words in _descriptions(part))),
        packets=tuple(_packets(copy if locked and copy else data)),
        complete=not (streams.strange or ((locked or streams.packed) and not copy)),
    )


class _Streams:
    """Object streams; which of them are `packed` so that only the library undoes it, or not even that is certain."""

    def __init__(self) -> None:
        self.packed = False
        self.strange = False

    def inflated(self, data: bytes) -> Iterator[bytes]:
        """The content of those that are packed as usual."""
        left, found = MAX_BYTES, TABLE.search(data) is not None
        for match in OBJECT_STREAM.finditer(data):
            before = max(0, match.start() - MAX_HEAD)
            head = data[max(before, data.rfind(b"obj", before, match.start())) : match.end()]
            filters = FILTER.findall(head)
            if filters != USUAL or b"/DecodeParms" in head:
                self.packed = True
                self.strange |= not KNOWN.issuperset(filters) or not found
                continue
            inflating = zlib.decompressobj()
            end = data.find(b"endstream", match.end())
            try:
                part = inflating.decompress(data[match.end() : end if end >= 0 else None], left) if left > 0 else b""
            except zlib.error:
                self.packed = True
                continue
            left -= len(part)
            self.strange |= not inflating.eof
            yield part


def _copy(document: pypdfium2.PdfDocument) -> bytes | None:
    """The file as the library writes it anew, with every object in the open and nothing encrypted."""
    out = io.BytesIO()
    try:
        document.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError:
        return None
    return out.getvalue()


def _plain(name: bytes) -> str:
    name = ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), name)
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _descriptions(part: bytes) -> Iterator[str]:
    """What people wrote about attached files."""
    for literal, coded in DESCRIPTION.findall(part):
        digits = b"".join(coded.split())
        yield _string(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()) or BACKSLASH.sub(_undone, literal))


def _undone(match: re.Match[bytes]) -> bytes:
    said = match[1]
    return bytes([int(said, 8) & 0xFF]) if said[:1] in b"01234567" else CONTROLS.get(said, said)


def _string(said: bytes) -> str:
    """A string with its mark; without one it is taken for Chinese where it decodes as such."""
    if said.startswith((b"\xfe\xff", b"\xff\xfe")):
        return said.decode("utf-16", "replace")
    return charsets.guessed(said)


def _packets(data: bytes) -> Iterator[bytes]:
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
