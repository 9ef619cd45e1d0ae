"""Text in every encoding we promise; binary and undecodable bytes are clear errors."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.draft import Channel
from reviewer.errors import ReadError
from reviewer.readers import MAX_BYTES, from_text, read_bytes, read_file
from reviewer.readers.formats import plain

TEXT = "各单位：请于周五前报送。\n密级：公开"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert read_bytes(TEXT.encode(encoding), "a.txt", Channel.EMAIL).text == TEXT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x00\x01\x02\x03" * 50 + b"\xff", "binary"),
        (b"\xff\xff\xff\x81", "GB18030"),
    ],
)
def test_what_is_not_text_is_an_error(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        read_bytes(data, "x.txt", Channel.EMAIL)


@pytest.mark.parametrize("words", [b"ab\xe5\xaf\x86", b"ab\xe5\xaf\x86\xe5\xaf\x86\x80"])
def test_damaged_text_takes_little_memory(words: bytes) -> None:
    data = words * 2**17 + b"\xe5"
    tracemalloc.start()
    try:
        read_bytes(data, "x.txt", Channel.EMAIL)
        assert tracemalloc.get_traced_memory()[1] < 8 * len(data)
    finally:
        tracemalloc.stop()


def test_too_large_and_missing_files_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="larger than"):
        read_bytes(b"a" * (MAX_BYTES + 1), "x.txt", Channel.EMAIL)
    with pytest.raises(ReadError, match="No such file"):
        read_file(tmp_path / "none.txt", Channel.EMAIL)


def test_a_lone_surrogate_keeps_every_place() -> None:
    draft = from_text("甲\ud800乙", Channel.EMAIL)
    assert draft.text == "甲\ufffd乙"


@given(st.binary(max_size=300).filter(lambda data: plain(data, "x.txt")))
def test_any_bytes_are_text_or_a_read_error(data: bytes) -> None:
    try:
        draft = read_bytes(data, "x.txt", Channel.EMAIL)
    except ReadError:
        return
    draft.text.encode("utf-8")
