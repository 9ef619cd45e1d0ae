"""A PyTorch file's tensors are read without running its pickle; anything but plain tensors is an error."""

import collections
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch  # noqa: TID253 (what it writes is what is read)

from reviewer import tensors
from reviewer.errors import ModelError


def plain() -> "collections.OrderedDict[str, torch.Tensor]":
    """Tensors of several types and shapes, two of them over one storage."""
    both = torch.arange(12, dtype=torch.float32)
    return collections.OrderedDict(
        b=torch.randn(3, 4, 5), a=torch.arange(7), half=torch.ones(2, 2, dtype=torch.float16), left=both[:6],
        right=both[6:].reshape(2, 3), one=torch.tensor(2.5, dtype=torch.float64), none=torch.zeros(0, 4),
    )  # fmt: skip


@pytest.mark.parametrize("ordered", [False, True])
def test_what_torch_wrote_is_read(tmp_path: Path, ordered: bool) -> None:
    made = plain()
    torch.save(dict(made) if not ordered else made, tmp_path / "m.bin")
    found = tensors.read(tmp_path / "m.bin")
    assert list(found) == list(made)
    for name, tensor in made.items():
        assert found[name].dtype == tensor.numpy().dtype
        np.testing.assert_array_equal(found[name], tensor.numpy())


class Trap:
    """Runs a command where it is unpickled."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.sprung}",)


def rewritten(path: Path, code: bytes) -> Path:
    """A file of torch with another pickle in it."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in members.items():
            new.writestr(name, code if name.endswith("data.pkl") else data)
    return path


@pytest.mark.parametrize("protocol", range(6))
def test_a_trap_is_refused_and_not_sprung(tmp_path: Path, protocol: int) -> None:
    torch.save(plain(), tmp_path / "m.bin")
    trap = pickle.dumps({"a": Trap(tmp_path / "sprung")}, protocol=protocol)
    with pytest.raises(ModelError, match="is not a plain tensor file"):
        tensors.read(rewritten(tmp_path / "m.bin", trap))
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "held",
    [{"a": torch.randn(3, 4).t()}, {"a": [torch.ones(1)]}, {"a": 1}, [torch.ones(1)], {1: torch.ones(1)}],
    ids=["turned", "a list", "a number", "no dict", "no name"],
)
def test_what_is_no_plain_tensor_is_refused(tmp_path: Path, held: object) -> None:
    torch.save(held, tmp_path / "m.bin")
    with pytest.raises(ModelError, match="is not a plain tensor file"):
        tensors.read(tmp_path / "m.bin")


def test_every_cut_and_changed_instruction_is_refused_or_read(tmp_path: Path) -> None:
    torch.save(plain(), tmp_path / "m.bin")
    with zipfile.ZipFile(tmp_path / "m.bin") as file:
        code = next(file.read(name) for name in file.namelist() if name.endswith("data.pkl"))
    refused = 0
    for at in range(len(code)):
        for changed in (code[:at], code[:at] + bytes([code[at] ^ 1 << at % 8]) + code[at + 1 :]):
            try:
                tensors.read(rewritten(tmp_path / "m.bin", changed))
            except ModelError:
                refused += 1
    assert refused > len(code)


def test_no_zip_and_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.bin").write_bytes(pickle.dumps({"a": 1}))
    for path in (tmp_path / "m.bin", tmp_path / "none.bin"):
        with pytest.raises(ModelError, match="is not a plain tensor file"):
            tensors.read(path)
