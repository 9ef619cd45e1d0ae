"""A model's file on its way in: written as `<name>.<source>.part`, checked, and only then given its name."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from reviewer.errors import ModelError, why
from reviewer.models import Model, ModelFile, Report, check_file

BLOCK = 1 << 20

Convert = Callable[[Path, Path], None]
"""Makes a model in the second folder from the downloaded files in the first."""


def import_from(model: Model, source: Path, folder: Path, report: Report) -> Path:
    """Copy a model's files from a local directory. Raises `ModelError` when one is missing, differs or stays behind."""
    for file in model.files:
        try:
            _import(file, source, folder, report)
        except OSError as exc:
            raise ModelError(
                f"{file.path} 复制失败 / could not be copied: {why(exc)}",
                f"介质还在吗，{folder} 可写、有空间吗 / is the medium there, that folder writable, with room?",
            ) from exc
    return folder / model.place


def _import(file: ModelFile, source: Path, folder: Path, report: Report) -> None:
    found = lies_in(source, file)
    if found is None:
        raise ModelError(
            f"{file.path} 不在目录里 / is not in {source}",
            "给放模型文件的目录 / give the folder that holds the model files",
        )
    part = part_of(folder, file, "import")
    try:
        with found.open("rb") as stream, part.open("wb") as out:
            copy(stream, out, report)
        settle(part, file, folder)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def make(model: Model, folder: Path, convert: Convert | None) -> None:
    """Make the file that no source holds from checked downloads that lie in `folder`, which then go.

    Raises `ModelError` where nothing converts or the result differs, `OSError`.
    """
    if convert is None:
        raise ModelError(f"{model.name} 要先转换 / needs a conversion", "运行 / run `reviewer models prepare`")
    raw = folder / model.converts[0].path
    with tempfile.TemporaryDirectory(dir=raw.parent) as made:
        convert(raw.parent, Path(made))
        part = part_of(folder, model.files[0], "made")
        os.replace(Path(made) / Path(model.files[0].path).name, part)
    settle(part, model.files[0], folder)
    for file in model.converts:
        (folder / file.path).unlink()


def lies_in(source: Path, file: ModelFile) -> Path | None:
    """Where a folder holds the file: under its listed path or just under its name."""
    candidates = (source / file.path, source / Path(file.path).name)
    return next((c for c in candidates if c.is_file()), None)


def part_of(folder: Path, file: ModelFile, kind: str) -> Path:
    """Where a file lies until it is whole and checked; its folder is made. Raises `OSError`."""
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f"{target.name}.{kind}.part")


def settle(part: Path, file: ModelFile, folder: Path) -> None:
    """Check a whole part and give it its name. Raises `OSError`, and `ModelError`: the wrong bytes are then gone."""
    target = folder / file.path
    try:
        check_file(part, file)
    except ModelError as exc:
        _drop(target)
        raise ModelError(
            exc.message,
            "来源损坏或被改过，重试或换来源 / its source is broken or altered; try again, or use another source",
        ) from exc
    os.replace(part, target)
    _drop(target)


def _drop(target: Path) -> None:
    for left in target.parent.glob(f"{target.name}.*.part*"):
        left.unlink()


def copy(stream: IO[bytes], out: IO[bytes], report: Report) -> None:
    """All that is left in `stream`, telling `report` of every block's bytes. Raises `OSError`."""
    while block := stream.read(BLOCK):
        out.write(block)
        report(len(block))
