"""What is fuzzed: everything that reads bytes from outside. A target raises only where the program is wrong."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reviewer import gguf
from reviewer.cli.drafts import read_batch
from reviewer.draft import Channel, Folded
from reviewer.errors import ListError, ModelError, PackError, ReadError
from reviewer.lists import ListFile
from reviewer.located import load_toml
from reviewer.normalise import fold, unmask
from reviewer.readers import formats, ocr
from reviewer.readers.gather import Gather
from reviewer.readers.reasons import Reason
from reviewer.readers.text import read as decode
from reviewer.regulations import load_pack
from tests.fuzz import seeds, station
from tests.fuzz.scratch import file as _file
from tests.fuzz.unfinished import Unfinished
from tests.samples.make import GOOD

FOUND = Path(__file__).parent / "found"
"""Inputs that once broke a target, by target; they are tried at every change."""
UNREADABLE = "\ufffd"
"""What a decoder may put for bytes that it cannot decode."""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


@dataclass(frozen=True)
class Target:
    """A function that takes any bytes, and the inputs that a fuzzer starts from."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


def read_gguf(data: bytes) -> None:
    """Any bytes are a sound header or a `ModelError`."""
    try:
        found = gguf.check(io.BytesIO(data), "x")
    except ModelError:
        return
    assert 0 < found.size <= len(data)


def read_text(data: bytes) -> None:
    """Any bytes are a `ReadError`, or text of which no byte is made up untold, and which saved again reads the same."""
    try:
        draft, flaw = decode(data, "x.txt")
    except ReadError as exc:
        _names("x.txt", exc)
        return
    assert flaw or UNREADABLE not in draft or any(UNREADABLE.encode(encoding) in data for encoding in ENCODINGS)
    assert all(decode(draft.encode(encoding), "x.txt") == (draft, None) for encoding in ("utf-8-sig", "utf-16"))


def fold_text(data: bytes) -> None:
    """Every string folds, and every folded character comes from the draft."""
    draft = data.decode("utf-8", "surrogatepass") if _decodes(data) else data.decode("utf-16-le", "replace")
    draft = draft.encode("utf-8", "replace").decode("utf-8")
    folded = fold(draft)
    _sound(folded, draft)
    second = unmask(folded)
    if second is not None:
        _sound(second.folded, draft)


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _sound(folded: Folded, draft: str) -> None:
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= s < e <= len(draft) for s, e in zip(folded.starts, folded.ends, strict=True))
    assert all(0 <= s < e <= len(draft) for s, e in (d.span for d in folded.disguises))


def read_pack(data: bytes) -> None:
    """Any file is a pack or a `PackError`."""
    _file("pack.toml").write_bytes(data)
    try:
        load_pack(_file("pack.toml"))
    except PackError as exc:
        _names("pack.toml", exc)


def _names(file: str, error: Exception) -> None:
    assert str(error).startswith(file), error


def read_list(data: bytes) -> None:
    """Any file is a station's list or a `ListError`."""
    _file("list.toml").write_bytes(data)
    try:
        load_toml(_file("list.toml"), ListFile, ListError)
    except ListError as exc:
        _names("list.toml", exc)


def read_lines(data: bytes) -> None:
    """A batch gives a draft or an error for every line that is not blank."""
    _file("in.jsonl").write_bytes(data)
    drafts = list(read_batch(_file("in.jsonl"), Channel.EMAIL))
    assert len(drafts) == sum(bool(line.strip()) for line in data.split(b"\n"))
    for draft in drafts:
        assert isinstance(draft, ReadError) or draft.text.encode("utf-8") is not None


def read_content(data: bytes, name: str) -> None:
    """A file gives entries that the parent understands, and nothing else happens."""
    entries: list[list[Any]] = []
    Gather(entries.append).content(data, name)
    for entry in json.loads(json.dumps(entries)):
        assert entry[0] in ("text", "missed")
        assert entry[0] == "text" or Reason(entry[2])


@cache
def _members(kind: str) -> tuple[tuple[str, bytes], ...]:
    with zipfile.ZipFile(io.BytesIO(GOOD[kind]())) as package:
        return tuple((name, package.read(name)) for name in package.namelist())


def read_part(kind: str, data: bytes) -> None:
    """A file that is a ZIP file, one of whose parts (the first byte says which) is `data`."""
    names = [name for name, _ in _members(kind)]
    name = names[data[0] % len(names)] if data else ""
    read_content(_before(kind, name).file(data[1:]), f"x.{kind}")


@cache
def _before(kind: str, name: str) -> Unfinished:
    return Unfinished(_members(kind), name)


def _parts(kind: str) -> list[bytes]:
    return [bytes([number]) + content for number, (_, content) in enumerate(_members(kind))]


def _whole(kind: str) -> Target:
    return Target(lambda data: read_content(data, f"x.{kind}"), lambda: seeds.good(kind))


def _part_of(kind: str) -> Target:
    return Target(lambda data: read_part(kind, data), lambda: _parts(kind))


TARGETS: Mapping[str, Target] = {
    "gguf": Target(read_gguf, seeds.ggufs),
    "text": Target(read_text, seeds.encoded),
    "fold": Target(fold_text, seeds.texts),
    "packs": Target(read_pack, seeds.packs),
    "lists": Target(read_list, seeds.lists),
    "batch": Target(read_lines, seeds.lines),
    "manifest": Target(station.read_manifest, station.manifests),
    "signature": Target(station.read_signature, station.signatures),
    "log": Target(station.read_log, station.logs),
    "sniff": Target(lambda data: formats.sniff(data, "x") and None, lambda: [make() for make in GOOD.values()]),
    "html": _whole("html"),
    "eml": Target(lambda data: read_content(data, "x.eml"), seeds.mails),
    "mailbox": Target(lambda data: read_content(data, "x.mbox"), lambda: seeds.good("mailbox")),
    "calendar": Target(lambda data: read_content(data, "x.ics"), seeds.calendars),
    "docx": _part_of("docx"),
    "xlsx": _part_of("xlsx"),
    "pptx": _part_of("pptx"),
    "ofd": _part_of("ofd"),
    "zip": _whole("zip"),
    "pdf": _whole("pdf"),
    "bmp": _whole("bmp"),
    "png": Target(lambda data: read_content(data, "x.png"), lambda: [GOOD["png"]()]),
    "jpg": _whole("jpg"),
    "gif": Target(lambda data: read_content(data, "x.gif"), lambda: seeds.frames("gif")),
    "tiff": Target(lambda data: read_content(data, "x.tiff"), seeds.tiffs),
    "webp": Target(lambda data: read_content(data, "x.webp"), lambda: seeds.frames("webp")),
}


def without_recognition() -> None:
    """Pictures are decoded but not recognised: the recogniser is not what is fuzzed, and slow."""
    ocr.installed = lambda: False  # type: ignore[assignment]
