"""A strict ZIP reader for formats that are ZIP files: sizes are counted while inflating, odd structure is told."""

import io
import zipfile
import zlib
from bisect import bisect_left

from reviewer.readers import charsets, layout
from reviewer.readers.gather import Unreadable
from reviewer.readers.reasons import Reason

MAX_MEMBERS = 5000
MAX_TOTAL = 200 * 2**20
"""Bytes of all members together, inflated."""

MAX_MEMBER = 100 * 2**20
MAX_RATIO = 200
"""Largest ratio of inflated to stored bytes of a member above `SMALL`."""

SMALL = 2**20


class Package:
    """The members of a ZIP file. Every method raises `Unreadable`."""

    def __init__(self, data: bytes) -> None:
        self._left = MAX_TOTAL
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as exc:
            whole = b"PK\x05\x06" in data[-66000:]
            raise Unreadable(Reason.DAMAGED if whole else Reason.TRUNCATED) from exc
        except (ValueError, NotImplementedError, OSError) as exc:
            raise Unreadable(Reason.DAMAGED) from exc
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._folders: dict[str, zipfile.ZipInfo] = {}
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise Unreadable(Reason.BOMB)
        for info in self._zip.infolist():
            self._admit(info)
        self.stray = layout.stray(data, self._zip.start_dir, self._zip.infolist(), self._zip.comment)
        """Whether it holds bytes that its directory knows nothing of."""
        if sum(i.file_size for i in self._members.values()) > MAX_TOTAL:
            raise Unreadable(Reason.BOMB)

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        if not name or name.startswith("/") or ".." in name.split("/") or "\x00" in name or name in self._members:
            raise Unreadable(Reason.UNSAFE)
        (self._folders if info.is_dir() else self._members)[name] = info

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def names(self) -> list[str]:
        """The members in the order they are stored, without folders."""
        return list(self._members)

    def shown(self, name: str) -> str:
        """The name as people wrote it: names that are not marked as UTF-8 are GB18030 where that decodes."""
        return _shown(name, self._members[name])

    def folders(self) -> list[str]:
        """Names of the folders that hold no member, as people wrote them."""
        members = sorted(self._members)

        def holds(folder: str) -> bool:
            return any(name.startswith(folder) for name in members[bisect_left(members, folder) :][:1])

        return [_shown(name, info) for name, info in self._folders.items() if not holds(name)]

    def comments(self) -> list[tuple[str, str]]:
        """What is said of the whole, under no name, and of members and folders, under their names."""
        every = (*self._members.items(), *self._folders.items())
        found = (("", self._zip.comment), *((_shown(name, info), info.comment) for name, info in every))
        return [(name, charsets.guessed(said)) for name, said in found if said]

    def read(self, name: str) -> bytes:
        """The content of a member, inflated in steps."""
        info = self._members.get(name)
        if info is None:
            raise Unreadable(Reason.DAMAGED, name)
        if info.flag_bits & 1:
            raise Unreadable(Reason.ENCRYPTED)
        if info.file_size > MAX_MEMBER or info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            raise Unreadable(Reason.BOMB)
        data = bytearray()
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(2**20):
                    data += chunk
                    self._left -= len(chunk)
                    if len(data) > info.file_size or self._left < 0:
                        raise Unreadable(Reason.BOMB)
        except NotImplementedError as exc:
            raise Unreadable(Reason.UNSAFE) from exc
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as exc:
            raise Unreadable(Reason.DAMAGED, name) from exc
        return bytes(data)


def _shown(name: str, info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name
