"""Bytes of a ZIP file that its directory knows nothing of are named; what programs write around the members is not."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from reviewer.draft import Lang
from reviewer.readers.reasons import Reason, say
from tests.samples.make import BODY, GOOD, MARK, zipped
from tests.samples.office import members
from tests.test_hidden_words import parsed

KINDS = ("zip", "docx", "xlsx", "pptx", "ofd")
NAMED = say(Reason.UNSAFE, "", Lang.ZH)
SECRET = zipped({"底稿.txt": MARK})


class Stream(io.RawIOBase):
    """What a program writes into without going back: the sizes of a member follow it."""

    def __init__(self) -> None:
        self.written = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.written += bytes(data)
        return len(data)


def unlisted(parts: Mapping[str, bytes], place: int) -> bytes:
    """A file with a member at that place that its directory does not list."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number, (name, content) in enumerate((*parts.items(), ("", b""))):
            if number == place:
                package.writestr("底稿.txt", MARK)
                del package.filelist[-1]
            if name:
                package.writestr(name, content)
    return out.getvalue()


def streamed(parts: Mapping[str, bytes], *, large: bool = False, marked: bool = True) -> bytes:
    """The members as a program writes them that cannot go back; not all mark the sizes behind them."""
    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            with package.open(name, "w", force_zip64=large) as member:
                member.write(content)
    if marked:
        return out.written
    data, gone = out.written, 0
    for info in zipfile.ZipFile(io.BytesIO(data)).infolist():
        listed = data.rindex(info.orig_filename.encode()) - 46
        data = data[: listed + 42] + (info.header_offset - gone).to_bytes(4, "little") + data[listed + 46 :]
        later = data.index(b"PK\x07\x08" + info.CRC.to_bytes(4, "little"))
        data, gone = data[:later] + data[later + 4 :], gone + 4
    end = len(data) - 22
    start = int.from_bytes(data[end + 16 : end + 20], "little") - gone
    return data[: end + 16] + start.to_bytes(4, "little") + data[end + 20 :]


def padded(parts: Mapping[str, bytes]) -> bytes:
    """The members as Office writes them, with room to grow before their contents, and something said of the whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.comment = "说明".encode()
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.extra = b"\x20\xa2\x24\x00\x28\xa0\x20\x00" + b"\0" * 32
            package.writestr(info, content)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_around_the_members_is_named_and_they_are_read(kind: str) -> None:
    data, parts = GOOD[kind](), members(GOOD[kind]())
    whole = parsed(data, f"a.{kind}")
    assert whole.unread == ()
    hiding = [SECRET + data, data + MARK.encode(), *(unlisted(parts, place) for place in (0, 1, len(parts)))]
    for made in hiding:
        draft = parsed(made, f"a.{kind}")
        assert [u.reason for u in draft.unread] == [NAMED]
        assert draft.text == whole.text


@pytest.mark.parametrize("kind", KINDS)
def test_what_programs_write_around_the_members_is_not_named(kind: str) -> None:
    parts = members(GOOD[kind]())
    whole = parsed(GOOD[kind](), f"a.{kind}").text
    for made in (
        streamed(parts),
        streamed(parts, large=True),
        streamed(parts, marked=False),
        padded(parts),
        unlisted(parts, -1) + b"\0" * 512,
    ):
        draft = parsed(made, f"a.{kind}")
        assert draft.unread == ()
        assert whole in draft.text


def test_an_archive_of_nothing_is_one() -> None:
    assert parsed(zipped({}), "a.zip").unread == ()
    assert [u.reason for u in parsed(zipped({}) + BODY.encode(), "a.zip").unread] == [NAMED]


@pytest.mark.parametrize("behind", [b"\n", b"\r\n"])
def test_ends_of_lines_that_a_gateway_puts_behind_a_file_are_nothing(behind: bytes) -> None:
    assert parsed(zipped({"a.txt": BODY}) + behind, "a.zip").unread == ()
