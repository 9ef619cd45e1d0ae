"""A disk in memory: folders and files as nodes, and the changes that a recording holds.

A change is safe once every node it touches was synced after it: a file for its bytes, a folder for its names. Nothing
more is assumed, though many file systems keep the order of names.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
"""Bytes that a disk writes whole."""


@dataclass(slots=True)
class Disk:
    """Node 0 is the folder that was watched."""

    folders: dict[int, dict[str, int]] = field(default_factory=lambda: {0: {}})
    files: dict[int, bytes] = field(default_factory=dict)

    def copy(self) -> "Disk":
        """Another one, the same."""
        return Disk({node: dict(names) for node, names in self.folders.items()}, dict(self.files))

    def node(self, path: tuple[str, ...]) -> int:
        """What lies at a path. Raises `KeyError`."""
        node = 0
        for name in path:
            node = self.folders[node][name]
        return node

    def tree(self, node: int = 0, path: str = "") -> dict[str, bytes | None]:
        """Every file with its bytes, and every folder as `None`."""
        found: dict[str, bytes | None] = {}
        for name, child in self.folders[node].items():
            if child in self.folders:
                found |= {f"{path}{name}": None} | self.tree(child, f"{path}{name}/")
            else:
                found[f"{path}{name}"] = self.files.get(child, b"")
        return found


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes of a file."""

    node: int
    at: int
    data: bytes

    @property
    def nodes(self) -> frozenset[int]:
        """What must be synced."""
        return frozenset((self.node,))

    def apply(self, disk: Disk, rng: random.Random | None = None) -> None:
        """Put them; with `rng` only some sectors of them: the file has grown, and the rest of it is zeros."""
        held = disk.files.get(self.node, b"")
        old = held.ljust(self.at + len(self.data), b"\0")
        new = bytearray(old)
        new[self.at : self.at + len(self.data)] = self.data
        if rng is not None:
            for start in range(self.at - self.at % SECTOR, self.at + len(self.data), SECTOR):
                if rng.random() < 0.5:
                    new[start : start + SECTOR] = old[start : start + SECTOR]
        disk.files[self.node] = bytes(new)


@dataclass(frozen=True, slots=True)
class Cut:
    """Another size of a file."""

    node: int
    size: int

    @property
    def nodes(self) -> frozenset[int]:
        """What must be synced."""
        return frozenset((self.node,))

    def apply(self, disk: Disk, rng: random.Random | None = None) -> None:
        """Cut or extend."""
        disk.files[self.node] = disk.files.get(self.node, b"")[: self.size].ljust(self.size, b"\0")


@dataclass(frozen=True, slots=True)
class Named:
    """A node gets a name, leaves one, or both at once; a new folder comes with it."""

    node: int
    to: tuple[int, str] | None = None
    leaves: tuple[int, str] | None = None
    folder: bool = False

    @property
    def nodes(self) -> frozenset[int]:
        """What must be synced."""
        return frozenset(place[0] for place in (self.to, self.leaves) if place)

    def apply(self, disk: Disk, rng: random.Random | None = None) -> None:
        """Change the names."""
        if self.folder:
            disk.folders.setdefault(self.node, {})
        if self.leaves and disk.folders.get(self.leaves[0], {}).get(self.leaves[1]) == self.node:
            del disk.folders[self.leaves[0]][self.leaves[1]]
        if self.to:
            disk.folders.setdefault(self.to[0], {})[self.to[1]] = self.node


@dataclass(frozen=True, slots=True)
class Synced:
    """A file's bytes or a folder's names are safe."""

    node: int


@dataclass(frozen=True, slots=True)
class Told:
    """The writer said that something is done."""

    words: str


Change = Written | Cut | Named
Step = Change | Synced | Told


def laid_out(tree: dict[str, bytes | None], folder: Path) -> None:
    """Make a tree below a folder that is there; private, as this program makes its own."""
    for path, data in sorted(tree.items()):
        place = folder / path
        if data is None:
            place.mkdir(mode=0o700)
        else:
            place.touch(0o600)
            place.write_bytes(data)
