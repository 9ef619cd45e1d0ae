"""What the terminal can show: characters its encoding lacks are written as JSON writes them, a screen needs more."""

import codecs
import os
import sys
from typing import TextIO

from reviewer.errors import SettingsError

ESCAPED = "reviewer-escaped"
"""Name of the error handler: `\\uXXXX`, in pairs beyond the basic plane, so that JSON stays JSON."""
DUMB = ("dumb", "unknown")


def _escape(exc: UnicodeError) -> tuple[str, int]:
    if not isinstance(exc, UnicodeEncodeError):
        raise exc
    data = exc.object[exc.start : exc.end].encode("utf-16-be", "surrogatepass")
    units = (data[i : i + 2].hex() for i in range(0, len(data), 2))
    return "".join(f"\\u{unit}" for unit in units), exc.end


def unbreakable() -> None:
    """Let nothing that standard output and error cannot encode end the program."""
    codecs.register_error(ESCAPED, _escape)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and not _utf8(stream):
            reconfigure(errors=ESCAPED)


def need_screen() -> None:
    """Raises `SettingsError` where there is no terminal, or one that cannot paint or has another encoding."""
    hint = "请用 reviewer check / use `reviewer check`"
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, _painted())):
        raise SettingsError("界面要在终端里打开 / the screen needs a terminal", hint)
    term = os.environ.get("TERM")
    if term in DUMB:
        raise SettingsError(
            f"这个终端画不出界面（TERM={term}） / this terminal cannot paint a screen (TERM={term})", hint
        )
    if not _utf8(_painted()):
        raise SettingsError(
            "这个终端的字符编码不是 UTF-8，画不出界面 / a screen needs UTF-8, this terminal has another encoding",
            f"LC_ALL=C.UTF-8 reviewer，或者 / or: {hint}",
        )


def _painted() -> TextIO | None:
    """What Textual's driver writes to."""
    return sys.__stdout__ if sys.platform == "win32" else sys.__stderr__


def _utf8(stream: object) -> bool:
    name = getattr(stream, "encoding", None)
    return name is None or codecs.lookup(name).name == "utf-8"
