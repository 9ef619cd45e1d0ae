"""`models.txt`: which weights may be used, where they come from, and that every byte is as listed."""

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from reviewer.draft import Value
from reviewer.errors import ModelError

Report = Callable[[int], None]
"""Called with the number of bytes dealt with since the last call."""


class ModelFile(Value):
    """One file of a model: path below the models folder, size in bytes, SHA-256."""

    path: str
    size: int
    sha256: str


class Model(Value):
    """One stanza of `models.txt`."""

    name: str
    role: str
    license: str
    status: str = "verified"
    note: str = ""
    files: tuple[ModelFile, ...]
    converts: tuple[ModelFile, ...] = ()
    """Downloaded files that are made into `files[0]` once and then removed."""
    sources: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(f.size for f in self.files)

    @property
    def sha256(self) -> str:
        """Hash of the first file, the weights."""
        return self.files[0].sha256

    @property
    def place(self) -> str:
        """What a loader is given, below the models folder: the file, or the folder of several files."""
        return self.files[0].path if len(self.files) == 1 else str(Path(self.files[0].path).parent)


class Catalogue(Value):
    """Every model of a `models.txt`."""

    models: tuple[Model, ...]

    @classmethod
    def load(cls, path: Path) -> "Catalogue":
        """Read stanzas. Raises `ModelError` that names file and line."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as exc:
            raise ModelError(f"{path.name} cannot be read: {exc.strerror}", "restore it from the release") from exc
        stanzas: list[dict[str, list[str]]] = [{}]
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            if not line.strip():
                stanzas.append({})
                continue
            key, colon, value = line.partition(":")
            if not colon or key not in _FIELDS:
                raise ModelError(f"{path.name}:{number}: unknown field {key.strip()!r}")
            stanzas[-1].setdefault(key, []).append(value.strip())
        return cls(models=tuple(_model(s, path.name) for s in stanzas if s))

    @cached_property
    def _by_name(self) -> dict[str, Model]:
        return {m.name: m for m in self.models}

    def named(self, name: str) -> Model:
        """The stanza of that name. Raises `ModelError`."""
        model = self._by_name.get(name)
        if model is None:
            raise ModelError(f"{name} is not in models.txt", f"known: {', '.join(self._by_name)}")
        return model

    def find(self, name: str, folders: Sequence[Path]) -> Path:
        """Where the verified model lies. Raises `ModelError` when it is missing or a byte differs."""
        model = self.named(name)
        for folder in folders:
            if all((folder / f.path).exists() for f in model.files):
                verify(model, folder)
                return folder / model.place
        raise ModelError(f"the model {name} is not here", f"run `reviewer models fetch {name}`")


_FIELDS = {"Name", "Role", "License", "Status", "Note", "File", "Convert", "Source"}


def _model(stanza: dict[str, list[str]], where: str) -> Model:
    try:
        return Model(
            name=stanza["Name"][0],
            role=stanza["Role"][0],
            license=stanza["License"][0],
            status=stanza.get("Status", ["verified"])[0],
            note=stanza.get("Note", [""])[0],
            files=tuple(_file(v, where) for v in stanza["File"]),
            converts=tuple(_file(v, where) for v in stanza.get("Convert", [])),
            sources=tuple(stanza["Source"]),
        )
    except KeyError as exc:
        raise ModelError(f"{where}: a stanza ({stanza.get('Name', ['?'])[0]}) lacks {exc.args[0]}") from exc


def _file(value: str, where: str) -> ModelFile:
    m = re.fullmatch(r"(\S+) (\d+) ([0-9a-f]{64})", value)
    if m is None or m[1].startswith("/") or ".." in Path(m[1]).parts:
        raise ModelError(f"{where}: not a path, a size and a SHA-256: {value}")
    return ModelFile(path=m[1], size=int(m[2]), sha256=m[3])


def verify(model: Model, folder: Path, report: Report | None = None) -> None:
    """Check every file of `model` below `folder`. Raises `ModelError` that names the file and both hashes."""
    for file in model.files:
        check_file(folder / file.path, file, report)


def check_file(path: Path, file: ModelFile, report: Report | None = None) -> None:
    """Check size and hash of one file. Raises `ModelError`."""
    digest = hashlib.sha256()
    try:
        size = path.stat().st_size
        if size != file.size:
            raise ModelError(f"{path.name} has {size} bytes, not {file.size}", "delete it and fetch it again")
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                if report:
                    report(len(block))
    except OSError as exc:
        raise ModelError(f"{path.name} cannot be read: {exc.strerror}", "run `reviewer models fetch`") from exc
    if digest.hexdigest() != file.sha256:
        raise ModelError(
            f"{path.name} is not the listed file: SHA-256 {digest.hexdigest()}, expected {file.sha256}",
            "delete it and fetch it again",
        )
