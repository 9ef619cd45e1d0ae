"""Small GGUF files, sound and broken, written as the format says and as an attacker would."""

import struct
from collections.abc import Mapping, Sequence

U32, STRING, ARRAY = 4, 8, 9
Pair = tuple[bytes, bytes]
Tensor = tuple[bytes, Sequence[int], int, int]
"""Name, shape, type, offset."""


def text(value: bytes, length: int | None = None) -> bytes:
    """A string, or one that lies about its length."""
    return struct.pack("<Q", len(value) if length is None else length) + value


def pair(key: bytes, kind: int, value: bytes) -> Pair:
    """A metadata entry: its key, and its type with the value's bytes."""
    return key, struct.pack("<I", kind) + value


def array(kind: int, values: Sequence[bytes], count: int | None = None) -> bytes:
    """An array's bytes, or those of one that lies about its length."""
    return struct.pack("<IQ", kind, len(values) if count is None else count) + b"".join(values)


ARCHITECTURE = pair(b"general.architecture", STRING, text(b"qwen2"))
PAIRS = (
    ARCHITECTURE,
    pair(b"qwen2.block_count", U32, struct.pack("<I", 1)),
    pair(b"tokenizer.ggml.tokens", ARRAY, array(STRING, [text("甲".encode()), text(b"b")])),
    pair(b"tokenizer.ggml.scores", ARRAY, array(6, [struct.pack("<f", 0.5)])),
)
TENSORS: Sequence[Tensor] = ((b"token_embd.weight", (32, 2), 0, 0), (b"output_norm.weight", (32,), 8, 256))
"""256 bytes of F32, then one block of Q8_0 (34 bytes)."""


def gguf(
    pairs: Sequence[Pair] = PAIRS,
    tensors: Sequence[Tensor] = TENSORS,
    *,
    magic: bytes = b"GGUF",
    version: int = 3,
    counts: Mapping[str, int] | None = None,
    data: int = 256 + 34,
    alignment: int = 32,
) -> bytes:
    """A file of these metadata and tensors; `counts` puts other numbers into its head, `data` is what follows."""
    told = {"tensors": len(tensors), "pairs": len(pairs), **(counts or {})}
    head = magic + struct.pack("<IQQ", version, told["tensors"], told["pairs"])
    head += b"".join(text(key) + value for key, value in pairs)
    for name, shape, kind, offset in tensors:
        head += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
    return head + bytes(-len(head) % alignment) + bytes(data)
