"""What a bundle says of itself: for whom, until when, which versions, and every file with its size and hash."""

import json
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from reviewer.bundle.faults import refused
from reviewer.draft import Value
from reviewer.errors import invalid

NAME = "manifest.json"
BYTES = 4 << 20
FILES = 5_000
TOTAL_BYTES = 64 << 30
DEPTH = 6

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,119}")
"""A name that means the same on every file system."""


class Kind(StrEnum):
    """What a bundle can bring; the folder its files lie in."""

    PACKS = "packs"
    PRECEDENTS = "precedents"
    HEADS = "heads"
    INDEX = "index"
    MODELS = "models"
    WHEELS = "wheels"


STORE = f"{Kind.INDEX}/store.db"
"""The file of an index."""

SUFFIXES: Mapping[Kind, tuple[str, ...]] = {
    Kind.PACKS: (".toml",),
    Kind.PRECEDENTS: (".jsonl",),
    Kind.HEADS: ("heads.safetensors",),
    Kind.INDEX: (".db", ".salt"),
    Kind.MODELS: (".gguf", ".safetensors", ".json", ".txt"),
    Kind.WHEELS: (".whl", ".tar.gz", ".lock"),
}
"""How the files of a kind end."""


class File(Value):
    """One file: path below the bundle, bytes, SHA-256."""

    path: str = Field(max_length=240)
    size: int = Field(ge=0, le=TOTAL_BYTES)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def kind(self) -> Kind:
        """What the file is part of."""
        return Kind(PurePosixPath(self.path).parts[0])

    @field_validator("path")
    @classmethod
    def _plain(cls, value: str) -> str:
        parts = value.split("/")
        if not 2 <= len(parts) <= DEPTH or not all(_PART.fullmatch(p) and not p.endswith(".") for p in parts):
            raise ValueError("not a plain relative path")
        if parts[0] not in set(Kind) or not value.endswith(SUFFIXES[Kind(parts[0])]):
            raise ValueError("not a file that a bundle may bring")
        return value


class Manifest(Value):
    """The signed statement."""

    format: Literal[1] = 1
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    created: date
    not_after: date
    """The last day on which it may be applied, UTC."""
    audience: tuple[str, ...] = Field(min_length=1, max_length=1000)
    """Stations it is for."""
    minimum: str = Field(pattern=r"^\d+(\.\d+){0,2}$")
    """The oldest program version that understands it."""
    versions: dict[Kind, int]
    """Version of each kind; a station never goes back unless it is told to."""
    files: tuple[File, ...] = Field(min_length=1, max_length=FILES)

    @model_validator(mode="after")
    def _consistent(self) -> "Manifest":
        if {f.kind for f in self.files} != set(self.versions) or any(v < 1 for v in self.versions.values()):
            raise ValueError("every kind has files and a version from 1")
        if sum(f.size for f in self.files) > TOTAL_BYTES:
            raise ValueError("too large")
        if Kind.INDEX in self.versions and STORE not in (f.path for f in self.files):
            raise ValueError(f"an index is {STORE}")
        leaves: set[str] = set()
        folders: dict[str, str] = {}
        for file in self.files:
            if file.path.casefold() in leaves:
                raise ValueError("two files whose names differ in case only, or not at all")
            leaves.add(file.path.casefold())
            for parent in map(str, PurePosixPath(file.path).parents):
                if folders.setdefault(parent.casefold(), parent) != parent:
                    raise ValueError("two folders whose names differ in case only")
        if leaves & folders.keys():
            raise ValueError("a name that is a file and a folder")
        return self

    @property
    def folders(self) -> set[str]:
        """Every folder that holds a listed file."""
        return {str(p) for f in self.files for p in PurePosixPath(f.path).parents} - {"."}

    def data(self) -> bytes:
        """As it is written and signed."""
        return json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False).encode() + b"\n"


def parse(data: bytes) -> Manifest:
    """A manifest whose signatures hold. Raises `BundleError`."""
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as exc:
        raise refused("manifest", invalid(exc)) from exc
