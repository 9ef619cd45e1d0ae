"""The check of GGUF headers: sound files pass, every lie that a header can tell is named."""

import contextlib
import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer import gguf
from reviewer.errors import ModelError
from tests.pace import least, slowness
from tests.samples.gguf import ARCHITECTURE, ARRAY, PAIRS, STRING, TENSORS, U32, array, pair, text
from tests.samples.gguf import gguf as make

MAX = 2**64 - 1
F32 = struct.pack("<f", 1.0)


def check(data: bytes) -> gguf.Header:
    """The header of these bytes."""
    return gguf.check(io.BytesIO(data), "m.gguf")


def test_a_sound_file_passes() -> None:
    found = check(make())
    assert found.tensors == 2
    assert found.size == len(make()) - 290
    assert found.metadata["general.architecture"] == "qwen2"
    assert found.metadata["tokenizer.ggml.tokens"] == 2


def test_another_alignment_is_followed() -> None:
    pairs = (*PAIRS, pair(b"general.alignment", U32, struct.pack("<I", 256)))
    tensors = (TENSORS[0], TENSORS[1])
    assert check(make(pairs, tensors, alignment=256)).size % 256 == 0


def with_pair(key: bytes, kind: int, value: bytes) -> bytes:
    """A file with one more metadata entry."""
    return make((*PAIRS, pair(key, kind, value)))


def with_tensor(*tensor: object) -> bytes:
    """A file of one tensor."""
    return make(tensors=(tensor,), data=256)  # type: ignore[arg-type]


BAD = {
    "empty": (b"", "it ends early"),
    "magic": (make(magic=b"GGML"), "its first bytes are not GGUF"),
    "version": (make(version=2), "version 2, not 3"),
    "big-endian": (make(version=3 << 24), "version 50331648, not 3"),
    "no tensors": (make(tensors=(), data=0), "0 tensors"),
    "tensors": (make(counts={"tensors": MAX}), f"{MAX} tensors"),
    "one tensor more": (make(counts={"tensors": 3}), "a text of 0 bytes"),
    "pairs": (make(counts={"pairs": MAX}), f"{MAX} metadata values"),
    "key length": (make(((ARCHITECTURE[0] * 99, ARCHITECTURE[1]),)), "a text of 1980 bytes"),
    "key letters": (with_pair(b"a b", U32, bytes(4)), "a metadata key of other characters"),
    "key twice": (make((*PAIRS, ARCHITECTURE)), "general.architecture twice"),
    "string length": (with_pair(b"a", STRING, text(b"x", MAX)), f"a text of {MAX} bytes"),
    "string end": (with_pair(b"a", STRING, text(b"x", 2**20)), "it ends early"),
    "string encoding": (with_pair(b"a", STRING, text(b"\xff")), "text that is not UTF-8"),
    "value type": (with_pair(b"a", 13, bytes(8)), "a has a value of type 13"),
    "truth value": (with_pair(b"a", 7, b"\x02"), "a is neither true nor false"),
    "array length": (with_pair(b"a", ARRAY, array(0, [b"x"], MAX)), f"a has {MAX} elements"),
    "array end": (with_pair(b"a", ARRAY, array(0, [b"x"], 2_000_000)), "it ends early"),
    "array of strings, end": (with_pair(b"a", ARRAY, array(STRING, [text(b"x")], 9)), "early|a holds a text"),
    "array, long string": (with_pair(b"a", ARRAY, array(STRING, [text(b"x", MAX)])), f"a holds a text of {MAX} bytes"),
    "array in an array": (with_pair(b"a", ARRAY, array(ARRAY, [array(0, [])])), "a is an array of type 9"),
    "architecture": (make((pair(b"general.architecture", STRING, text(b"plamo2")),)), "architecture 'plamo2'"),
    "architecture type": (make((pair(b"general.architecture", U32, bytes(4)),)), "architecture 0"),
    "no architecture": (make(PAIRS[1:]), "architecture None"),
    "several files": (with_pair(b"split.count", 2, struct.pack("<H", 3)), "a part of a model in several files"),
    "alignment 0": (with_pair(b"general.alignment", U32, bytes(4)), "its alignment"),
    "alignment 33": (with_pair(b"general.alignment", U32, struct.pack("<I", 33)), "its alignment"),
    "alignment huge": (with_pair(b"general.alignment", U32, struct.pack("<I", 2**31)), "its alignment"),
    "alignment type": (with_pair(b"general.alignment", 6, F32), "its alignment"),
    "tensor twice": (make(tensors=(TENSORS[0], (TENSORS[0][0], (32,), 8, 256))), "a tensor name twice"),
    "tensor name": (with_tensor(b"x" * 64, (64,), 0, 0), "a text of 64 bytes"),
    "tensor without name": (with_tensor(b"", (64,), 0, 0), "a text of 0 bytes"),
    "dimensions": (with_tensor(b"x", (1,) * 5, 0, 0), "a tensor of 5 dimensions"),
    "no dimension": (with_tensor(b"x", (), 0, 0), "a tensor of 0 dimensions"),
    "empty dimension": (with_tensor(b"x", (64, 0), 0, 0), "without a sensible shape"),
    "product": (with_tensor(b"x", (2**32, 2**32), 0, 0), "without a sensible shape"),
    "negative dimension": (with_tensor(b"x", (MAX, 2), 0, 0), "without a sensible shape"),
    "tensor type": (with_tensor(b"x", (64,), 99, 0), "tensor type 99"),
    "blocks": (with_tensor(b"x", (33,), 8, 0), "not made of whole blocks"),
    "offset": (with_tensor(b"x", (64,), 0, 32), "does not follow the one before"),
    "offset overlap": (make(tensors=(TENSORS[0], (b"y", (32,), 8, 0))), "does not follow the one before"),
    "offset wraps": (make(tensors=(TENSORS[0], (b"y", (32,), 8, MAX - 31))), "does not follow the one before"),
    "data missing": (make(data=289), "bytes where the header describes"),
    "data behind": (make(data=256 + 34 + 64), "bytes where the header describes"),
}
"""Broken files: how they are made, and words that the error must hold."""


@pytest.mark.parametrize("name", BAD)
def test_every_lie_is_named(name: str) -> None:
    data, words = BAD[name]
    with pytest.raises(ModelError, match=rf"m\.gguf 不是完好的 GGUF 文件 / is not a sound GGUF file: .*({words})"):
        check(data)


def test_every_cut_is_an_error() -> None:
    whole = make()
    for end in range(len(whole)):
        with pytest.raises(ModelError):
            check(whole[:end])


@given(st.integers(0, len(make()) - 291), st.integers(0, 255))
def test_any_changed_byte_is_sound_or_a_model_error(at: int, value: int) -> None:
    data = bytearray(make())
    data[at] = value
    with contextlib.suppress(ModelError):
        assert check(bytes(data)).tensors in (1, 2)


def test_a_header_longer_than_allowed_is_an_error() -> None:
    words = [text(b"x" * 2**20)] * 33
    with pytest.raises(ModelError, match="it ends early"):
        check(with_pair(b"a", ARRAY, array(STRING, words)))


@pytest.mark.alone
def test_a_large_vocabulary_is_checked_in_a_fifth_of_a_second() -> None:
    words = array(STRING, [text(b"a word")] * 320_000)
    data = with_pair(b"tokenizer.ggml.merges", ARRAY, words)
    assert least(lambda: check(data)) < 0.2 * slowness()


@pytest.mark.alone
@pytest.mark.weights
def test_the_default_judge_is_sound() -> None:
    from reviewer.models import Catalogue
    from reviewer.paths import Home, shipped

    listed = Catalogue.load(shipped("models.txt"))
    with listed.hold("qwen2.5-coder-1.5b-instruct-q4_k_m", Home(Path("/nowhere")).models) as path, path.open("rb") as f:
        assert gguf.check(f, "judge").tensors == 339
        assert least(lambda: gguf.check(f, "judge")) < 0.2 * slowness()
