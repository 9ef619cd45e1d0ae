"""From bytes to drafts: one file per format, one line in `READERS`; what cannot be read is an error."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from reviewer.draft import Channel, Draft
from reviewer.errors import ReadError
from reviewer.readers import text

MAX_BYTES = 16 * 1024 * 1024
"""The largest input that is read at all."""


class Reader(Protocol):
    """Reads one format."""

    def read(self, data: bytes, name: str) -> str:
        """The text of `data`; `name` is only for messages. Raises `ReadError`."""


READERS: Mapping[str, Reader] = {"": text, ".txt": text, ".md": text, ".log": text, ".csv": text}
"""Readers by file suffix; text is also tried for suffixes nobody knows."""


def read_bytes(data: bytes, name: str, channel: Channel) -> Draft:
    """A draft from bytes. Raises `ReadError` when they are too many or are not text in a known encoding."""
    if len(data) > MAX_BYTES:
        raise ReadError(f"{name}: larger than {MAX_BYTES // 2**20} MiB", "split it")
    reader = READERS.get(Path(name).suffix.lower(), text)
    return Draft(text=reader.read(data, name), channel=channel, id=name)


def read_file(path: Path, channel: Channel) -> Draft:
    """A draft from a file. Raises `ReadError`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise ReadError(f"{path}: {exc.strerror or exc}", "check the file's name and your rights") from exc
    return read_bytes(data, path.name, channel)


def from_text(raw: str, channel: Channel, name: str = "") -> Draft:
    """A draft from a string; lone surrogates become U+FFFD one for one, so that spans keep their places."""
    clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in raw) if _has_surrogate(raw) else raw
    return Draft(text=clean, channel=channel, id=name)


def _has_surrogate(raw: str) -> bool:
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
