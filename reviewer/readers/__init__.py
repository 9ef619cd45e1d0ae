"""From bytes to drafts: plain text is decoded here, every other format is parsed in a limited child process.

What cannot be read is named in `Draft.unread`, so that such a draft never passes.
"""

import os
import stat
from pathlib import Path

from reviewer.draft import Channel, Draft, Lang, Step, StepKind, Unread, describe
from reviewer.errors import RIGHTS, ReadError, why
from reviewer.readers import coded, formats, spawn, text
from reviewer.readers.gather import MAX_TEXT
from reviewer.readers.reasons import Reason, say

SUFFIXES = frozenset(suffix for known in formats.FORMATS if known.module for suffix in known.suffixes)
"""Suffixes of the formats that are read."""

OPENED = (Path("/dev/fd"), Path("/proc/self/fd"))
"""Where a process finds what it has open."""

MAX_BYTES = 64 * 1024 * 1024
"""The largest input that is read at all."""


def read_bytes(data: bytes, name: str, channel: Channel, lang: Lang = Lang.ZH) -> Draft:
    """A draft from bytes. Raises `ReadError` when they are too many, or neither text nor a known format."""
    name = spawn.clean(name)
    if len(data) > MAX_BYTES:
        raise ReadError(f"{name}: 大于 / larger than {MAX_BYTES // 2**20} MiB", "拆开再查 / split it")
    if formats.plain(data, name):
        words, flaw = text.read(data, name)
        reasons = [(flaw, "")] if flaw else []
        reasons += [(Reason.TOO_MUCH, "")] if len(words) > MAX_TEXT else []
        words = words[:MAX_TEXT]
        reasons += coded.found(words)
        unread = tuple(_missed(name, reason, lang, detail) for reason, detail in reasons)
        return Draft(text=words, channel=channel, id=name, unread=unread)
    return spawn.parse(data, name, channel, lang)


def read_file(path: Path, channel: Channel, lang: Lang = Lang.ZH) -> Draft:
    """A draft from a file; a file of no known format is a draft with nothing read. Raises `ReadError`."""
    data = _content(path)
    try:
        if formats.plain(data, path.name) and text.binary(data):
            raise ReadError(f"{path.name}: 二进制数据，不是文字 / binary data, not text")
        return read_bytes(data, path.name, channel, lang)
    except ReadError:
        reason = Reason.TOO_MUCH if len(data) > MAX_BYTES else Reason.UNKNOWN
        name = spawn.clean(path.name)
        return Draft(text="", channel=channel, id=name, unread=(_missed(name, reason, lang),))


def _content(path: Path) -> bytes:
    """The bytes of a file, up to one more than are read. Raises `ReadError`, also for a pipe or a device.

    What the shell has opened for this process, `<(...)` among it, is read whatever it is.
    """
    opened = path == Path("/dev/stdin") or path.parent in OPENED
    try:
        with open(path, "rb", opener=None if opened else _at_once) as file:
            if not opened and not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ReadError(f"{path}: 不是普通文件 / not a regular file", "管道用 - / for a pipe give -")
            return file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise ReadError(f"{path}: {why(exc)}", RIGHTS) from exc


def _at_once(name: str, flags: int) -> int:
    """Open without waiting for whoever should write into a pipe."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _missed(name: str, reason: Reason, lang: Lang, detail: str = "") -> Unread:
    return Unread(what=name, reason=say(reason, detail, lang))


def read_whole(path: Path) -> str:
    """The text of a file all of which can be read. Raises `ReadError` naming what cannot."""
    return whole(read_file(path, Channel.EMAIL, Lang.EN))


def whole(draft: Draft) -> str:
    """The text of a draft all of which was read. Raises `ReadError` naming what was not."""
    if draft.unread:
        raise ReadError(f"{draft.unread[0].what}: {draft.unread[0].reason}", "另存为文本 / save it as text")
    return draft.text


def from_text(raw: str, channel: Channel, name: str = "", lang: Lang = Lang.ZH) -> Draft:
    """A draft from a string; what is coded in it is named, as in a file.

    Lone surrogates become U+FFFD one for one, so that spans keep their places.
    """
    words, name = spawn.clean(raw), spawn.clean(name)
    what = name or describe((Step(kind=StepKind.BODY),), lang)
    unread = tuple(_missed(what, reason, lang, detail) for reason, detail in coded.found(words))
    return Draft(text=words, channel=channel, id=name, unread=unread)
