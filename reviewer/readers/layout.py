"""How a ZIP file lies in its bytes: whether there are any that nothing in its directory accounts for."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from zipfile import ZipInfo

HEAD = 30
"""Bytes of an entry before its name; how long name and extra field are stands in the last four."""

LISTED = 46
"""Bytes of an entry of the directory before its name; how long what follows is stands from the 29th on."""

LATER = 8
"""The flag of an entry whose sizes stand behind it."""

LATER_MARK = b"PK\x07\x08"
WIDTHS = (4, 8)
"""Bytes of each of these two sizes, in an ordinary file and in a large one."""

ENDS = ((b"PK\x06\x06", 56), (b"PK\x06\x07", 20), (b"PK\x05\x06", 22))
"""Records behind the directory, and how many bytes they have; only the last is always there."""


def stray(data: bytes, directory: int, entries: Sequence[ZipInfo], remark: bytes) -> bool:
    """Whether something stands before, between or after the entries, the directory at that place and its end.

    Zeros and ends of lines are nothing: programs fill up with the ones, and gateways put the others behind a file.
    """
    known = sorted((info.header_offset, _after(data, info)) for info in entries)
    known += _tail(data, directory, len(entries), len(remark))
    places = [(0, 0), *known, (len(data), len(data))]
    return any(end > begin or data[end:begin].strip(b"\0\r\n") for (_, end), (begin, _) in pairwise(places))


def _after(data: bytes, info: ZipInfo) -> int:
    """Where an entry ends: behind its name, its content and, where it has them there, its sizes."""
    end = info.header_offset + HEAD + _sum(data, info.header_offset + 26, 2) + info.compress_size
    if info.flag_bits & LATER:
        check, sizes = info.CRC.to_bytes(4, "little"), (info.compress_size, info.file_size)
        for width in WIDTHS:
            said = check + b"".join(size.to_bytes(8, "little")[:width] for size in sizes)
            for later in (LATER_MARK + said, said):
                if data.startswith(later, end):
                    return end + len(later)
    return end


def _tail(data: bytes, directory: int, count: int, remark: int) -> Iterator[tuple[int, int]]:
    """The directory and the records behind it: where each begins and ends."""
    end = directory
    for _ in range(count):
        end += LISTED + _sum(data, end + 28, 3)
    yield directory, end
    for mark, size in ENDS:
        if data.startswith(mark, end):
            yield end, end + size
            end += size
    yield end, end + remark


def _sum(data: bytes, place: int, count: int) -> int:
    """The sum of so many lengths, of two bytes each."""
    return sum(int.from_bytes(data[at : at + 2], "little") for at in range(place, place + 2 * count, 2))
