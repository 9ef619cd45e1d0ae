"""The tensors of a PyTorch file, as data: its pickle is walked instruction by instruction and never run.

Only what a plain `state_dict` is made of is known: names, numbers, tuples, a dict, storages, and tensors over them that
lie in them in order. Everything else is an error, whatever it would do when run.
"""

import math
import pickletools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import ModelError

TENSOR, DICT = "torch._utils _rebuild_tensor_v2", "collections OrderedDict"
TYPES = {
    "torch FloatStorage": "<f4",
    "torch DoubleStorage": "<f8",
    "torch HalfStorage": "<f2",
    "torch LongStorage": "<i8",
    "torch IntStorage": "<i4",
}
"""Storages that are known, and numpy's names for what they hold."""

LONGEST = 16 << 20
"""Bytes of instructions that are read."""

_VALUES = {"BINUNICODE", "SHORT_BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1"}
_CONSTANTS: dict[str, Any] = {"EMPTY_TUPLE": (), "NEWTRUE": True, "NEWFALSE": False, "NONE": None}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_PUTS, _GETS = {"BINPUT", "LONG_BINPUT"}, {"BINGET", "LONG_BINGET"}
_MARK = object()


class _Name(NamedTuple):
    """What the file would call: a name, which nobody looks up."""

    name: str


class _Stored(NamedTuple):
    """A storage: its type, the file's member, and how many numbers lie in it."""

    kind: str
    member: str
    length: int


class _Tensor(NamedTuple):
    """A tensor over a storage."""

    storage: _Stored
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read(path: Path) -> dict[str, NDArray[Any]]:
    """Name to array, in the file's order. Raises `ModelError` for a file that holds anything else."""
    try:
        with zipfile.ZipFile(path) as file:
            (code,) = (name for name in file.namelist() if name.endswith("/data.pkl"))
            if file.getinfo(code).file_size > LONGEST:
                raise ValueError(code)
            folder = code.removesuffix("data.pkl")
            return {name: _array(file, folder, tensor) for name, tensor in _tensors(file.read(code))}
    except (OSError, zipfile.BadZipFile, ValueError, TypeError, LookupError, AttributeError) as exc:
        raise ModelError(
            f"{path.name} 不是单纯的张量文件 / is not a plain tensor file", "重新下载 / fetch it again"
        ) from exc


def _tensors(code: bytes) -> Iterator[tuple[str, _Tensor]]:
    held = _walked(code)
    if not isinstance(held, dict):
        raise TypeError(type(held))
    for name, tensor in held.items():
        if not isinstance(name, str) or not isinstance(tensor, _Tensor):
            raise TypeError(name)
        yield name, tensor


def _walked(code: bytes) -> Any:
    """What the instructions leave behind. Raises `ValueError` for one that no plain file has."""
    stack: list[Any] = []
    kept: dict[Any, Any] = {}
    for instruction, value, _ in pickletools.genops(code):
        name = instruction.name
        if name in _VALUES:
            stack.append(value)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            stack[-_TUPLES[name] :] = [tuple(stack[-_TUPLES[name] :])]
        elif name in _PUTS:
            kept[value] = stack[-1]
        elif name in _GETS:
            stack.append(kept[value])
        elif name == "STOP":
            return stack.pop()
        elif name != "PROTO":
            _step(name, value, stack)
    raise ValueError("no end")


def _step(name: str, value: Any, stack: list[Any]) -> None:
    """The instructions that make something of what lies on the stack."""
    match name:
        case "MARK":
            stack.append(_MARK)
        case "EMPTY_DICT":
            stack.append({})
        case "TUPLE":
            stack.append(tuple(_since_mark(stack)))
        case "SETITEMS":
            items = _since_mark(stack)
            stack[-1].update(zip(items[::2], items[1::2], strict=True))
        case "GLOBAL" if value in (TENSOR, DICT) or value in TYPES:
            stack.append(_Name(value))
        case "BINPERSID":
            _, kind, member, _, length = stack.pop()
            stack.append(_Stored(kind.name, member, length))
        case "REDUCE":
            arguments, what = stack.pop(), stack.pop()
            stack.append({} if (what.name, arguments) == (DICT, ()) else _tensor(what.name, *arguments))
        case _:
            raise ValueError(name)


def _tensor(
    name: str, storage: _Stored, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any
) -> _Tensor:
    if name != TENSOR:
        raise ValueError(name)
    return _Tensor(storage, offset, shape, strides)


def _since_mark(stack: list[Any]) -> list[Any]:
    at = len(stack) - 1 - stack[::-1].index(_MARK)
    items = stack[at + 1 :]
    del stack[at:]
    return items


def _array(file: zipfile.ZipFile, folder: str, tensor: _Tensor) -> NDArray[Any]:
    storage, size = tensor.storage, math.prod(tensor.shape)
    if tensor.strides != tuple(math.prod(tensor.shape[k + 1 :]) for k in range(len(tensor.shape))):
        raise ValueError("not in order")
    held = np.frombuffer(file.read(f"{folder}data/{storage.member}"), TYPES[storage.kind])
    if held.size != storage.length or not 0 <= tensor.offset <= storage.length - size:
        raise ValueError("not of its size")
    return held[tensor.offset : tensor.offset + size].reshape(tensor.shape)
