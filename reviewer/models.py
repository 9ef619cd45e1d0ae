"""`models.txt`: which weights may be used, where they come from, and that every byte is as listed."""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from functools import cached_property
from io import BufferedReader
from pathlib import Path, PurePosixPath

from reviewer import gguf
from reviewer.draft import Value
from reviewer.errors import RESTORE, ModelError, why

Report = Callable[[int], None]
"""Called with the number of bytes dealt with since the last call."""

BLOCK = 1 << 22
"""Bytes read at a time into one buffer: many enough that a thread which imports libraries meanwhile is seldom asked."""


class Role(StrEnum):
    """What a model is for."""

    JUDGE = "judge"
    EMBEDDER = "embedder"
    HEADS = "heads"
    """The fitted parameters of a judge, which ship with the program."""


class ModelFile(Value):
    """One file of a model: path below the models folder, size in bytes, SHA-256."""

    path: str
    size: int
    sha256: str


class Model(Value):
    """One stanza of `models.txt`."""

    name: str
    role: Role
    license: str
    status: str = "verified"
    note: str = ""
    files: tuple[ModelFile, ...]
    converts: tuple[ModelFile, ...] = ()
    """Downloaded files that are made into `files[0]` once and then removed."""
    sources: tuple[str, ...]

    @property
    def downloads(self) -> tuple[ModelFile, ...]:
        """The files a source holds; a converted model's first file is made here instead."""
        return (*self.converts, *self.files[1:]) if self.converts else self.files

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

    def folder(self, folders: Sequence[Path], *, published: bool = False) -> Path:
        """The first of `folders` that holds every file, or every one that a source holds, not yet checked.

        Raises `ModelError` when none does.
        """
        for folder in folders:
            if all((folder / f.path).exists() for f in (self.downloads if published else self.files)):
                return folder
        raise ModelError(
            f"缺少模型 / the model {self.name} is not here", f"运行 / run `reviewer models fetch {self.name}`"
        )


class Catalogue(Value):
    """Every model of a `models.txt`."""

    models: tuple[Model, ...]

    @classmethod
    def load(cls, path: Path) -> "Catalogue":
        """Read stanzas. Raises `ModelError` that names file and line."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as exc:
            raise ModelError(f"{path.name} 读不了 / cannot be read: {why(exc)}", RESTORE) from exc
        stanzas: list[_Stanza] = [{}]
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            if not line.strip():
                stanzas.append({})
                continue
            key, colon, value = line.partition(":")
            if not colon or key not in _FIELDS:
                raise ModelError(f"{path.name}:{number}: 没有这个字段 / unknown field {key.strip()!r}", _MEND)
            stanzas[-1].setdefault(key, []).append((number, value.strip()))
        models: dict[str, Model] = {}
        for stanza in filter(None, stanzas):
            model = _model(stanza, path.name)
            if model.name in models:
                raise ModelError(f"{path.name}:{stanza['Name'][0][0]}: 重复 / {model.name} is listed twice", _MEND)
            models[model.name] = model
        return cls(models=tuple(models.values()))

    @cached_property
    def _by_name(self) -> dict[str, Model]:
        return {m.name: m for m in self.models}

    def named(self, name: str) -> Model:
        """The stanza of that name. Raises `ModelError`."""
        model = self._by_name.get(name)
        if model is None:
            raise ModelError(f"清单里没有 / {name} is not in models.txt", f"已有 / known: {', '.join(self._by_name)}")
        return model

    def find(self, name: str, folders: Sequence[Path]) -> Path:
        """Where the verified model lies. Raises `ModelError` when a file is missing, differs or is not listed."""
        model = self.named(name)
        folder = model.folder(folders)
        verify(model, folder)
        return folder / model.place

    def hold(self, name: str, folders: Sequence[Path]) -> AbstractContextManager[Path]:
        """The model's first file, the weights, as `held`. Raises `ModelError`."""
        model = self.named(name)
        return held(model.files[0], model.folder(folders))

    def file(self, path: str) -> ModelFile:
        """What is listed of the file at `path` below its folder. Raises `ModelError`."""
        found = next((f for m in self.models for f in m.files if f.path == path), None)
        if found is None:
            raise ModelError(f"清单里没有 / {path} is not in models.txt", RESTORE)
        return found


_Stanza = dict[str, list[tuple[int, str]]]
"""Field name to the values given for it, each with its line number."""

_KINDS = re.compile(
    r"(.*/)?([^/]+\.(gguf|safetensors)|(config|tokenizer|tokenizer_config|special_tokens_map)\.json|vocab\.txt)"
)
"""Files that a model may have: nothing that is unpickled, and nothing that names code to import."""
_FIELDS = {"Name", "Role", "License", "Status", "Note", "File", "Convert", "Source"}
_MEND = "改好这一行，或从发布包恢复 / mend that line or restore the file from the release"


def _model(stanza: _Stanza, where: str) -> Model:
    first = min(values[0][0] for values in stanza.values())
    missing = [field for field in ("Name", "Role", "License", "File", "Source") if field not in stanza]
    if missing:
        raise ModelError(f"{where}:{first}: 缺字段 / the stanza lacks {missing[0]}", _MEND)
    line, role = stanza["Role"][0]
    if role not in {r.value for r in Role}:
        raise ModelError(f"{where}:{line}: 没有这种用途 / unknown role {role!r}", f"已有 / known: {', '.join(Role)}")
    return Model(
        name=stanza["Name"][0][1],
        role=Role(role),
        license=stanza["License"][0][1],
        status=stanza.get("Status", [(0, "verified")])[0][1],
        note=stanza.get("Note", [(0, "")])[0][1],
        files=tuple(_loaded(*value, where) for value in stanza["File"]),
        converts=tuple(_file(*value, where) for value in stanza.get("Convert", [])),
        sources=tuple(text for _, text in stanza["Source"]),
    )


def _file(line: int, value: str, where: str) -> ModelFile:
    m = re.fullmatch(r"(\S+) (\d+) ([0-9a-f]{64})", value)
    if m is None or PurePosixPath(m[1]).is_absolute() or ".." in PurePosixPath(m[1]).parts:
        raise ModelError(
            f"{where}:{line}: 应是相对路径、大小、SHA-256 / not a relative path, a size and a SHA-256: {value}", _MEND
        )
    return ModelFile(path=m[1], size=int(m[2]), sha256=m[3])


def _loaded(line: int, value: str, where: str) -> ModelFile:
    """A file that will be loaded. Raises `ModelError`, also where it is of another kind."""
    file = _file(line, value, where)
    if _KINDS.fullmatch(file.path) is None:
        raise ModelError(
            f"{where}:{line}: 模型没有这种文件 / a model has no such file: {file.path}",
            "只收 / only safetensors and GGUF",
        )
    return file


def verify(model: Model, folder: Path, report: Report | None = None) -> None:
    """Check every file of `model` below `folder`, and that a model's folder holds nothing else.

    Raises `ModelError` that names the file; where bytes differ, with both hashes.
    """
    if len(model.files) > 1:
        place = folder / model.place
        listed = {folder / f.path for f in model.files}
        if more := sorted(p.name for p in place.rglob("*") if not p.is_dir() and p not in listed):
            raise ModelError(
                f"{model.place} 里有清单外的文件 / holds a file that is not listed: {more[0]}",
                f"删掉它 / delete it from {place}",
            )
    for file in model.files:
        with _opened(folder / file.path) as stream:
            _check_model(stream, folder / file.path, file, report)


@contextmanager
def held(file: ModelFile, folder: Path) -> Iterator[Path]:
    """A path to the very file whose header and hash were checked, while the block runs. Raises `ModelError`.

    On Linux it goes through the open file, so that nothing put in its place meanwhile is loaded.
    """
    path = folder / file.path
    with _opened(path) as stream:
        _check_model(stream, path, file)
        yield Path(f"/proc/self/fd/{stream.fileno()}") if sys.platform == "linux" else path


def check_file(path: Path, file: ModelFile, report: Report | None = None) -> None:
    """Check size and hash of the file at `path`, which may have another name. Raises `ModelError`."""
    with _opened(path) as stream:
        _check_stream(stream, path, file, report)


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as exc:
        raise ModelError(f"读不了 / {path} cannot be read: {why(exc)}", "运行 / run `reviewer models fetch`") from exc


def _check_model(stream: BufferedReader, path: Path, file: ModelFile, report: Report | None = None) -> None:
    """A GGUF file's header first, because a listed hash says only that somebody listed it."""
    if file.path.endswith(".gguf"):
        gguf.check(stream, file.path)
    _check_stream(stream, path, file, report)


def _check_stream(stream: BufferedReader, path: Path, file: ModelFile, report: Report | None) -> None:
    mend = f"删除后重新下载 / delete {path} and run `reviewer models fetch`"
    size = stream.seek(0, 2)
    if size != file.size:
        raise ModelError(f"模型文件大小不对 / {file.path} has {size} bytes, not {file.size}", mend)
    stream.seek(0)
    digest = hashlib.sha256()
    block = memoryview(bytearray(BLOCK))
    while count := stream.readinto(block):
        digest.update(block[:count])
        if report:
            report(count)
    if digest.hexdigest() != file.sha256:
        raise ModelError(
            f"模型文件与清单不符 / {file.path} is not the listed file: "
            f"SHA-256 {digest.hexdigest()}，应为 / expected {file.sha256}",
            mend,
        )
