"""The documents an index is made of: listed in a manifest, found in a folder, or named; read one at a time."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from reviewer import __version__
from reviewer.detectors.mark_level import marked_level
from reviewer.draft import Channel, Lang, Value
from reviewer.errors import RIGHTS, ReadError, why
from reviewer.index import Document
from reviewer.index.values import LEVELS, Day
from reviewer.normalise import fold
from reviewer.readers import SUFFIXES, read_file

LEVEL = re.compile("|".join(LEVELS[1:]))
"""Every level but 公开: 公开 near the top of a document may say anything."""
_TOP = 200
"""Characters at the top of a document in which its mark stands."""


class Holding(Value):
    """A document to be indexed and the file it is in; an empty level is read from the mark near its top."""

    doc: str
    file: Path
    level: str = ""
    title: str = ""
    number: str = ""
    expires: Day = ""

    def source(self, key: bytes) -> bytes:
        """A keyed hash of the file and of what is said of it: the same again means that nothing need be read.

        Raises `ReadError`.
        """
        digest = hashlib.blake2b(digest_size=16, key=key, person=b"source")
        digest.update(f"{__version__}\0{self.model_dump_json(exclude={'file'})}\0{self.file.suffix}\0".encode())
        try:
            with self.file.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        except OSError as exc:
            raise ReadError(f"{self.doc}: {why(exc)}", RIGHTS) from exc
        return digest.digest()

    def read(self) -> tuple[Document, tuple[str, ...]]:
        """The document, and why which parts of its file were not read. Raises `ReadError` when none was."""
        draft = read_file(self.file, Channel.EMAIL, Lang.ZH)
        missed = tuple(part.reason for part in draft.unread)
        if missed and not draft.text.strip():
            raise ReadError(f"{self.doc}: {missed[0]}", "另存为文本 / save it as text")
        values = self.model_dump(exclude={"file", "level"})
        return Document(**values, level=self.level or _level(draft.text), text=draft.text), missed


def from_manifest(directory: Path, manifest: Path) -> list[Holding]:
    """One a line: {"doc", "level", "file", "title"?, "number"?, "expires"?}. Raises `ReadError` naming the line."""
    try:
        lines = manifest.read_text("utf-8").splitlines()
    except UnicodeDecodeError as exc:
        message = f"{manifest.name}: 不是 UTF-8 文本 / not UTF-8 text"
        raise ReadError(message, "另存为 UTF-8 / save it as UTF-8") from exc
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            places = [base / row["file"] for base in (directory, manifest.parent)]
            optional = {name: row.get(name) or "" for name in ("title", "number", "expires")}
            file = next((p for p in places if p.is_file()), places[0])
            found.append(Holding(doc=str(row["doc"]), level=row["level"], file=file, **optional))
        except (json.JSONDecodeError, KeyError, TypeError, ValueError, RecursionError) as exc:
            message = f"{manifest.name}:{number}: 不是清单行 / not a manifest line"
            raise ReadError(message, '每行 / each line is {"doc", "level", "file"}; "expires" YYYY-MM-DD') from exc
    return found


def from_directory(directory: Path) -> list[Holding]:
    """Every file below `directory` of a format that is read; its id is its path without the suffix, or with it where
    two would share one. Raises `ReadError` when there is none.
    """
    files = [f for f in sorted(directory.rglob("*")) if f.is_file() and f.suffix.lower() in SUFFIXES]
    if not files:
        raise ReadError(
            f"{directory} 里没有可读的文件 / no documents in {directory}",
            "给出文件所在的文件夹 / give a folder of documents",
        )
    names = [str(f.relative_to(directory).with_suffix("")) for f in files]
    shared = Counter(names)
    return [
        Holding(doc=name if shared[name] == 1 else str(file.relative_to(directory)), file=file)
        for name, file in zip(names, files, strict=True)
    ]


def from_files(files: Iterable[Path], given: Holding) -> list[Holding]:
    """The files named, each with the level, title, number and period of `given`."""
    return [given.model_copy(update={"doc": file.stem, "file": file}) for file in files]


def twice(holdings: Sequence[Holding]) -> str:
    """An id that two of them share; empty where none does."""
    seen: set[str] = set()
    for holding in holdings:
        if holding.doc in seen:
            return holding.doc
        seen.add(holding.doc)
    return ""


def _level(text: str) -> str:
    """The level of the mark near the top of a document, else the first that is named there, else 秘密."""
    head = fold(text[:_TOP]).text
    found = LEVEL.search(head)
    return marked_level(head) or (found.group() if found else "秘密")
