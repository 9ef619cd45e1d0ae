"""GGUF files: everything a header says is checked before llama.cpp sees it, whose parser has had memory errors.

Stricter than the format (GGUF version 3, little-endian): one file, known tensor types, no gaps, one of the
architectures that this program was tried with. Nothing in the file is executed; its chat template is never used.
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from reviewer.errors import ModelError

ARCHITECTURES = frozenset({"qwen2", "qwen3"})
MAX_HEADER = 32 << 20
"""Bytes that metadata and tensor descriptions may take; those of a vocabulary of 152,000 take 6 MiB."""
MAX_PAIRS, MAX_TENSORS = 4096, 8192
MAX_STRING = 1 << 20
MAX_ARRAY = 2_000_000
MAX_NAME = 63
"""Bytes of a tensor's name, and of a metadata key four times that."""

_SIMPLE = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
"""Value types of a fixed size, by number; 7 is a truth value."""
_BOOL, _STRING, _ARRAY = 7, 8, 9

_MEND = "删掉后重新下载 / delete it and fetch it again"

BLOCKS: Mapping[int, tuple[int, int]] = {
    0: (1, 4), 1: (1, 2), 30: (1, 2),  # F32, F16, BF16
    2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),  # Q4_0, Q4_1, Q5_0, Q5_1, Q8_0
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),  # Q2_K to Q6_K
    20: (32, 18), 23: (256, 136),  # IQ4_NL, IQ4_XS
}  # fmt: skip
"""Tensor types that are loaded: elements and bytes of a block (ggml's type table)."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a sound file says of itself."""

    metadata: Mapping[str, Any]
    """Values by key; an array is only its length."""
    tensors: int
    size: int
    """Bytes of the header, up to the tensors' data."""


class _Bad(Exception):
    """What is wrong."""


def check(stream: IO[bytes], name: str) -> Header:
    """Check the header of the GGUF file in `stream`, which is read from its start.

    Raises `ModelError` that says what is wrong with the file called `name`.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    try:
        return _Parser(stream.read(MAX_HEADER), size).header()
    except (_Bad, UnicodeDecodeError) as exc:
        what = "text that is not UTF-8" if isinstance(exc, UnicodeDecodeError) else str(exc)
        raise ModelError(f"{name} 不是完好的 GGUF 文件 / is not a sound GGUF file: {what}", _MEND) from exc
    except struct.error as exc:
        raise ModelError(f"{name} 不是完好的 GGUF 文件 / is not a sound GGUF file: it ends early", _MEND) from exc


class _Parser:
    """Reads on from `_at`; running off the end is a `struct.error`."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size, self._at = data, size, 0

    def header(self) -> Header:
        magic, version, tensors, pairs = self._take("<4sIQQ")
        _want(magic == b"GGUF", "its first bytes are not GGUF")
        _want(version == 3, f"version {version}, not 3")
        _want(0 < tensors <= MAX_TENSORS, f"{tensors} tensors")
        _want(0 < pairs <= MAX_PAIRS, f"{pairs} metadata values")
        metadata: dict[str, Any] = {}
        for _ in range(pairs):
            key = self._string(4 * MAX_NAME + 4).decode("ascii", "replace")
            _want(re.fullmatch(r"[A-Za-z0-9_.-]+", key) is not None, "a metadata key of other characters")
            _want(key not in metadata, f"{key} twice")
            metadata[key] = self._value(key)
        alignment = _sensible(metadata)
        self._tensors(tensors, alignment)
        return Header(metadata, tensors, self._at)

    def _tensors(self, count: int, alignment: int) -> None:
        names, raw, end = set(), 0, 0
        for _ in range(count):
            name = self._string(MAX_NAME)
            _want(name not in names, "a tensor name twice")
            names.add(name)
            (dimensions,) = self._take("<I")
            _want(1 <= dimensions <= 4, f"a tensor of {dimensions} dimensions")
            shape = self._take(f"<{dimensions}Q")
            kind, offset = self._take("<IQ")
            _want(kind in BLOCKS, f"tensor type {kind}")
            elements, size = BLOCKS[kind]
            total = 1
            for length in shape:
                total *= length
                _want(length > 0 and total < 2**63, "a tensor without a sensible shape")
            _want(shape[0] % elements == 0, "a tensor row that is not made of whole blocks")
            _want(offset == end, "a tensor that does not follow the one before it")
            raw = offset + total // elements * size
            end = _up(raw, alignment)
        self._at = _up(self._at, alignment)
        first, last = self._at + raw, self._at + end
        _want(first <= self._size <= last, f"{self._size} bytes where the header describes {last}")

    def _value(self, key: str) -> Any:
        (kind,) = self._take("<I")
        if kind == _STRING:
            return self._string(MAX_STRING).decode("utf-8")
        if kind == _ARRAY:
            return self._array(key)
        _want(kind in _SIMPLE, f"{key} has a value of type {kind}")
        (value,) = self._take(f"<{_SIMPLE[kind]}")
        _want(kind != _BOOL or value in (0, 1), f"{key} is neither true nor false")
        return value

    def _array(self, key: str) -> int:
        """Step over an array; returns its length."""
        kind, count = self._take("<IQ")
        _want(count <= MAX_ARRAY, f"{key} has {count} elements")
        if kind == _STRING:
            data, at, length_at = self._data, self._at, struct.Struct("<Q").unpack_from
            for _ in range(count):
                (length,) = length_at(data, at)
                if length > MAX_STRING:
                    raise _Bad(f"{key} holds a text of {length} bytes")
                at += 8 + length
            self._at = at
        else:
            _want(kind in _SIMPLE, f"{key} is an array of type {kind}")
            self._at += int(count) * struct.calcsize(_SIMPLE[kind])
        _want(self._at <= len(self._data), "it ends early")
        return int(count)

    def _string(self, limit: int) -> bytes:
        (length,) = self._take("<Q")
        _want(0 < length <= limit or (length == 0 and limit == MAX_STRING), f"a text of {length} bytes")
        text = self._data[self._at : self._at + length]
        _want(len(text) == length, "it ends early")
        self._at += int(length)
        return text

    def _take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return found


def _sensible(metadata: Mapping[str, Any]) -> int:
    """Check the values that decide how the rest is read; returns the alignment in bytes."""
    architecture = metadata.get("general.architecture")
    _want(architecture in ARCHITECTURES, f"architecture {architecture!r:.40}, not {' or '.join(sorted(ARCHITECTURES))}")
    _want(metadata.get("split.count", 0) in (0, 1), "a part of a model in several files")
    alignment = metadata.get("general.alignment", 32)
    _want(type(alignment) is int and 32 <= alignment <= 4096 and alignment & (alignment - 1) == 0, "its alignment")
    return int(alignment)


def _up(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment


def _want(holds: bool, otherwise: str) -> None:
    if not holds:
        raise _Bad(otherwise)
