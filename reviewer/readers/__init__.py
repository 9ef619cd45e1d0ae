"""From bytes to drafts: plain text is decoded here, every other format is parsed in a limited child process.

What cannot be read is named in `Draft.unread`, so that such a draft never passes.
"""

from pathlib import Path

from reviewer.draft import Channel, Draft, Lang, Unread
from reviewer.errors import RIGHTS, ReadError
from reviewer.readers import formats, spawn, text
from reviewer.readers.reasons import Reason, say

SUFFIXES = frozenset(suffix for known in formats.FORMATS if known.module for suffix in known.suffixes)
"""Suffixes of the formats that are read."""

MAX_BYTES = 64 * 1024 * 1024
"""The largest input that is read at all."""


def read_bytes(data: bytes, name: str, channel: Channel, lang: Lang = Lang.ZH) -> Draft:
    """A draft from bytes. Raises `ReadError` when they are too many, or neither text nor a known format."""
    name = spawn.clean(name)
    if len(data) > MAX_BYTES:
        raise ReadError(f"{name}: 大于 / larger than {MAX_BYTES // 2**20} MiB", "拆开再查 / split it")
    if formats.plain(data, name):
        return Draft(text=text.read(data, name), channel=channel, id=name)
    return spawn.parse(data, name, channel, lang)


def read_file(path: Path, channel: Channel, lang: Lang = Lang.ZH) -> Draft:
    """A draft from a file; a file of no known format is a draft with nothing read. Raises `ReadError`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise ReadError(f"{path}: {exc.strerror or exc}", RIGHTS) from exc
    try:
        if formats.plain(data, path.name) and text.binary(data):
            raise ReadError(f"{path.name}: 二进制数据，不是文字 / binary data, not text")
        return read_bytes(data, path.name, channel, lang)
    except ReadError:
        reason = Reason.TOO_MUCH if len(data) > MAX_BYTES else Reason.UNKNOWN
        name = spawn.clean(path.name)
        return Draft(text="", channel=channel, id=name, unread=(Unread(what=name, reason=say(reason, "", lang)),))


def read_whole(path: Path) -> str:
    """The text of a file all of which can be read. Raises `ReadError` naming what cannot."""
    return whole(read_file(path, Channel.EMAIL, Lang.EN))


def whole(draft: Draft) -> str:
    """The text of a draft all of which was read. Raises `ReadError` naming what was not."""
    if draft.unread:
        raise ReadError(f"{draft.unread[0].what}: {draft.unread[0].reason}", "另存为文本 / save it as text")
    return draft.text


def from_text(raw: str, channel: Channel, name: str = "") -> Draft:
    """A draft from a string; lone surrogates become U+FFFD one for one, so that spans keep their places."""
    return Draft(text=spawn.clean(raw), channel=channel, id=spawn.clean(name))
