"""Text that is written as codes: references of markup, percent signs, backslash escapes, base64."""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator

from reviewer.normalise.characters import is_han

_REFERENCES = re.compile(r"(?:&#(?:[0-9]{2,7}|[xX][0-9A-Fa-f]{2,6});?){2,400}")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){3}(?:%[0-9A-Fa-f]{2}|[0-9A-Za-z._~-]){0,400}")
_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}){2,400}")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{8,1000}={0,2}(?![A-Za-z0-9+/=])")
_LONG_NUMBER = re.compile(r"[0-9]{10,18}[0-9Xx]")


def decoded(text: str) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, what it says) of every run of codes that stands for Chinese or for characters."""
    if "&#" in text:
        for m in _REFERENCES.finditer(text):
            yield m.start(), m.end(), "encoded", _sound(html.unescape(m.group()))
    if "\\" in text:
        for m in _ESCAPES.finditer(text):
            yield m.start(), m.end(), "encoded", _sound(_escaped(m.group()))
    if "%" in text:
        yield from _told(_PERCENT, text, _unquoted)
    yield from _told(_BASE64, text, _base64)


def _told(pattern: "re.Pattern[str]", text: str, decode: Callable[[str], bytes]) -> Iterator[tuple[int, int, str, str]]:
    """Runs that are UTF-8 and hold Chinese, or are a number as long as those of people and cards."""
    for m in pattern.finditer(text):
        try:
            said = decode(m.group()).decode("utf-8")
        except (UnicodeDecodeError, binascii.Error):
            continue
        if any(map(is_han, said)) or _LONG_NUMBER.fullmatch(said):
            yield m.start(), m.end(), "encoded", said


def _unquoted(run: str) -> bytes:
    """The bytes behind a run of percent codes and plain characters."""
    return b"".join(bytes.fromhex(p[1:]) if p[0] == "%" else p.encode() for p in re.findall(r"%..|[^%]+", run))


def _base64(run: str) -> bytes:
    """The bytes behind a run whose length a coder would give it, padding left out or not. Raises `binascii.Error`."""
    bare = run.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def _escaped(run: str) -> str:
    return "".join(chr(int(code, 16)) for code in re.split(r"\\[uU]", run)[1:] if int(code, 16) < 0x110000)


def _sound(said: str) -> str:
    """Without halves of characters, and never empty."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in said) or "\ufffd"
