"""PDF files of given objects."""

from collections.abc import Sequence


def numbered(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog, `trailer` is said of the whole."""
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, trailer, len(out),
    )  # fmt: skip


def string(words: str) -> bytes:
    """A string of any characters."""
    return b"<%s>" % ("\ufeff" + words).encode("utf-16-be").hex().encode()


def stream(head: bytes, content: bytes) -> bytes:
    """A stream of this content, whose dictionary also says `head`."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(content), content)
