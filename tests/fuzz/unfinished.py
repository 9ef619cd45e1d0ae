"""ZIP files that differ in one member: the others are written once."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

LOCAL = struct.Struct("<4s5H3L2H")
ENTRY = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
SUMS, PLACE = 16, 42
"""Where a member's entry in the directory has its checksum and both its sizes, and where it lies."""


class Unfinished:
    """A ZIP file of these members, stored, one of which is still without content (none where `name` is no member)."""

    def __init__(self, members: Sequence[tuple[str, bytes]], name: str) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for member, content in members:
                package.writestr(member, content)
        whole = out.getvalue()
        *_, size, start, _ = END.unpack(whole[-END.size :])
        names = [member.encode() for member, _ in members]
        self._whole, self._others = whole, whole[:start]
        self._directory, self._count = bytearray(whole[start : start + size]), len(names)
        self._name = name.encode()
        before = names[: names.index(self._name)] if name else names
        self._entry = sum(ENTRY.size + len(n) for n in before)

    def file(self, content: bytes) -> bytes:
        """The file with that content of the member, which lies behind the others and is listed in its place."""
        if not self._name:
            return self._whole
        sums = zlib.crc32(content), len(content), len(content)
        local = LOCAL.pack(b"PK\3\4", 20, 0, 0, 0, 0x21, *sums, len(self._name), 0) + self._name + content
        struct.pack_into("<3L", self._directory, self._entry + SUMS, *sums)
        struct.pack_into("<L", self._directory, self._entry + PLACE, len(self._others))
        start = len(self._others) + len(local)
        end = END.pack(b"PK\5\6", 0, 0, self._count, self._count, len(self._directory), start, 0)
        return b"".join((self._others, local, self._directory, end))
